from __future__ import annotations

import pytest

from mailaudit.knowledge import load
from mailaudit.knowledge.pages.delisting import delisting_guide, guide_meant, guide_names
from mailaudit.knowledge.pages.everything import guide_page, knowledge_page, overview


@pytest.mark.parametrize("name", guide_names())
def test_every_list_and_provider_has_a_guide_that_can_be_followed(name: str) -> None:
    guide = delisting_guide(name)

    assert guide is not None
    assert guide.id == name
    assert guide.first
    assert guide.steps
    assert guide.worse
    assert guide.text.startswith("Subject: ")
    assert guide_page(guide).count("\n") > 20


@pytest.mark.parametrize(
    ("name", "found"),
    [("zen.spamhaus.org", "spamhaus-zen"), ("Spamhaus ZEN", "spamhaus-zen"), ("dbl", "spamhaus-dbl"), ("BRBL", "barracuda"),
     ("Hotmail", "microsoft"), ("wanadoo", "orange"), ("web.de", "united-internet"), ("t-online", "tonline")],
)  # fmt: skip
def test_a_guide_is_found_by_name_alias_and_zone(name: str, found: str) -> None:
    guide = delisting_guide(name)

    assert guide is not None
    assert guide.id == found


def test_the_providers_of_the_complaint_channels_are_all_there() -> None:
    wanted = (
        "orange",
        "sfr",
        "free",
        "laposte",
        "gmail",
        "microsoft",
        "yahoo",
        "tonline",
        "united-internet",
        "icloud",
    )

    for name in wanted:
        guide = delisting_guide(name)
        assert guide is not None
        assert guide.channels


def test_the_letter_is_filled_with_what_is_known_and_asks_for_the_rest() -> None:
    guide = delisting_guide("barracuda", {"ip": "203.0.113.5", "domain": "acme.example"})

    assert guide is not None
    assert "Sending address: 203.0.113.5 ([reverse name of the address])" in guide.text
    assert "From domain: acme.example" in guide.text
    assert "[what you have changed since]" in guide.text


def test_a_dead_list_needs_nothing() -> None:
    guide = delisting_guide("dnsbl.sorbs.net")

    assert guide is not None
    assert "5 June 2024" in (guide.dead or "")
    assert "Do nothing" in guide_page(guide)


def test_a_typo_gets_a_suggestion() -> None:
    assert delisting_guide("spamhaus-zem") is None
    assert guide_meant("spamhaus-zem") == "spamhaus-zen"
    assert guide_meant("qqqqqqqq") is None


def test_a_paid_removal_is_never_advised() -> None:
    for found in load.blocklists():
        text = " ".join(found.delisting.steps).lower()
        assert "pay" not in text or "do not pay" in text


@pytest.mark.parametrize("name", ["brevo", "gmail", "orange", "microsoft-365", "sfr"])
def test_a_page_tells_the_source_of_every_fact(name: str) -> None:
    page = knowledge_page(name)

    assert page is not None
    facts = [line for line in page.splitlines() if line.startswith("- ") and "3600 IN" not in line]
    assert facts
    assert all(any(f"[{word};" in line for word in ("high", "medium", "low")) for line in facts)


@pytest.mark.parametrize("name", [*(p.id for p in load.platforms()), *(m.id for m in load.mailbox_services())])
def test_everything_has_a_page(name: str) -> None:
    page = knowledge_page(name)

    assert page is not None
    assert "None" not in page.replace("None/bad reputation", "")  # a word of T-Online


def test_a_platform_and_a_mailbox_of_one_name_are_both_shown() -> None:
    page = knowledge_page("orange") or ""

    assert "# Orange / Wanadoo mailbox" in page
    assert "# Orange and Wanadoo" in page


def test_nothing_has_no_page() -> None:
    assert knowledge_page("qqqq") is None


def test_the_overview_names_everything() -> None:
    page = overview()

    assert f"{len(load.platforms())} sending platforms" in page
    assert "brevo" in page
    assert "spamhaus-zen" in page
