"""One company domain makes up much of the list.

## Why it matters
When a tenth of a list is behind one company's mail server, that server sees a burst of similar messages from you within
minutes, and one filter decision there takes a tenth of the campaign. It is also what a list bought or scraped from one source
looks like.

Domains of mailbox providers are not meant: many people at gmail.com are normal. Lists of fewer than 500 people are left
alone.

## How to fix
1. Send to this domain slowly, spread over the whole campaign.
2. Ask their postmaster to expect the mail, or agree on one recipient who passes it on.

## References
- [M3AAWG: sender best common practices](https://www.m3aawg.org/published-documents)
"""

from mailaudit.checks.rule import Evidence, Facts, Impact, NotApplicable, Owner, Problem, Problems, Severity, check

MIN_RECIPIENTS = 500
DOMINANT_SHARE = 0.10


@check(Severity.NOTE, passed="No company domain dominates the list.")
def domain_dominates(facts: Facts) -> Problems:
    """Report a domain of no mailbox provider that holds a tenth of the recipients or more."""
    people = facts.recipients
    if people.unique < MIN_RECIPIENTS:
        raise NotApplicable(f"the list holds fewer than {MIN_RECIPIENTS} people")
    top = people.largest_company_domain
    if top is not None and top.share >= DOMINANT_SHARE:
        yield Problem.about(
            top.domain,
            f"{top.recipients:,} recipients ({100 * top.share:.1f} %) have an address at {top.domain}: "
            "its mail server decides about all of them at once.",
            f"Spread the messages to {top.domain} over the whole campaign.",
            "Tell its postmaster that the mail is coming.",
            owner=Owner.LIST_OWNER,
            evidence=(Evidence("recipients at this domain", f"{top.recipients:,}"),),
            impact=Impact(top.recipients, top.share),
        )
