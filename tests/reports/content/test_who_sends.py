from __future__ import annotations

from typing import Any

import pytest

from mailaudit.reports.content.headline import subline
from mailaudit.reports.content.who_sends import departure
from mailaudit.reports.document.types import Document, FactsSection
from mailaudit.reports.formats import RenderOptions, formats
from reports.sample_documents import document, shown

CLUES = [
    {
        "kind": "signature",
        "seen": "the key is delegated",
        "points_to": "platform",
        "name": "Brevo",
        "confidence": "high",
    },
    {
        "kind": "prepared",
        "seen": "SPF includes x.example",
        "points_to": "mailbox",
        "name": "X Mail",
        "confidence": "low",
    },
]


def about(via: str, reasons: tuple[str, ...] = (), **origin: Any) -> Document:
    facts = FactsSection(
        sender={
            "sends_via": via,
            "sends_via_reasons": list(reasons),
            "platform": "brevo",
            "origin": {
                "confidence": "high",
                "evidence": CLUES,
                "missing": ["`sending.ips`: the addresses"],
                **origin,
            },
        }
    )
    return document().model_copy(update={"facts": facts})


@pytest.mark.parametrize(
    ("via", "origin", "sentence"),
    [
        ("platform", {}, "The mail leaves through Brevo."),
        ("platform", {"transport": "amazon-ses"}, "The mail leaves through brevo, carried by amazon-ses."),
        ("platform", {"software": "Sendy"}, "The mail leaves through Brevo, written by Sendy."),
        (
            "own-server",
            {"software": "mautic"},
            "The mail leaves from a server of your own, written by mautic.",
        ),
        ("mailbox", {}, "The mail leaves from a mailbox at X Mail."),
        ("unknown", {}, "Nothing tells where the mail leaves from."),
        ("unknown", {"addresses": [{"ip": "192.0.2.7"}]}, "Nothing tells who sends from 192.0.2.7."),
        ("something new", {}, "Nothing tells where the mail leaves from."),
    ],
)
def test_the_sentence_says_who_sends(via: str, origin: dict[str, Any], sentence: str) -> None:
    found = departure(about(via, **origin))

    assert found is not None
    assert found.sentence == sentence


def test_a_known_place_has_reasons_and_an_unknown_one_says_what_is_missing() -> None:
    known, unknown = departure(about("platform", ("because",))), departure(about("unknown"))

    assert known is not None
    assert unknown is not None
    assert (known.reasons, known.missing, known.sureness) == (("because",), (), "sure")
    assert (unknown.missing, unknown.sureness) == (("`sending.ips`: the addresses",), None)


def test_what_the_campaign_alone_says_is_called_so() -> None:
    said = {"kind": "said", "seen": "the campaign says so", "points_to": "platform", "name": "Brevo"}
    alone, shown = (departure(about("platform", evidence=clues)) for clues in ([said], [said, CLUES[0]]))

    assert alone is not None
    assert shown is not None
    assert (alone.sureness, shown.sureness) == ("so you say; nothing shows it", "sure")


def test_a_report_that_somebody_bent_is_told_as_far_as_it_can_be() -> None:
    bent = about("platform").model_copy(
        update={
            "facts": FactsSection(
                sender={"sends_via": ["x"], "origin": {"evidence": [{"kind": []}]}}, recipients={"lookups": "x"}
            )
        }
    )

    assert departure(bent) is not None
    assert "recipient domain" not in (subline(bent) or "")


def test_an_older_report_says_nothing() -> None:
    assert departure(document()) is None
    assert "Who sends" not in shown(document(), width=80)


@pytest.mark.parametrize("strange", [{"evidence": "x"}, {"evidence": [1, None]}, {"missing": 5, "confidence": []}])
def test_a_strange_report_does_no_harm(strange: dict[str, Any]) -> None:
    assert departure(about("platform", **strange)) is not None


def test_the_terminal_shows_the_reasons_and_the_whole_trail_when_asked() -> None:
    page = shown(about("platform", ("because",)), width=80)
    verbose = shown(about("platform", ("because",)), width=80, verbosity=1)

    assert "The mail leaves through Brevo (sure): because" in page
    assert "because" in page
    assert "SPF includes x.example (X Mail)" not in page
    assert "SPF includes x.example (X Mail)" in verbose


def test_the_html_page_and_the_summary_say_it_too() -> None:
    told = about("platform", ("because <b>",))

    page, summary = (
        formats()["html"].render(told, RenderOptions()),
        formats()["markdown"].render(told, RenderOptions()),
    )

    assert "<strong>The mail leaves through Brevo (sure).</strong>" in page
    assert "because &lt;b&gt;" in page
    assert "**Sender**: The mail leaves through Brevo" in summary
    assert "<b>" not in summary.replace("<br>", "")
