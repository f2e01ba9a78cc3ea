"""The DMARC record uses tags that the standard has removed.

## Why it matters
`pct`, `rf` and `ri` are gone since RFC 9989. `pct` is the one that hurts: `p=reject; pct=0` used to mean "do
nothing yet" and is a real reject now. Those who want to test write `t=y`, which lowers the policy by one step.

## How to fix
Remove the tags. If you wanted to test, write `t=y`.

## References
- [RFC 9989, appendix A.6](https://www.rfc-editor.org/info/rfc9989)
"""

from mailaudit.checks.rule import ChangeDmarc, DmarcAim, Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.sender.dmarc.record import Policy

_WHOLE = {None, "100"}


@check(Severity.WARNING, passed="The DMARC record uses no removed tags.")
def dmarc_outdated_tags(facts: Facts) -> Problems:
    """Yield a problem for pct, rf and ri; a warning when pct was meant to soften a policy."""
    _, record, published_at = applied(facts)
    names = record.outdated
    if not names:
        return
    softens = record.pct not in _WHOLE and record.p in {Policy.REJECT, Policy.QUARANTINE}
    name = f"_dmarc.{published_at}"
    yield Problem.about(
        published_at,
        f"pct={record.pct} in the DMARC record of {published_at} no longer softens anything: p={record.p} applies"
        " to all mail."
        if softens
        else f"{', '.join(names)} in the DMARC record of {published_at} no longer has a meaning.",
        "Replace the DMARC record by the one below.",
        *(("If you still test the policy, add t=y to it.",) if softens else ()),
        owner=Owner.DNS_ADMIN,
        severity=None if softens else Severity.NOTE,
        evidence=(Evidence(name, record.text),),
        change=ChangeDmarc(published_at, DmarcAim.DROP_OUTDATED),
        otherwise=(f"Remove {', '.join(names)} from the record at {name}.",),
    )
