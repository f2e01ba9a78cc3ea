from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mailaudit.checks.finding import (
    HTML_SIZE,
    Confidence,
    Evidence,
    Finding,
    Fix,
    Impact,
    Outcome,
    Owner,
    Result,
    Severity,
)
from mailaudit.checks.registry import Check, find
from mailaudit.facts.recipients.model import ProviderShare
from mailaudit.impact.join import matrix, with_impact
from mailaudit.impact.model import State
from mailaudit.impact.states import RULES, kinds_of, states
from mailaudit.knowledge.load import providers
from mailaudit.knowledge.types.fact import Confidence as Sureness
from mailaudit.knowledge.types.fact import Provenance
from mailaudit.knowledge.types.provider import Consequence, Provider, Requirement, Threshold

SOURCE = Provenance("the provider's page", date(2026, 11, 1), Sureness.HIGH)
DAY = Threshold(5000, 86_400, "organizational-domain")


def _requirement(kind: str, **more: Any) -> Requirement:
    return Requirement(
        kind, f"{kind} is asked.", SOURCE, consequence=Consequence("refused", Sureness.HIGH, "550"), **more
    )


MAILBOX = Provider(
    "mailbox",
    "Mailbox",
    "consumer",
    SOURCE,
    requirements=(
        _requirement("complaints"),
        _requirement("dkim", threshold=DAY),
        _requirement("spf"),
        _requirement("authentication"),
        _requirement("connections"),
    ),
)
SHARES = (ProviderShare("mailbox", 6000, 0.6), ProviderShare("other", 4000, 0.4))


def _finding(check: str, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "check": check, "fingerprint": "0" * 16, "severity": Severity.ERROR, "confidence": Confidence.HIGH,
        "subject": "acme.example", "message": "Wrong.", "fix": Fix(Owner.DNS_ADMIN, ()),
    }  # fmt: skip
    return Finding(**{**values, **changes})


def _results(**outcomes: Outcome) -> tuple[Result, ...]:
    names = ((name.replace("_", "-"), outcome) for name, outcome in outcomes.items())
    return tuple(
        Result(name, outcome, (_finding(name),) if outcome is Outcome.FAILED else ()) for name, outcome in names
    )


def _checks(results: tuple[Result, ...]) -> dict[str, Check]:
    return {r.check: Check(r.check, "sender", Severity.ERROR, "", "T.", lambda _: ()) for r in results}


def _states(results: tuple[Result, ...], seconds: float | None = None) -> dict[str, str]:
    joined = matrix(results, _checks(results), SHARES, (MAILBOX,), seconds)
    return {cell.requirement.kind: cell.state.value for cell in joined.rows[0].cells}


P, F, U, S = Outcome.PASSED, Outcome.FAILED, Outcome.UNVERIFIED, Outcome.SKIPPED


@pytest.mark.parametrize(
    ("outcomes", "spf", "dkim", "either"),
    [
        ({"spf_missing": P, "spf_does_not_authorize_sender": P, "dkim_key_missing": P}, "met", "met", "met"),
        ({"spf_missing": F, "dkim_key_missing": P}, "unmet", "met", "met"),
        ({"spf_missing": F, "dkim_key_missing": F}, "unmet", "unmet", "unmet"),
        ({"spf_missing": F, "dkim_key_missing": U}, "unmet", "unverified", "unverified"),
        ({"spf_missing": P, "spf_does_not_authorize_sender": S, "dkim_key_missing": S},
         "unverified", "unverified", "unverified"),
        ({"spf_missing": P, "spf_does_not_authorize_sender": P, "spf_invalid": U}, "unverified", "unverified",
         "unverified"),
        ({"spf_missing": P}, "unverified", "unverified", "unverified"),
        ({}, "unverified", "unverified", "unverified"),
    ],
)  # fmt: skip
def test_met_needs_proof_and_unmet_a_finding(outcomes: Any, spf: str, dkim: str, either: str) -> None:
    found = _states(_results(**outcomes))
    assert (found["spf"], found["dkim"], found["authentication"]) == (spf, dkim, either)
    assert found["connections"] == "unverified"
    assert "complaints" not in found


@pytest.mark.parametrize(
    ("seconds", "state"), [(None, "unmet"), (3_600, "unmet"), (86_400, "unmet"), (2 * 86_400, "not-required")]
)
def test_a_threshold_counts_what_leaves_within_its_window(seconds: float | None, state: str) -> None:
    assert _states(_results(dkim_key_missing=F), seconds)["dkim"] == state


def test_a_small_campaign_stays_below_the_threshold() -> None:
    results = _results(dkim_key_missing=F)
    joined = matrix(results, _checks(results), (ProviderShare("mailbox", 4999, 1.0),), (MAILBOX,))
    assert joined.rows[0].cell("dkim").state is State.NOT_REQUIRED  # type: ignore[union-attr]  # it is asked
    assert with_impact(results, joined) == results


@pytest.mark.parametrize("changes", [{"severity": Severity.WARNING}, {"confidence": Confidence.LOW}])
def test_a_lesser_or_doubtful_finding_proves_nothing(changes: Any) -> None:
    results = (Result("dkim-key-weak", F, (_finding("dkim-key-weak", **changes),)),)
    assert states(results, _checks(results))["dkim"] is State.UNVERIFIED


