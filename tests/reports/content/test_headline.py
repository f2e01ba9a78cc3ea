from __future__ import annotations

from typing import Any

import pytest

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.content import check_page, headline, ranking, words
from mailaudit.reports.content.outlook import outlook
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.providers import CellEntry, MatrixRow, MatrixSection
from mailaudit.reports.document.types import (
    Document,
    FactsSection,
    FindingEntry,
    GateEntry,
    SuppressedEntry,
    UnverifiedEntry,
)
from reports import sample_documents as sample


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.0148, "1.5 %"),
        (0.02, "2 %"),
        (0.125, "12 %"),
        (0.9999, "over 99 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(fraction: float, shown: str) -> None:
    assert words.share(fraction) == shown


def test_long_lists_end_in_a_number() -> None:
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a", "b", "c", "d"]) == "a, b and 2 more"


def test_each_verdict_has_its_sentence() -> None:
    failed = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(),))
    warned = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(severity=Severity.WARNING),))
    unverified = sample.result(outcome=Outcome.UNVERIFIED, unverified=(UnverifiedEntry(reason="DNS timed out"),))
    sentences = [
        headline.headline(sample.document(results))
        for results in ((failed,), (warned,), (unverified,), (sample.result(),))
    ]
    assert sentences == [
        "Not ready: 1 problem must be put right before this campaign is sent.",
        "Ready, with 1 warning: nothing found that stops this campaign.",
        "Not certain yet: 1 important check could not be verified.",
        "Ready: nothing found that stops this campaign.",
    ]


def test_the_verdict_tells_whose_rules_are_broken_and_no_more() -> None:
    def told_of(**changes: Any) -> str:
        cell = CellEntry(requirement="spf", state="unmet", text="SPF.", confidence="high", effect="refused")
        rows = (
            MatrixRow(provider="orange", name="Orange and Wanadoo", recipients=61, share=0.61,
                     cells=(cell.model_copy(update=changes),)),
            MatrixRow(provider="other", name="other", recipients=39, share=0.39),
        )  # fmt: skip
        told = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("spf",), rows=rows))
        failed = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(),))
        return headline.headline(sample.document((failed,), facts=told))

    plain = "Not ready: 1 problem must be put right before this campaign is sent."
    assert told_of() == "Not ready: 61 % of your recipients (Orange) will refuse this mail."
    assert told_of(effect="junked") == "Not ready: 61 % of your recipients (Orange) will junk this mail."
    assert (
        told_of(confidence="medium")
        == "Not ready: 61 % of your recipients (Orange) are likely to refuse this mail."
    )
    for less in ({"confidence": "low"}, {"effect": None}, {"effect": "deferred"}):
        assert told_of(**less) == plain, less
    assert told_of(state="unverified") == (
        "Not ready: 1 problem must be put right before this campaign is sent; and 61 % (Orange) take it only if it "
        "passes SPF, and nothing shows that."
    )


def test_a_suppressed_refusal_is_not_hushed_up() -> None:
    cell = CellEntry(requirement="spf", state="unmet", text="SPF.", confidence="high", effect="refused")
    row = MatrixRow(provider="orange", name="Orange", recipients=61, share=0.61, cells=(cell,))
    told = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("spf",), rows=(row,)))
    hidden = sample.finding(suppressed=SuppressedEntry(reason="we know"))
    report = sample.document((sample.result(outcome=Outcome.FAILED, findings=(hidden,)),), facts=told)
    assert headline.headline(report) == "Ready, with 1 finding set aside."
    assert (headline.subline(report) or "").startswith(
        "Accepted, and still so: 61 % of your recipients (Orange) will refuse this mail."
    )


def test_beside_accepted_errors_the_first_line_says_what_is_beyond_them() -> None:
    cell = CellEntry(requirement="spf", state="unmet", text="SPF.", confidence="high", effect="refused")
    row = MatrixRow(provider="orange", name="Orange", recipients=61, share=0.61, cells=(cell,))
    facts = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("spf",), rows=(row,)))
    taken = sample.finding(suppressed=SuppressedEntry(reason="accepted", source="baseline"))
    new = sample.finding(fingerprint="a" * 16, message="Nothing is signed.")

    def told_of(finding: FindingEntry) -> str:
        failed = sample.result(outcome=Outcome.FAILED, findings=(taken, finding))
        return headline.headline(sample.document((failed,), facts=facts))

    assert told_of(new) == "Not ready: 1 problem beyond what was accepted: Nothing is signed."
    assert told_of(new.model_copy(update={"outgrown": 64})) == "Not ready: 1 problem beyond what was accepted."
    theirs = ImpactEntry(recipients=61, share=0.61, providers=("orange",))
    # Orange refuses the mail anyway, for what was accepted.
    assert told_of(new.model_copy(update={"impact": theirs})).endswith("accepted: Nothing is signed.")


