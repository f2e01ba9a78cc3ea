"""The SPF record lets every server in the world send for the domain.

## Why it matters
`+all`, or an address range that covers the whole internet, makes SPF pass for forged mail as for yours. Spammers
look for such domains, and filters know that a pass of such a record means nothing, or take the record itself as a
sign of spam.

## How to fix
Name the services that send for you and end the record with `~all` or `-all`.

## References
- [RFC 7208, section 5.1](https://www.rfc-editor.org/rfc/rfc7208#section-5.1)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._spf import own_line, record_owner, rewrite, senders, spf_domains
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.spf.lookup_tree import SpfNode
from mailaudit.facts.sender.spf.record import Mechanism, Qualifier


@check(Severity.ERROR, passed="SPF does not let everybody send.", needs=("dns",), each=spf_domains)
def spf_allows_everyone(facts: Facts, domain: str) -> Iterator[Problem]:
    """Yield a problem for a term that passes every address, in the record or in one that it includes."""
    survey = facts.sender.spf(domain).survey
    open_terms = [(node, term) for node in survey.walk() for term in _open_terms(node)]
    if not open_terms:
        survey.require_complete()
        return
    node, term = open_terms[0]
    drop = frozenset(mechanism.text for place, mechanism in open_terms if place is survey)
    if node is not survey:
        drop |= {child.term for child in survey.children if node in child.walk()}
    record = rewrite(survey.record, add=senders(facts), drop=drop, end="~all") if survey.record else None
    yield Problem(
        subject=domain,
        message=f"{term.text} in the SPF record of {node.domain} lets every server in the world send as {domain}.",
        evidence=tuple(
            Evidence(f"{place.domain} TXT", place.record.text) for place, _ in open_terms if place.record
        ),
        fix=Fix(
            record_owner(facts, domain),
            (
                f"Remove {term.text} and end the record with ~all, as below.",
                "Before that, add every other service that sends for you, your daily mail first.",
            ),
            own_line(facts, domain, record),
        ),
    )


def _open_terms(node: SpfNode) -> Iterator[Mechanism]:
    for mechanism in node.record.effective_mechanisms if node.record else ():
        if mechanism.qualifier is Qualifier.PASS and (mechanism.name == "all" or _is_whole(mechanism)):
            yield mechanism


def _is_whole(mechanism: Mechanism) -> bool:
    if mechanism.network is not None:
        return mechanism.network.prefixlen == 0
    return mechanism.name in {"a", "mx"} and 0 in {mechanism.prefix4, mechanism.prefix6}
