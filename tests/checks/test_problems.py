"""Problems of several samples, told once."""

from __future__ import annotations

from mailaudit.checks.finding import Fix, Owner, Problem, Severity
from mailaudit.checks.problems import told_once


def problem(subject: str, message: str, severity: Severity | None = None) -> Problem:
    """Return a problem with a subject and a message."""
    return Problem(subject, message, Fix(Owner.SENDER, ()), severity=severity)


def test_what_is_the_same_but_for_figures_is_told_once() -> None:
    seen = [
        (name, [problem(name, f"It has {size} octets.")]) for name, size in (("1.eml", "900"), ("2.eml", "1,900"))
    ]
    (told,) = told_once(seen, 3)
    assert told.subject == "1.eml"
    assert told.message == "It has 900 octets. In 2 of 3 samples of the dry run: 1.eml, 2.eml."


def test_what_differs_stays_apart() -> None:
    seen = [("1.eml", [problem("1.eml", "People read {a}.")]), ("2.eml", [problem("2.eml", "People read {b}.")])]
    assert [one.subject for one in told_once(seen, 2)] == ["1.eml", "2.eml"]


def test_one_fingerprint_is_told_once_at_its_worst() -> None:
    seen = [
        ("1.eml", [problem("Date", "It is old.", Severity.NOTE)]),
        ("2.eml", [problem("Date", "It is missing.")]),
    ]
    (told,) = told_once(seen, 2)
    assert told.severity is None
    assert told.message.startswith("It is missing. In 2 of 2 samples")
