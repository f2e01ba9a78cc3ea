"""How the message checks do on made-up newsletters: false alarms, what they find of injected defects, and the worst inputs.

Run `python benchmarks/message.py`; the newsletters are the same at every run.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.campaign.message import MessagePlan
from mailaudit.checks.finding import Severity
from mailaudit.checks.registry import all_checks
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.observe import observe_message
from mailaudit.runner import judge

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LANGUAGES = {
    "en": (
        "Dear",
        "Hello",
        "Unsubscribe",
        "The first frost is here, and the greenhouse needs a look: close the vents at dusk.",
    ),
    "fr": (
        "Chère",
        "Bonjour",
        "Se désinscrire",
        "Les premières gelées sont là : fermez la serre le soir, l'été est loin.",
    ),
    "de": (
        "Liebe",
        "Hallo",
        "Vom Newsletter abmelden",
        "Der erste Frost ist da: schließen Sie abends die Lüftung, 20 % Rabatt.",
    ),
    "es": (
        "Estimada",
        "Hola",
        "Darse de baja",
        "Ya llegó la primera helada: cierre el invernadero al anochecer, ¡mañana más!",
    ),
    "it": (
        "Cara",
        "Ciao",
        "Annulla l'iscrizione",
        "È arrivata la prima gelata: chiudete la serra la sera, è già tardi.",
    ),
    "nl": (
        "Beste",
        "Hallo",
        "Uitschrijven",
        "De eerste vorst is er: sluit 's avonds de kas, vóór het donker wordt.",
    ),
    "pt": (
        "Cara",
        "Olá",
        "Cancelar a subscrição",
        "Chegou a primeira geada: feche a estufa à noite, amanhã há mais.",
    ),
    "pl": (
        "Droga",
        "Cześć",
        "Wypisz się",
        "Nadszedł pierwszy przymrozek: wieczorem zamknij szklarnię, jutro więcej.",
    ),
}
EXTRAS = (
    "-20% on everything, 50% on the rest; 10 % to 20 % less.",
    "Read https://fr.wikipedia.org/wiki/%C3%89t%C3%A9 and /%C3%89COLE%20DE%20DANSE.",
    "« Le printemps », a book [new] about {soil}, for 5 € (100% cotton).",
    "Sizes up to XXXL, room C:2, ratio 3:1, e.g. i.e. #garden @acme.",
    "Code: if (a < b) { return c[0]; } and a_b__c.",
)


class Newsletter(Struct, frozen=True):
    """The pieces of one made-up newsletter."""

    subject: str
    greeting: str
    body: str
    footer: str
    unsubscribe: str

    def raw(self) -> bytes:
        """Return the message as it is delivered."""
        html = (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><style>@media screen{{.a{{color:red}}}}</style>'
            f"</head><body><p>{self.greeting}</p>\r\n{self.body}\r\n<p>{self.footer} "
            f'<a href="https://acme.example/u/7f3a">{self.unsubscribe}</a></p></body></html>'
        )
        text = f"{self.greeting}\n\n{self.footer}\n{self.unsubscribe}: https://acme.example/u/7f3a\n"
        subject = self.subject if self.subject.isascii() else Header(self.subject, "utf-8").encode()
        return (
            "Received: from a.acme.example by mx.example; Mon, 30 Nov 2026 09:00:02 +0000\r\n"
            f"From: ACME <news@acme.example>\r\nTo: ann@reader.example\r\nSubject: {subject}\r\n"
            "Date: Mon, 30 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@acme.example>\r\nMIME-Version: 1.0\r\n"
            "List-Unsubscribe: <https://acme.example/u/7f3a>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            'Content-Type: multipart/alternative; boundary="cut"\r\n\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n'
            f"Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n--cut\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: 8bit\r\n\r\n{html}\r\n--cut--\r\n"
        ).encode()


def newsletters(count: int) -> Iterator[Newsletter]:
    """Yield made-up newsletters in eight languages, with what is often taken for a defect."""
    chance = random.Random(7)
    for _ in range(count):
        formal, casual, leave, prose = LANGUAGES[chance.choice(list(LANGUAGES))]
        greeting = chance.choice((f"{formal} Ann,", f"{casual} !", f"{casual},", f"{casual} Ann"))
        blocks = [f"<p>{prose}</p>", f"<p>{chance.choice(EXTRAS)}</p>"]
        blocks += [
            f'<table><tr><td><a href="https://shop.acme.example/p/{number}">'
            f'<img src="https://acme.example/{number}.jpg" alt="x"></a><br>{prose}</td></tr></table>'
            for number in range(chance.randint(1, 5))
        ]
        yield Newsletter(prose.split(":")[0], greeting, "\r\n".join(blocks), "ACME, 12 Mill Lane, Lyon", leave)


DEFECTS: dict[str, tuple[str, Callable[[Newsletter], Newsletter]]] = {
    "greeting": ("greeting-empty", lambda one: replace(one, greeting=f"{one.greeting.split()[0].rstrip(',')} ,")),
    "none": ("greeting-empty", lambda one: replace(one, greeting=f"{one.greeting.split()[0].rstrip(',')} None,")),
    "field in a text": ("placeholder-unfilled", lambda one: replace(one, body=one.body + "<p>*|FNAME|*</p>")),
    "field in a link": (
        "placeholder-unfilled",
        lambda one: replace(one, body=one.body + '<a href="%7B%7Burl%7D%7D">x</a>'),
    ),
    "field in the subject": ("placeholder-unfilled", lambda one: replace(one, subject="{{ contact.name }}, come")),
    "filler": ("dummy-text", lambda one: replace(one, body=one.body + "<p>Lorem ipsum dolor</p>")),
    "test": ("subject-left-from-test", lambda one: replace(one, subject=f"[Test] {one.subject}")),
    "empty link": ("link-empty", lambda one: replace(one, body=one.body + '<a href="#">x</a>')),
    "test host": (
        "link-to-test-host",
        lambda one: replace(one, body=one.body + '<a href="http://localhost/">x</a>'),
    ),
    "relative link": ("link-relative", lambda one: replace(one, body=one.body + '<a href="/x">x</a>')),
    "own disk": ("image-unreachable", lambda one: replace(one, body=one.body + '<img src="file:///x.png">')),
    "no way out": ("unsubscribe-link-missing", lambda one: replace(one, unsubscribe="Shop")),
    "twice encoded": (
        "text-garbled",
        lambda one: replace(one, body=one.body + "<p>" + "été".encode().decode("cp1252") + "</p>"),
    ),
}


def errors(facts: Facts, folder: Path, raw: bytes) -> set[str]:
    """Return the message checks with findings that are more than notes."""
    (folder / "m.eml").write_bytes(raw)
    seen = replace(facts, message_or_none=observe_message(MessagePlan(eml=folder / "m.eml")))
    results = [judge(check, seen, seen.source) for check in all_checks().values() if check.family == "message"]
    return {
        result.check for result in results if any(one.severity is not Severity.NOTE for one in result.findings)
    }


HOSTILE: dict[str, Callable[[], bytes]] = {
    "plain html": lambda: b"<p>Some words about wine.</p>\n" * 34_000,
    "nested": lambda: b"<div>" * 200_000,
    "unclosed tags": lambda: b"<a " * 333_000,
    "attributes": lambda: b"<a " + b" ".join(b"x%d" % at for at in range(140_000)) + b">",
    "links": lambda: b'<a href="https://a.example/x">y</a>' * 28_000,
    "braces": lambda: b"{{ a " * 200_000,
    "fields": lambda: b"{{ a }}" * 140_000,
    "percents": lambda: b"%A" * 500_000,
    "comments": lambda: b"<!--" * 250_000,
    "one long line": lambda: b"x" * 1_000_000,
    "greetings": lambda: b"Dear <br>" * 110_000,
    "addresses": lambda: b"https://a.example/ " * 52_000,
}


def main() -> None:
    """Print three tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 250
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "campaign.yml").write_text("from: news@acme.example\nmessage: m.eml\n", encoding="utf-8")
        letters = list(newsletters(count))
        (folder / "m.eml").write_bytes(letters[0].raw())
        plan, source = load_campaign(folder / "campaign.yml")
        facts = audit(plan, source, Options(dns=DnsOptions(offline=True), now=NOW)).facts
        alarms = Counter(check for one in letters for check in errors(facts, folder, one.raw()))
        print(f"false alarms in {count} newsletters: {dict(alarms) or 'none'}")
        for defect, (check, inject) in DEFECTS.items():
            found = sum(check in errors(facts, folder, inject(one).raw()) for one in letters)
            print(f"{defect:22} {found / count:7.1%} found by {check}")
        for kind, body in HOSTILE.items():
            for content_type in ("html", "plain"):
                started = time.process_time()
                errors(
                    facts,
                    folder,
                    b"From: a@acme.example\nContent-Type: text/%s\n\n" % content_type.encode() + body(),
                )
                took = time.process_time() - started
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(f"1 MB of {kind:15} as {content_type:5} {took:6.2f} s, peak {peak} MiB")


if __name__ == "__main__":
    main()
