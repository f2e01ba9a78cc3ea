"""The SPF record does not say what to do with other servers.

## Why it matters
A record that ends with `?all`, or with nothing, gives no verdict on servers that it does not name. Forged mail is
then treated like mail from a domain without SPF, and your own mail gains little trust from the record.

## How to fix
End the record with `~all`.

## References
- [RFC 7208, section 4.7](https://www.rfc-editor.org/rfc/rfc7208#section-4.7)
"""

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import record_owner, spf_domains
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode
from mailaudit.facts.sender.spf.record import Qualifier


@check(Severity.WARNING, passed="SPF says what to do with other servers.", each=spf_domains)
def spf_open_ended(facts: Facts, domain: str) -> Problems:
    """Yield a problem when the record, or the one it redirects to, ends with ?all or has no end."""
    spf = facts.sender.spf(domain)
    node = _last(spf.survey)
    if node.state is NodeState.UNAVAILABLE:
        node.require_complete()
    if node.record and node.record.errors:
        raise NotApplicable(f"the record of {node.domain} holds an error, so it has no end yet: spf-invalid tells")
    if node.record is None or node.record.all_qualifier not in {None, Qualifier.NEUTRAL}:
        return
    if node.record.redirect and node.record.all_qualifier is None:
        return
    ending = "?all" if node.record.all_qualifier else "no `all`"
    yield Problem.about(
        domain,
        f"The SPF record of {node.domain} ends with {ending}: it says nothing about servers that it does not name.",
        f"End the SPF record of {node.domain} with ~all.",
        owner=record_owner(facts, node.domain),
        evidence=(Evidence(f"{node.domain} TXT", node.record.text),),
        change=ChangeSpf(node.domain, SpfAim.END),
    )


def _last(node: SpfNode) -> SpfNode:
    """Follow redirects to the record that has the last word."""
    following = next((child for child in node.children if child.term.startswith("redirect=")), None)
    return _last(following) if following else node
