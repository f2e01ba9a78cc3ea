"""Receivers disagree about the DMARC policy of this domain.

## Why it matters
Since RFC 9989 the record and the organizational domain are found by walking up the DNS tree; many receivers still
use the public suffix list. For this domain the two methods lead to different policies or to a different result, so
the same message is treated differently from one provider to the next.

## How to fix
Publish a record at the From domain itself, and use the same domain for From, MAIL FROM and the DKIM signature.

## References
- [RFC 9989, section 4.10](https://www.rfc-editor.org/info/rfc9989)
- [RFC 7489, section 3.2](https://www.rfc-editor.org/rfc/rfc7489#section-3.2)
"""

from mailaudit.checks.change import ChangeDmarc, DmarcAim
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.facts.sender.dmarc.discovery import Discovery
from mailaudit.facts.sender.dmarc.outcome import by_suffix_list, by_tree_walk, expected_outcome
from mailaudit.facts.sender.dmarc.record import Policy


@check(Severity.WARNING, passed="All receivers find the same DMARC policy.")
def dmarc_receivers_differ(facts: Facts) -> Problems:
    """Yield a problem when the tree walk and the public suffix list lead to different policies or results."""
    sender = facts.sender
    walked, listed = sender.dmarc.tree_walk.get(), sender.dmarc.suffix_list.get()
    if walked.record is None and listed.record is None:
        raise NotApplicable("the From domain has no DMARC record")
    outcomes = [expected_outcome(sender, reading).passes for reading in (by_tree_walk, by_suffix_list)]
    policies = [sender.dmarc.policy_of(found) for found in (walked, listed)]
    if policies[0] is policies[1] and outcomes[0] == outcomes[1]:
        return
    domain, stands = sender.from_domain, sender.from_domain == walked.published_at
    yield Problem.about(
        domain,
        f"Receivers on RFC 9989 find {_words(walked, policies[0])} for {sender.from_domain}, receivers on the public"
        f" suffix list {_words(listed, policies[1])}{_outcomes(outcomes)}.",
        f"Take {domain} itself for MAIL FROM or the signature (d=), so that every receiver counts it."
        if stands
        else "Publish the record below at the From domain itself, so that every receiver finds it.",
        owner=Owner.SENDER if stands else Owner.DNS_ADMIN,
        location="from",
        evidence=(
            Evidence("organizational domain by the tree walk", walked.organizational_domain),
            Evidence("organizational domain by the public suffix list", listed.organizational_domain),
        ),
        change=None if stands else ChangeDmarc(domain, DmarcAim.STAND_AT_FROM),
        otherwise=()
        if stands
        else ("Publish a DMARC record at the From domain itself, so that every receiver finds it.",),
    )


def _words(found: Discovery, policy: Policy | None) -> str:
    return f"the policy {policy} at {found.published_at}" if policy else "no policy"


def _outcomes(outcomes: list[bool | None]) -> str:
    words = {True: "pass", False: "fail", None: "unknown"}
    return (
        ""
        if outcomes[0] == outcomes[1]
        else f"; the result is {words[outcomes[0]]} there and {words[outcomes[1]]} here"
    )
