"""The logo record (BIMI) has no effect.

## Why it matters
With BIMI, Gmail, Yahoo, Apple and others show your logo beside the message. They do so only when the record is
well-formed and the DMARC policy of the From domain and of the domain above it is `quarantine` or `reject`. Gmail
and Apple also want a certificate (`a=`).

This check looks at DNS alone; `bimi-logo-invalid` and `bimi-certificate-invalid` look into the files.

## How to fix
Correct the record, and make the DMARC policy `quarantine` or `reject` first.

## References
- [BIMI: the draft standard](https://datatracker.ietf.org/doc/draft-brand-indicators-for-message-identification/)
- [BIMI Group: implementation guide](https://bimigroup.org/implementation-guide/)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Owner, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._transport import broken
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotApplicable
from mailaudit.facts.sender.dmarc.record import Policy


@check(
    Severity.NOTE, passed="The logo record (BIMI) is well-formed and the DMARC policy allows it.", needs=("dns",)
)
def bimi_invalid(facts: Facts) -> Iterator[Problem]:
    """Yield a problem for a broken BIMI record, or one under a DMARC policy of none."""
    record = facts.sender.transport.bimi
    if not record.texts:
        raise NotApplicable("the From domain has no logo record (BIMI)")
    problems = list(broken(record, "BIMI", None))
    yield from problems
    if problems or facts.sender.dmarc.policy in {Policy.QUARANTINE, Policy.REJECT}:
        return
    yield Problem(
        subject=record.name,
        message=f"The logo of {facts.sender.from_domain} is not shown: its DMARC policy is neither quarantine nor reject.",
        discriminator="policy",
        evidence=(Evidence(record.name, record.texts[0]),),
        fix=Fix(
            Owner.DNS_ADMIN, ("Make the DMARC policy quarantine or reject; until then the record has no effect.",)
        ),
    )
