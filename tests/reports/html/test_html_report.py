from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from mailaudit.reports.document.dns import AnswerEntry, DnsSection
from mailaudit.reports.document.render import dumps, loads
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.html import render
from reports import sample_documents as sample

_VOID = {"meta", "link", "br", "rect", "line"}


class _Page(HTMLParser):
    """Collects the elements of a page, and checks that they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.selectable: list[str] = []
        self._open: list[str] = []
        self._in_record = False
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "pre" and dict(attrs).get("class") == "select":
            self.selectable.append("")
            self._in_record = True
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open.pop() == tag
        self._in_record = self._in_record and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._in_record:
            self.selectable[-1] += data

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


def _render(document: Document) -> str:
    return render(document, RenderOptions())


@pytest.mark.parametrize("make", [sample.troubled, sample.hostile, sample.document])
def test_the_page_is_well_formed_and_loads_nothing(make: Callable[[], Document]) -> None:
    page = _Page(_render(make()))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "iframe", "object", "embed", "img", "form", "base", "foreignobject"}
    assert not page.values("src")
    assert not page.values("style")
    assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on")]
    links = [(tag, attrs) for tag, attrs in page.tags if "href" in attrs]
    assert all(tag == "a" or attrs["href"] == "data:," for tag, attrs in links)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    wanted = {name for value in page.values("aria-labelledby") for name in value.split()}
    wanted |= {(attrs["href"] or "")[1:] for _, attrs in links if (attrs["href"] or "").startswith("#")}
    assert wanted <= set(ids)


def test_the_policy_allows_the_page_s_own_style_and_nothing_else() -> None:
    text = _render(sample.troubled())
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in _Page(text).tags


def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = _render(sample.hostile())
    page = _Page(text)
    assert "[bold]<script>alert(1)</script>gnp.exe" in "".join(page.texts)
    assert "<script" not in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    text.encode("utf-8")


def test_a_reference_links_only_to_web_pages() -> None:
    doc = "T.\n\n## References\n- [bad](javascript:alert(1))\n- [good](https://www.rfc-editor.org/rfc/rfc7208)\n"
    failed = sample.troubled().results[0].model_copy(update={"doc": doc})
    page = _Page(_render(sample.document((failed,))))
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("class") == "reference"]
    assert links == ["https://www.rfc-editor.org/rfc/rfc7208"]


def test_dns_records_can_be_selected_whole_and_forwarded() -> None:
    page = _Page(_render(sample.troubled()))
    record = 'shop.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 include:_spf.mail.example -all"'
    assert sample.LONG_RECORD in page.selectable
    assert record in page.selectable
    letter = next(text for text in page.selectable if text.startswith("Something has to be put right"))
    assert record in letter.splitlines()
    assert "2. Replace the TXT record that begins with v=spf1 by this one:" in letter.splitlines()
    assert "It touches 6,000 recipients (100 %)" in letter


def test_everything_of_the_report_is_on_the_page() -> None:
    text = " ".join(" ".join(_Page(_render(sample.troubled())).texts).split())
    for part in (
        "Not ready: 69 % of your recipients (Gmail and Orange) will refuse this mail.",
        "Gmail 40 % 2,410",
        "✗ not met refused with 535",
        "from 5,000 a day",
        "? not verified",
        "Also: authentication is asked. Not met: refused with 550 5.7.26.",
        "For the DNS administrator",
        "For the owner of the recipient list",
        "12 addresses belong to a role",
        "SPF stays within ten DNS look-ups.",
        "DNS timed out for 25.113.0.203.bl.example A",
        "they wrote to us",
        "2027-01-31",
        "The campaign names no message:",
        "duplicates: 100 (1.6 %)",
        "contact@shop.example: 600 of 400 allowed in 10 min",
        '"v=DMARC1; p=none"',
        "2026-11-30 10:00 UTC",
        "zone files only: acme.zone",
        "ab" * 32,
    ):
        assert part in text, part


def test_the_first_things_on_the_page_are_the_verdict_a_picture_and_the_tasks() -> None:
    page = _Page(_render(sample.troubled()))
    ids = page.values("id")
    assert ids.index("fate-t") < ids.index("tasks") < ids.index("later") < ids.index("providers-matrix")
    text = " ".join(" ".join(page.texts).replace("\N{NO-BREAK SPACE}", " ").split())
    assert "4,130 refused: Gmail 40 %, Orange 29 %" in text
    assert "1,720 fine, as far as it shows: Yahoo 29 %" in text
    assert "150 without published rules: all others 2.5 %" in text
    assert "For the DNS administrator · touches 4,130 recipients (69 %): Gmail and Orange" in text
    assert (
        page.selectable[0] == 'shop.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 include:_spf.mail.example -all"'
    )


def test_only_answers_about_the_sender_are_listed() -> None:
    told = sample.facts()
    of_sender = AnswerEntry(name="shop.example", type="MX", status="answer", records=("10 mx.host.example.",))
    led_to = AnswerEntry(name="mx.host.example", type="A", status="answer", records=("192.0.2.1",))
    of_recipient = AnswerEntry(name="gmail.com", type="MX", status="answer", records=("5 mx.google.example.",))
    answers = (*told.dns.answers, of_sender, led_to, of_recipient)
    facts = told.model_copy(update={"dns": DnsSection(queries=5, answers=answers)})
    text = " ".join(_Page(_render(sample.document(facts=facts))).texts)
    assert "DNS answers about the sender (4 of 5;" in text
    assert "mx.host.example" in text
    assert "mx.google.example" not in text


def test_every_picture_has_a_title_and_a_description() -> None:
    page = _Page(_render(sample.troubled()))
    pictures = [attrs for tag, attrs in page.tags if tag == "svg"]
    assert len(pictures) == 6
    assert all(attrs["role"] == "img" and attrs["aria-labelledby"] for attrs in pictures)
    assert len([tag for tag, _ in page.tags if tag == "desc"]) == 6


def test_a_saved_report_gives_the_same_page() -> None:
    for make in (sample.troubled, sample.hostile):
        assert _render(loads(dumps(make()))) == _render(make())
