"""A link is not encrypted.

## Why it matters
`http:` links carry the token of a recipient in clear text, and browsers say "Not secure" before the page is shown.

## How to fix
Write `https:`; nearly every site answers there.

## References
- [RFC 9110, section 4.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2): https addresses
"""

from mailaudit.checks.message._links import targets
from mailaudit.checks.message._message import place_of
from mailaudit.checks.rule import Evidence, Facts, Fix, Owner, Problem, Problems, Severity, check


@check(Severity.NOTE, passed="Every link is encrypted.", needs=("message",))
def link_unencrypted(facts: Facts) -> Problems:
    """Yield one problem for the hosts that links lead to by http:."""
    hosts = [one.host for one in targets(facts) if one.host and one.address[:5].lower() == "http:"]
    if hosts:
        names = list(dict.fromkeys(hosts))
        yield Problem(
            subject=facts.message.path,
            message=f"{len(hosts)} {'link is' if len(hosts) == 1 else 'links are'} not encrypted, to {names[0]}"
            f"{f' and {len(names) - 1} more' if len(names) > 1 else ''}.",
            location=place_of(facts),
            evidence=tuple(Evidence("host", name) for name in names[:10]),
            fix=Fix.by(Owner.SENDER, "Write https: instead of http:, and try each link."),
        )
