"""The SPF record lets every server in the world send for the domain.

## Why it matters
`+all`, address ranges that together cover the internet, or `exists:` with a name that is there for whoever sends, make
SPF pass for forged mail as for yours. Spammers look for such domains, and filters know that a pass of such a record
means nothing, or take the record itself as a sign of spam.

## How to fix
Name the services that send for you and end the record with `~all` or `-all`.

## References
- [RFC 7208, section 5.1](https://www.rfc-editor.org/rfc/rfc7208#section-5.1)
"""

from mailaudit.checks.rule import (
    ChangeSpf,
    Evidence,
    Facts,
    Fix,
    Owner,
    Problem,
    Problems,
    Severity,
    SpfAim,
    check,
)
from mailaudit.checks.sender._spf import is_own, record_owner, spf_domains
from mailaudit.facts.sender.spf.open_doors import open_doors, require_control


@check(Severity.ERROR, passed="SPF does not let everybody send.", each=spf_domains)
def spf_allows_everyone(facts: Facts, domain: str) -> Problems:
    """Yield a problem for a term that passes every address, in the record or in one that it includes."""
    survey = facts.sender.spf(domain).survey
    open_terms = open_doors(survey)
    if not open_terms:
        survey.require_complete()
        require_control(survey)
        return
    node = open_terms[0][0]
    terms = " and ".join(dict.fromkeys(mechanism.text for place, mechanism in open_terms if place is node))
    verb = "let" if " and " in terms else "lets"
    yield Problem(
        subject=domain,
        message=f"{terms} in the SPF record of {node.domain} {verb} every server in the world send as {domain}.",
        evidence=tuple(
            Evidence(f"{place.domain} TXT", place.record.text) for place, _ in open_terms if place.record
        ),
        fix=Fix.by(
            record_owner(facts, domain),
            f"Remove {terms} and end the record with ~all, as below.",
            "Before that, add every other service that sends for you, your daily mail first.",
            change=ChangeSpf(node.domain, SpfAim.CLOSE),
            otherwise=(
                f"Name every service and server that sends for you in the record of {node.domain}, your daily mail first.",
                f"Then remove {terms} and end the record with ~all.",
            ),
        )
        if is_own(facts, node.domain) or node is survey
        else Fix.by(
            Owner.PLATFORM,
            f"Ask the owner of {node.domain} why its SPF record lets everybody send.",
            f"Until that is mended, name in place of {node.term} the addresses that send for you.",
        ),
    )
