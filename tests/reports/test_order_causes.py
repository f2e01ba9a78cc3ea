from __future__ import annotations

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports import order
from mailaudit.reports.json_v1.document import ResultEntry
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
    assert {cause.reason: set(cause.checks) for cause in order.causes(document)} == {
        "DNS could not be asked: this run is offline": {"spf-missing", "dmarc-missing"},
        "DNS timed out for default._bimi.acme.example TXT": {"bimi-invalid"},
    }


def test_one_question_that_nobody_answered_keeps_its_name() -> None:
    reason = "nothing is known of spf.other.example TXT: no zone file covers spf.other.example"
    assert [cause.reason for cause in order.causes(sample.document((_open("spf-invalid", reason),)))] == [reason]
