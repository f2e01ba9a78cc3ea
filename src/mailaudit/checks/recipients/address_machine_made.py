"""The list holds runs of numbered addresses.

## Why it matters
`test1@`, `test2@`, `test3@` … at one domain are seldom people: robots fill sign-up forms with them, and sellers of lists pad
their files with them. Mail to them bounces or meets traps.

Eight or more addresses of one domain that differ only by consecutive numbers are reported. That is a suspicion, not a
proof: a school may number its pupils.

## How to fix
1. Look where these rows come from, and protect that form (confirmation by e-mail, a captcha).
2. `mailaudit clean --remove machine-made` writes the list without them.

## References
- [M3AAWG: sender best common practices](https://www.m3aawg.org/published-documents)
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Confidence, Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.WARNING, passed="The list holds no runs of numbered addresses.")
def address_machine_made(facts: Facts) -> Problems:
    """Report the recipients of each file that belong to a run of numbered addresses."""
    for count, problem in hits(facts, Kind.MACHINE_MADE):
        yield problem(
            f"{numbered(count, 'address looks', 'addresses look')} machine-made "
            f"({percent(count, facts.recipients.unique)}): they differ only by consecutive numbers.",
            "Look where these rows come from, and protect that form.",
            "Remove them when they are nobody (`mailaudit clean --remove machine-made`).",
            confidence=Confidence.LOW,
        )