def test_who_refuses_for_what_is_new_stands_before_who_did_already() -> None:
    def row(name: str, requirement: str) -> MatrixRow:
        unmet = CellEntry(requirement=requirement, state="unmet", text="-", confidence="high", effect="refused")
        return MatrixRow(provider=name, name=name, recipients=50, share=0.5, cells=(unmet,))

    rows = (row("orange", "spf"), row("gmail", "dmarc"))
    facts = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("spf", "dmarc"), rows=rows))
    taken = sample.finding(suppressed=SuppressedEntry(reason="accepted", source="baseline"))
    report = sample.document(
        (
            sample.result(outcome=Outcome.FAILED, findings=(taken,)),
            sample.result(
                "dmarc-missing", outcome=Outcome.FAILED, findings=(sample.finding(fingerprint="a" * 16),)
            ),
        ),
        facts=facts,
    )
    assert headline.headline(report) == "Not ready: 50 % of your recipients (gmail) will refuse this mail."
    assert "Accepted, and still so: 50 % of your recipients (orange) will refuse" in (
        headline.subline(report) or ""
    )


def test_blocklists_by_which_all_receivers_go_are_in_the_numbers() -> None:
    unmet = CellEntry(requirement="spf", state="unmet", text="SPF.", confidence="high", effect="refused")
    rows = (
        MatrixRow(provider="orange", name="Orange", recipients=61, share=0.61, cells=(unmet,)),
        MatrixRow(provider="other", name="other", recipients=39, share=0.39),
    )
    whole = ImpactEntry(recipients=100, share=1.0)

    def told_of(*findings: FindingEntry, rows: tuple[MatrixRow, ...] = rows) -> Document:
        facts = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("spf",), rows=rows))
        listed = sample.result("ip-blocklisted", outcome=Outcome.FAILED, findings=findings)
        return sample.document((listed,), facts=facts)

    first = sample.finding(subject="203.0.113.25", impact=whole)
    likely = "Not ready: 100 % of your recipients are likely to refuse or junk this mail, because 203.0.113.25 "
    assert headline.headline(told_of(first)) == f"{likely}is on a blocklist; 61 % (Orange) will anyway."
    assert headline.headline(told_of(first, rows=rows[1:])) == f"{likely}is on a blocklist."
    several = told_of(first, sample.finding(subject="shop.example", fingerprint="a" * 16, impact=whole))
    assert headline.headline(several).startswith(f"{likely}and shop.example are on blocklists;")
    found = outlook(several)
    assert found
    assert [one.fate for one in found.portions] == ["refused", "risk"]
    milder = told_of(sample.finding(severity=Severity.WARNING))
    assert "blocklist" not in headline.headline(milder)


@pytest.mark.parametrize(("policy", "fate"), [("reject", "risk"), ("quarantine", "risk"), ("none", "fine")])
def test_nobody_is_called_fine_whom_the_domain_itself_asks_to_refuse_the_mail(policy: str, fate: str) -> None:
    met = CellEntry(requirement="tls", state="met", text="TLS.", confidence="high", effect="refused")
    rows = (MatrixRow(provider="microsoft", name="Outlook.com", recipients=9, share=1.0, cells=(met,)),)
    facts = FactsSection(
        sender={"dmarc": {"policy": policy}}, providers_matrix=MatrixSection(requirements=("tls",), rows=rows)
    )
    fails = sample.result("dmarc-fails", outcome=Outcome.FAILED, findings=(sample.finding(),))
    found = outlook(sample.document((fails,), facts=facts))
    assert found
    assert [one.fate for one in found.portions] == [fate]
    sound = outlook(sample.document((sample.result("dmarc-fails"),), facts=facts))
    assert sound
    assert [one.fate for one in sound.portions] == ["fine"]


def test_what_one_finding_touches_is_counted_as_the_verdict_does() -> None:
    cells = [
        CellEntry(requirement="reverse-dns", state="unmet", text="It.", confidence="high", effect=effect)
        for effect in ("refused", None)
    ]
    rows = tuple(
        MatrixRow(provider=name, name=name, recipients=50, share=0.5, cells=(cell,))
        for name, cell in zip(("gmail", "yahoo"), cells, strict=True)
    )
    facts = FactsSection(sender={}, providers_matrix=MatrixSection(requirements=("reverse-dns",), rows=rows))
    whole = ImpactEntry(recipients=100, share=1.0, providers=("gmail", "yahoo"))
    finding = sample.finding(check="reverse-dns-missing", impact=whole)
    failed = sample.result("reverse-dns-missing", outcome=Outcome.FAILED, findings=(finding,))
    report = sample.document((failed,), facts=facts)
    assert words.touches(finding, report) == "50 recipients (50 %): gmail"


def test_an_incomplete_audit_without_an_open_check_says_so() -> None:
    report = sample.document((), verdict="incomplete")
    assert headline.headline(report) == "Not certain yet: not everything that matters could be checked."


def test_a_stricter_gate_is_said_and_decides_what_comes_first() -> None:
    warned = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(severity=Severity.WARNING),))
    strict = sample.document((warned,), gate=GateEntry(fail_on="warning", exit_code=1))
    assert (headline.subline(strict) or "").startswith(
        "1 task to do first. The audit is set to fail on any warning, so it fails. Not looked at"
    )
    assert len(ranking.fix_first(strict)) == 1
    assert not ranking.the_rest(strict)
    assert not ranking.fix_first(sample.document((warned,)))


