"""The SPF record asks for names that do not exist.

## Why it matters
Receivers allow two look-ups that have an empty answer; at the third they stop with a permanent error, and SPF
fails. Such look-ups come from `a`, `mx` and `exists` terms whose host has gone.

## How to fix
Remove the terms whose names no longer have an address.

## References
- [RFC 7208, section 4.6.4](https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._spf import own_line, record_owner, rewrite, spf_domains
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.spf.lookups import MAX_VOID_LOOKUPS


@check(
    Severity.ERROR,
    passed="SPF has at most two look-ups with an empty answer.",
    needs=("dns",),
    each=spf_domains,
)
def spf_too_many_void_lookups(facts: Facts, domain: str) -> Iterator[Problem]:
    """Yield a problem when the worst case of the record has more than two void look-ups."""
    spf = facts.sender.spf(domain)
    survey = spf.survey
    if survey.void_lookups <= MAX_VOID_LOOKUPS:
        survey.require_complete()
        return
    void = [(node, cost) for node in survey.walk() for cost in node.costs if cost.void]
    own = frozenset(cost.text for node, cost in void if node is survey)
    elsewhere = sum(cost.void for node, cost in void if node is not survey)
    record = rewrite(survey.record, drop=own) if survey.record and elsewhere <= MAX_VOID_LOOKUPS else None
    yield Problem(
        subject=domain,
        message=f"{survey.void_lookups} look-ups of the SPF record of {domain} find nothing, and receivers stop after"
        f" {MAX_VOID_LOOKUPS}: SPF then fails.",
        evidence=tuple(
            Evidence(f"{node.domain}: {cost.text}", f"{cost.target} has no such record") for node, cost in void
        ),
        fix=Fix(
            record_owner(facts, domain),
            ("Remove the terms whose names have no address any more.",),
            own_line(facts, domain, record),
        ),
    )
