"""The logo record (BIMI) has no effect.

## Why it matters
With BIMI, Gmail, Yahoo, Apple and others show your logo beside the message. They do so only when the record is
well-formed and the DMARC policy of the From domain and of the organizational domain is `quarantine` or `reject`, for
all mail and without `sp=none`. Gmail and Apple also want a certificate (`a=`).

This check looks at DNS alone; `bimi-logo-invalid` and `bimi-certificate-invalid` look into the files.

## How to fix
Correct the record, and make the DMARC policy `quarantine` or `reject` first.

## References
- [BIMI: the draft standard](https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/)
- [BIMI Group: implementation guide](https://bimigroup.org/implementation-guide/)
"""

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._transport import broken
from mailaudit.facts.sender.dmarc.record import Policy

_STRICT = frozenset({Policy.QUARANTINE, Policy.REJECT})


@check(Severity.NOTE, passed="The logo record (BIMI) is well-formed and the DMARC policy allows it.")
def bimi_invalid(facts: Facts) -> Problems:
    """Yield a problem for a broken BIMI record, or one under a DMARC policy of none."""
    record = facts.sender.transport.bimi
    if not (record.texts or record.lookalikes):
        raise NotApplicable("the From domain has no logo record (BIMI)")
    problems = list(broken(record, "BIMI", "BIMI1"))
    yield from problems
    reason = None if problems else _refusal(facts)
    if reason is None:
        return
    yield Problem.about(
        record.name,
        f"The logo of {facts.sender.from_domain} is not shown: {reason}.",
        "Make sure from the DMARC reports of two to four weeks that all your own mail passes.",
        "Make the DMARC policy quarantine or reject; until then the record has no effect.",
        owner=Owner.DNS_ADMIN,
        discriminator="policy",
        evidence=(Evidence(record.name, record.texts[0]),),
    )


def _refusal(facts: Facts) -> str | None:
    """Return why the DMARC policy forbids a logo (section 7.2 of the draft); raises `Unavailable`."""
    dmarc = facts.sender.dmarc
    if dmarc.policy not in _STRICT:
        return "its DMARC policy is neither quarantine nor reject"
    found = dmarc.tree_walk.get()
    for domain in dict.fromkeys((found.published_at or found.organizational_domain, found.organizational_domain)):
        record = dmarc.published[domain].record if domain in dmarc.published else None
        if record is None:
            continue
        if record.p not in _STRICT:
            return f"the DMARC policy of {domain} is neither quarantine nor reject"
        if record.sp is Policy.NONE:
            return f"the DMARC record of {domain} says sp=none"
        if record.p is Policy.QUARANTINE and record.pct not in {None, "100"}:
            return f"the DMARC record of {domain} says pct={record.pct}"
    return None