def test_a_check_that_does_not_gate_is_not_important() -> None:
    lists = sample.result(
        "ip-blocklisted",
        outcome=Outcome.UNVERIFIED,
        gate_when_unverified=False,
        unverified=(UnverifiedEntry(reason="DNS timed out"),),
    )
    assert not headline.undecided(sample.document((lists,)))


def test_the_finding_that_touches_most_recipients_comes_first() -> None:
    small = sample.finding(fingerprint="a" * 16, impact=ImpactEntry(recipients=10, share=0.11))
    large = sample.finding(fingerprint="b" * 16, impact=ImpactEntry(recipients=90, share=0.9))
    none = sample.finding(fingerprint="c" * 16)
    note = sample.finding(
        fingerprint="d" * 16, severity=Severity.NOTE, impact=ImpactEntry(recipients=100, share=1.0)
    )
    report = sample.document((sample.result(outcome=Outcome.FAILED, findings=(note, none, small, large)),))
    assert [item.finding.fingerprint[0] for item in ranking.items(report)] == ["b", "a", "c", "d"]


def test_what_concerns_the_whole_mail_comes_before_a_small_part_of_the_list() -> None:
    few = sample.finding(fingerprint="a" * 16, impact=ImpactEntry(recipients=93, share=0.015))
    many = sample.finding(fingerprint="b" * 16, impact=ImpactEntry(recipients=3000, share=0.5))
    whole = sample.finding(fingerprint="c" * 16)
    report = sample.document(
        (
            sample.result("list-rotten", family="recipients", outcome=Outcome.FAILED, findings=(few, many)),
            sample.result(outcome=Outcome.FAILED, findings=(whole,)),
        )
    )
    assert [item.finding.fingerprint[0] for item in ranking.items(report)] == ["b", "c", "a"]


def test_why_is_the_first_paragraph_without_markup() -> None:
    assert check_page.why(sample.result(doc=sample.SPF_DOC)) == (
        "Receivers look up which servers may send for your domain. Yours is not among them, so every message "
        "fails SPF and rests on DKIM alone."
    )
    assert not check_page.why(sample.result(doc=None))
    assert not check_page.why(sample.result(doc="Title only."))


def test_a_verdict_says_which_parts_nobody_gave() -> None:
    bare = sample.document(verdict="ready")
    assert headline.unseen_inputs(bare) == ["the recipient list", "the pace of sending", "the message"]
    assert headline.subline(bare) == ("Not looked at: the recipient list, the pace of sending and the message.")
    skipped = sample.result(outcome=Outcome.SKIPPED, reason=ranking.NOT_SELECTED)
    switched_off = sample.document((skipped,), verdict="ready")
    assert headline.unseen_inputs(switched_off)[-1] == "1 check that this run leaves out"


def test_a_message_that_begins_with_the_number_is_not_followed_by_it() -> None:
    touched = ImpactEntry(recipients=1200, share=0.5)
    told = sample.finding(message="1,200 recipients have a role.", impact=touched)
    other = sample.finding(message="The role is wrong.", impact=touched)
    assert words.touches(told, sample.document()) == ""
    assert words.touches(other, sample.document()) == "1,200 recipients (50 %)"


def test_numbers_in_names_are_counted_not_spelled() -> None:
    findings = tuple(
        sample.finding(fingerprint=f"{n:016}", subject=f"s{n}.shop.example", impact=None) for n in (10, 2, 1)
    )
    shown = ranking.items(sample.document((sample.result(outcome=Outcome.FAILED, findings=findings),)))
    assert [item.finding.subject for item in shown] == ["s1.shop.example", "s2.shop.example", "s10.shop.example"]


def test_what_the_verdict_says_of_providers_is_not_counted_again_as_unverified() -> None:
    unmet = CellEntry(requirement="helo", state="unmet", text="HELO.", confidence="high", effect="refused")
    unknown = CellEntry(
        requirement="reverse-dns", state="unverified", text="PTR.", confidence="high", effect="refused"
    )
    rows = (
        MatrixRow(provider="orange", name="Orange", recipients=20, share=0.2, cells=(unmet,)),
        MatrixRow(provider="gmail", name="Gmail", recipients=50, share=0.5, cells=(unknown,)),
    )
    facts = FactsSection(
        sender={}, providers_matrix=MatrixSection(requirements=("helo", "reverse-dns"), rows=rows)
    )
    failed = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(),))

    def told_of(check: str) -> str:
        silent = sample.result(outcome=Outcome.UNVERIFIED, reason="no answer").model_copy(update={"check": check})
        return headline.subline(sample.document((failed, silent), facts=facts)) or ""

    assert "could not be verified" not in told_of("reverse-dns-missing")
    assert "Beside that, 1 important check could not be verified." in told_of("from-domain-receives-no-mail")
