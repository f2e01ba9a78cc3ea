"""A DKIM signature of the campaign is made for another domain than From.

## Why it matters
DMARC counts a DKIM signature only when its domain (`d=`) belongs to the domain that people see in From. A
signature of the sending service proves that the service sent the mail, not that you did; Gmail then shows "via"
and its name, and DMARC rests on SPF alone, which breaks when mail is forwarded.

## How to fix
Authenticate your domain in the settings of the sending service, so that it signs with your domain.

## References
- [RFC 9989, section 4.4](https://www.rfc-editor.org/info/rfc9989)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._alignment import dkim_carries, identifiers, problem_of_receivers, relaxing
from mailaudit.checks.sender._dkim import signer
from mailaudit.checks.sender._origin import platform_title
from mailaudit.facts.sender.dmarc.alignment import Aligned, Mechanism
from mailaudit.facts.sender.dmarc.record import Alignment


@check(
    Severity.WARNING,
    passed="Every DKIM signature of the campaign is made for the From domain.",
    each=lambda facts: identifiers(facts, Mechanism.DKIM),
)
def dkim_not_aligned(facts: Facts, aligned: Aligned) -> Problems:
    """Yield a problem for each d= that is not aligned with From, as RFC 9989 computes it."""
    if aligned.tree_walk.get():
        return
    domain, author = aligned.identifier.domain, facts.sender.from_domain
    strict = aligned.mode is Alignment.STRICT
    wanted = "the very same domain (adkim=s)" if strict else "a domain of the same organization"
    yield Problem.about(
        domain,
        f"The mail is signed for {domain} and comes from {author}; DMARC counts only {wanted}.",
        f"Authenticate {author} in the settings of {platform_title(facts) or 'the program that signs'}.",
        "Publish the DKIM records that it shows, and write the selector into the campaign file.",
        *(("Or take adkim=s out of the DMARC record.",) if aligned.fails_by_strictness else ()),
        owner=signer(facts),
        location="sending.dkim",
        severity=Severity.NOTE if dkim_carries(facts) else None,
        evidence=problem_of_receivers(aligned),
        change=relaxing(facts, aligned),
    )