def test_findings_say_for_how_many_recipients_they_matter() -> None:
    own = Impact(3, 0.1)
    results = (
        *_results(spf_missing=F, window_over_limit=F),
        Result(
            "spf-invalid",
            F,
            (_finding("spf-invalid", impact=own), _finding("spf-invalid", confidence=Confidence.LOW)),
        ),
    )
    touched = with_impact(results, matrix(results, _checks(results), SHARES, (MAILBOX,)))
    impacts = [[finding.impact for finding in result.findings] for result in touched]
    assert impacts == [[Impact(6000, 0.6, ("mailbox",))], [None], [own, None]]


def _dmarc_of(kinds: tuple[str, ...], **outcomes: Outcome) -> str:
    results = _results(**outcomes)
    asked = tuple(_requirement(kind) for kind in kinds)
    mailbox = Provider("mailbox", "Mailbox", "consumer", SOURCE, requirements=asked)
    (row, _) = matrix(results, _checks(results), SHARES, (mailbox,)).rows
    return row.cell("dmarc").state.value  # type: ignore[union-attr]  # it is asked


def test_records_that_a_platform_asks_for_touch_whoever_asks_for_what_nobody_can_see() -> None:
    unauthorized = Result("platform-not-authorized", Outcome.FAILED, (_finding("platform-not-authorized"),))
    told = with_impact((unauthorized,), matrix((unauthorized,), _checks((unauthorized,)), SHARES, (MAILBOX,)))
    assert told[0].findings[0].impact == Impact(6000, 0.6, ("mailbox",))


def test_dmarc_means_a_pass_where_alignment_is_not_asked_apart() -> None:
    aligned = {"dmarc_missing": P, "dmarc_not_aligned": P, "dmarc_fails": P}
    unaligned = {**aligned, "dmarc_not_aligned": F}
    unknown = {**aligned, "dmarc_fails": U}
    alone, apart = ("dmarc",), ("dmarc", "alignment")
    assert [_dmarc_of(alone, **o) for o in (aligned, unaligned, unknown)] == ["met", "unmet", "unverified"]
    assert [_dmarc_of(apart, **o) for o in (aligned, unaligned, unknown)] == ["met", "met", "met"]


def test_a_provider_without_known_rules_has_an_empty_row() -> None:
    joined = matrix((), {}, SHARES, (MAILBOX,))
    assert [row.provider for row in joined.rows] == ["mailbox", "other"]
    assert joined.rows[1].cells == ()
    assert joined.kinds == ("authentication", "spf", "dkim", "connections")


def test_every_kind_that_a_check_can_decide_is_asked_by_a_known_provider() -> None:
    asked = {item.kind for provider in providers() for item in provider.requirements}
    assert set(RULES) <= asked
    assert kinds_of("spf-missing") == ("spf", "authentication")
    assert kinds_of("dmarc-missing") == ("dmarc",)
    assert kinds_of("address-invalid") == ()
    assert kinds_of("helo-mismatch") == ()
    assert kinds_of("dmarc-not-aligned") == ("alignment", "dmarc")


def test_every_check_that_decides_exists() -> None:
    named = {name for rule in RULES.values() for name in (*rule.decisive, *rule.essential) if "*" not in name}
    assert {name for name in named if find(name) is None} == set()


def test_a_requirement_of_a_day_to_come_is_not_asked_yet() -> None:
    results = _results(dmarc_missing=F)
    asked = (_requirement("dmarc", since=date(2027, 1, 1)),)
    mailbox = Provider("mailbox", "Mailbox", "consumer", SOURCE, requirements=asked)
    states = [
        matrix(results, _checks(results), SHARES, (mailbox,), today=day).rows[0].cell("dmarc").state.value  # type: ignore[union-attr]  # it is asked
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert states[0] == "not-required"
    assert states[1] != "not-required"


@pytest.mark.parametrize(
    ("check", "severity", "confidence", "state"),
    [
        ("unsubscribe-link-missing", Severity.ERROR, Confidence.MEDIUM, State.UNMET),
        ("unsubscribe-link-missing", Severity.WARNING, Confidence.LOW, State.UNVERIFIED),
        ("unsubscribe-clipped", Severity.WARNING, Confidence.HIGH, State.UNMET),
    ],
)
def test_a_link_that_nobody_sees_is_unmet_and_one_that_a_platform_may_add_unverified(
    check: str, severity: Severity, confidence: Confidence, state: State
) -> None:
    found = _finding(check, severity=severity, confidence=confidence)
    passed = () if check == "unsubscribe-link-missing" else _results(unsubscribe_link_missing=Outcome.PASSED)
    results = (*passed, Result(check, Outcome.FAILED, (found,)))
    assert states(results, _checks(results))["unsubscribe-link"] is state


@pytest.mark.parametrize(("evidence", "state"), [(HTML_SIZE, State.UNMET), ("octets", State.MET)])
def test_a_limit_for_html_is_told_from_one_for_the_whole_message(evidence: str, state: State) -> None:
    found = _finding("message-too-large", severity=Severity.WARNING, evidence=(Evidence(evidence, "1"),))
    results = (Result("message-too-large", Outcome.FAILED, (found,)),)
    assert states(results, _checks(results))["html-size"] is state


def test_one_click_that_only_some_ask_is_unmet_where_it_is_asked() -> None:
    found = _finding("one-click-unsubscribe-missing", severity=Severity.WARNING)
    results = (Result("one-click-unsubscribe-missing", Outcome.FAILED, (found,)),)
    assert states(results, _checks(results))["one-click"] is State.UNMET
