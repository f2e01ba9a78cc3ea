"""What is to be done in DNS some time after the send: the remedies of the sender's findings that wait."""

from collections.abc import Iterator

from mailaudit.checks.registry import all_checks
from mailaudit.checks.remedy import Action, RecordChange
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.facts import Facts
from mailaudit.remedies.remedy import FAMILY, with_remedies
from mailaudit.runner import run


async def later_steps(facts: Facts, dns: Resolver) -> tuple[tuple[int, str, str], ...]:
    """Return after how many days something can be done, what it is, and on which condition; in order, each once."""
    checks = {name: check for name, check in all_checks().items() if check.family == FAMILY}
    audit = await with_remedies(run(facts, checks, frozenset(checks), ""), dns)
    remedies = (finding.fix.remedy for result in audit.results for finding in result.findings)
    found = {
        (one.wait_days, what, one.condition or "")
        for one in remedies
        if one and one.wait_days is not None
        for what in _told(one.records)
    }
    return tuple(sorted(found))


def _told(records: tuple[RecordChange, ...]) -> Iterator[str]:
    for one in records:
        if one.action is Action.REMOVE:
            yield f"Delete the {one.type} record at {one.name}"
        else:
            yield f"Publish {one.line}"
