"""The SPF record asks for names that do not exist.

## Why it matters
Receivers allow two look-ups that have an empty answer; at the third they stop with a permanent error, and SPF
fails. They ask for addresses of the version of the server that connects: a host with IPv4 addresses alone is an empty
answer for a server that sends over IPv6. It is an error when an address of this campaign comes so late in the record,
and a warning for the others.

## How to fix
Put `ip4:` and `ip6:` with the addresses of the campaign in front, and remove the terms whose names have no address of
either version any more.

## References
- [RFC 7208, section 4.6.4](https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4)
"""

from mailaudit.checks.rule import ChangeSpf, Evidence, Facts, Magnitude, Problem, Problems, Severity, SpfAim, check
from mailaudit.checks.sender._spf import beyond_limit, hits_campaign, record_owner, spf_domains
from mailaudit.facts.sender.spf.lookup_tree import TermCost
from mailaudit.facts.sender.spf.lookups import MAX_VOID_LOOKUPS
from mailaudit.facts.sender.spf.model import Limit


@check(Severity.ERROR, passed="SPF has at most two look-ups with an empty answer.", each=spf_domains)
def spf_too_many_void_lookups(facts: Facts, domain: str) -> Problems:
    """Yield a problem when the worst case of the record has more than two void look-ups."""
    spf = facts.sender.spf(domain)
    survey = spf.survey
    if survey.void_lookups <= MAX_VOID_LOOKUPS:
        survey.require_complete()
        return
    version = max(survey.versions, key=survey.void_for)
    void = [(node, cost) for node in survey.walk() for cost in node.costs if cost.void_for(version)]
    own = frozenset(cost.text for node, cost in void if node is survey and cost.finds_nothing)
    yield Problem.about(
        domain,
        f"{survey.void_lookups} look-ups of the SPF record of {domain} have an empty answer for a server that"
        f" sends over IPv{version}, and receivers stop after {MAX_VOID_LOOKUPS}: {beyond_limit(spf, Limit.VOID)}.",
        "Replace the SPF record by the one below, which asks less in vain.",
        owner=record_owner(facts, domain),
        severity=None if hits_campaign(spf, Limit.VOID) else Severity.WARNING,
        evidence=tuple(Evidence(f"{node.domain}: {cost.text}", _why(cost, version)) for node, cost in void),
        magnitude=Magnitude(survey.void_lookups, "look-ups"),
        change=ChangeSpf(domain, SpfAim.SHORTEN),
        otherwise=_steps(own),
    )


def _why(cost: TermCost, version: int) -> str:
    if cost.finds_nothing or cost.own_void:
        return f"{cost.target} has no such record"
    if cost.depends_on_sender:
        return f"{cost.target} is not there: this sender is not on the list that the term asks"
    return f"{cost.target} has no IPv{version} address, though one of the other version"


def _steps(gone: frozenset[str]) -> tuple[str, ...]:
    return (
        "Put ip4: and ip6: with the addresses of this campaign in front of all terms that need DNS.",
        *((f"Remove {', '.join(sorted(gone))}: nothing is behind it any more.",) if gone else ()),
    )
