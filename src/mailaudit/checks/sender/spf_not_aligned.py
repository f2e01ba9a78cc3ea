"""The MAIL FROM domain does not belong to the From domain.

## Why it matters
DMARC accepts an SPF pass only when the MAIL FROM domain belongs to the domain that people see in From. When it
belongs to somebody else, for example to the sending service, SPF may pass and still counts for nothing in DMARC:
everything then hangs on the DKIM signature.

## How to fix
Use a sub-domain of your own as return path (most platforms call it custom or branded return path), for example
`bounce.acme.example` for mail from `acme.example`. If the DMARC record says `aspf=s`, both must be the same
domain.

## References
- [RFC 9989, section 4.10](https://www.rfc-editor.org/info/rfc9989)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._alignment import dkim_carries, identifiers, problem_of_receivers, relaxing
from mailaudit.facts.sender.dmarc.alignment import Aligned, Mechanism
from mailaudit.facts.sender.dmarc.record import Alignment


@check(
    Severity.WARNING,
    passed="The MAIL FROM domain belongs to the From domain.",
    each=lambda facts: identifiers(facts, Mechanism.SPF),
)
def spf_not_aligned(facts: Facts, aligned: Aligned) -> Problems:
    """Yield a problem when the MAIL FROM domain is not aligned with From, as RFC 9989 computes it."""
    if aligned.tree_walk.get():
        return
    domain, author = aligned.identifier.domain, facts.sender.from_domain
    own = f"bounce.{facts.sender.organizational_domain}"
    strict = aligned.mode is Alignment.STRICT
    rests_on_dkim = dkim_carries(facts)
    yield Problem.about(
        domain,
        f"MAIL FROM is {domain} and From is {author}: SPF does not count for DMARC, which then rests on DKIM"
        f" alone{'; aspf=s asks for the very same domain' if strict else ''}.",
        f"Set the return path to {author}, or take aspf=s out of the DMARC record."
        if strict
        else f"Set the return path to a sub-domain of yours, for example {own}.",
        "Publish at that name the records that your sending service shows for it.",
        owner=Owner.SENDER if facts.sender.platform is None else Owner.PLATFORM,
        location="return_path",
        severity=Severity.NOTE if rests_on_dkim else None,
        evidence=(
            *((Evidence("DMARC asks for", "the same domain (aspf=s)"),) if strict else ()),
            *problem_of_receivers(aligned),
        ),
        change=relaxing(facts, aligned),
    )
