from __future__ import annotations

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.content import ranking
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.types import ResultEntry
from reports import sample_documents as sample


def _open(check: str, reason: str) -> ResultEntry:
    return sample.result(
        check, outcome=Outcome.UNVERIFIED, severity=Severity.ERROR, reason=reason, findings=(), unverified=()
    )


def test_questions_that_nobody_answered_for_one_reason_are_one_cause() -> None:
    document = sample.document(
        (
            _open("spf-missing", "nothing is known of acme.example TXT: this run is offline"),
            _open("dmarc-missing", "nothing is known of _dmarc.acme.example TXT: this run is offline"),
            _open("bimi-invalid", "DNS timed out for default._bimi.acme.example TXT"),
        )
    )
    assert {cause.reason: set(cause.checks) for cause in ranking.causes(document)} == {
        "DNS could not be asked: this run is offline": {"spf-missing", "dmarc-missing"},
        "DNS timed out for default._bimi.acme.example TXT": {"bimi-invalid"},
    }


def test_lists_that_nobody_asked_are_one_cause_whatever_their_names() -> None:
    reasons = [f"{lists}: this run does not ask the lists: it is offline" for lists in ("ZEN, SpamCop", "DBL")]
    document = sample.document((_open("ip-blocklisted", reasons[0]), _open("domain-blocklisted", reasons[1])))
    (cause,) = ranking.causes(document)
    assert (cause.reason, len(cause.checks)) == ("this run does not ask the lists: it is offline", 2)


def test_one_question_that_nobody_answered_keeps_its_name() -> None:
    reason = "nothing is known of spf.other.example TXT: no zone file covers spf.other.example"
    assert [cause.reason for cause in ranking.causes(sample.document((_open("spf-invalid", reason),)))] == [reason]


def _found(
    check: str, *, share: float, severity: Severity = Severity.ERROR, follows: tuple[str, ...] = ()
) -> ResultEntry:
    impact = ImpactEntry(recipients=100, share=share, providers=())
    finding = sample.finding(severity=severity, fingerprint=check, impact=impact)
    return sample.result(check, findings=(finding,), severity=severity, follows=follows)


def test_a_consequence_stands_behind_its_causes_and_before_what_is_milder() -> None:
    document = sample.document(
        (
            _found("dmarc-fails", share=0.9, follows=("spf-*", "dkim-*")),
            _found("spf-missing", share=0.5),
            _found("address-invalid", share=0.4),
            _found("dkim-key-missing", share=0.3),
            _found("spf-uses-ptr", share=0.2, severity=Severity.WARNING),
        )
    )
    assert [item.result.check for item in ranking.items(document)] == [
        "spf-missing",
        "address-invalid",
        "dkim-key-missing",
        "dmarc-fails",
        "spf-uses-ptr",
    ]


def test_a_consequence_without_a_cause_stays_where_it_is() -> None:
    document = sample.document(
        (_found("dmarc-fails", share=0.9, follows=("spf-*",)), _found("address-invalid", share=0.4))
    )
    assert [item.result.check for item in ranking.items(document)] == ["dmarc-fails", "address-invalid"]
