"""The SPF record holds a term behind which there is nothing.

## Why it matters
`mx:mail.acme.example` asks for the mail servers *of that name*, and a host has none; an `a:` may name a machine that has
gone. Such a term allows nobody, so a server that was meant to be allowed is not. Each such look-up also counts: at the
third without an answer receivers give up. Whoever registers a name that has gone may send in your name.

## How to fix
Write `a:` for a host and `mx` for the servers that take the mail of a domain; remove what has gone.

## References
- [RFC 7208, sections 5.3 and 5.4](https://www.rfc-editor.org/rfc/rfc7208#section-5.3)
- [RFC 7208, section 4.6.4](https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4)
"""

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, Unavailable, check
from mailaudit.checks.sender._spf import record_owner, spf_domains
from mailaudit.facts.sender.spf.lookup_tree import SpfNode, TermCost


@check(
    Severity.WARNING,
    passed="Every name in the SPF record leads to an address.",
    each=spf_domains,
    follows=("spf-too-many-void-lookups",),
)
def spf_term_finds_nothing(facts: Facts, domain: str) -> Problems:
    """Yield a problem for each a, mx and exists term of the domain's own record that can match nobody."""
    survey = facts.sender.spf(domain).survey
    if survey.reason:
        raise Unavailable(survey.reason)
    costs = {
        cost.text: cost for cost in survey.costs if cost.text not in {child.term for child in survey.children}
    }
    for cost in costs.values():
        if cost.finds_nothing:
            yield _problem(facts, survey, cost)
    failures = [failure for cost in costs.values() for failure in cost.all_failures]
    if failures:
        raise Unavailable(failures[0])


def _problem(facts: Facts, survey: SpfNode, cost: TermCost) -> Problem:
    is_mx = cost.text.lower().lstrip("+-~?").startswith("mx")
    missing = "names no mail server (MX) that has an address" if is_mx else "has no address"
    named = is_mx and ":" in cost.text
    return Problem.about(
        survey.domain,
        f"{cost.text} in the SPF record of {survey.domain} allows nobody: {cost.target} {missing}.",
        *((f"If the host {cost.target} itself sends, write a:{cost.target}.",) if named else ()),
        f"Remove {cost.text} if nothing sends from there any more, or correct the name.",
        owner=record_owner(facts, survey.domain),
        evidence=(Evidence(f"{survey.domain} TXT", survey.record.text if survey.record else ""),),
        discriminator=cost.text.lower(),
    )
