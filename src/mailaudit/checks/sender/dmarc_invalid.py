"""The DMARC record holds an error.

## Why it matters
A policy that receivers cannot read does not protect you. Without a valid `p=` they act as if it were `none`, or,
when no address for reports is given either, as if there were no record. Other broken tags fall back to their
defaults, which may not be what was meant. Several records at one name are all ignored.

## How to fix
Correct the tag that is named.

## References
- [RFC 9989, sections 4.7 and 4.10](https://www.rfc-editor.org/info/rfc9989)
"""

from mailaudit.checks.change import ChangeDmarc, DmarcAim
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import correction, repeated
from mailaudit.facts.sender.dmarc.discovery import Published
from mailaudit.facts.sender.dmarc.record import DmarcRecord


def _published(facts: Facts) -> tuple[Published, ...]:
    """Return the names that may carry the policy: the From domain's, the one above that does, and any that repeat it."""
    dmarc = facts.sender.dmarc
    found = dmarc.tree_walk.value
    above = [found.published_at] if found and found.published_at else []
    names = dict.fromkeys([facts.sender.from_domain, *above, *(one.domain for one in repeated(facts))])
    chosen = tuple(dmarc.published[name] for name in names if name in dmarc.published)
    relevant = tuple(p for p in chosen if not p.answer.is_known or p.records)
    if not relevant:
        raise NotApplicable("the From domain has no DMARC record")
    return relevant


@check(Severity.ERROR, passed="The DMARC record holds no error.", each=_published)
def dmarc_invalid(facts: Facts, published: Published) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for broken tags, and for several records at one name."""
    records = published.records
    name = f"_dmarc.{published.domain}"
    if len(records) > 1:
        yield _several(name, published.domain, records)
    elif records and (records[0].errors or records[0].p is None):
        yield _broken(name, published.domain, records[0])


def _several(name: str, domain: str, records: tuple[DmarcRecord, ...]) -> Problem:
    return Problem.about(
        domain,
        f"{name} has {len(records)} DMARC records; receivers ignore all of them.",
        f"Delete all {len(records)} records at {name} and publish the one below.",
        owner=Owner.DNS_ADMIN,
        evidence=tuple(Evidence(name, record.text) for record in records),
        discriminator="several",
        change=ChangeDmarc(domain, DmarcAim.REPAIR),
        otherwise=(f"Leave one record at {name}, with the policy that you mean.",),
    )


def _broken(name: str, domain: str, record: DmarcRecord) -> Problem:
    reasons = list(record.errors)
    if record.p is None and not any(reason.startswith("p=") or " p= " in reason for reason in reasons):
        reasons.insert(0, "p=, the policy, is missing")
    return Problem(
        subject=domain,
        message=f"The DMARC record of {domain} holds an error ({reasons[0]}): {_effect(record)}.",
        severity=None if record.policy_is_broken else Severity.WARNING,
        evidence=(Evidence(name, record.text), *(Evidence("error", reason) for reason in reasons[1:])),
        fix=correction(name, domain),
    )


def _effect(record: DmarcRecord) -> str:
    if not record.policy_is_broken:
        return "receivers ignore that part"
    if record.rua:
        return "receivers act as if the policy were none"
    return "receivers act as if there were no record"
