"""Many problems with one cause are one finding; few, or those with a change of their own, stay apart."""

from __future__ import annotations

from msgspec.structs import replace

from mailaudit.checks.finding import Fix, Owner, Problem, Severity
from mailaudit.checks.merging import merged


def problems(count: int, cause: str = "missing") -> list[Problem]:
    fix = Fix(Owner.SENDER, ("Do it.",))
    return [Problem(f"192.0.2.{place}", f"192.0.2.{place} is wrong.", fix, cause=cause) for place in range(count)]


def test_few_stay_apart() -> None:
    assert merged(problems(3)) == problems(3)


def test_many_become_one_that_names_the_first() -> None:
    (told,) = merged(problems(40))
    assert told.subject == "192.0.2.0"
    assert told.message.endswith("The same holds for 192.0.2.1, 192.0.2.2, 192.0.2.3 and 36 more.")
    assert told.discriminator == "cause missing"


def test_other_causes_severities_and_those_without_a_cause_stay_apart() -> None:
    milder = [replace(one, severity=Severity.NOTE) for one in problems(4)]
    assert len(merged([*problems(4), *milder, *problems(4, "other"), *problems(5, "")])) == 8
