"""A link is not encrypted.

## Why it matters
`http:` links carry the token of a recipient in clear text, and browsers say "Not secure" before the page is shown.

## How to fix
Write `https:`; nearly every site answers there.

## References
- [RFC 9110, section 4.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2): https addresses
"""

from mailaudit.checks.message._hosts import is_test_host
from mailaudit.checks.message._links import address_of_host, own_organizations, targets
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check


@check(Severity.NOTE, passed="Every link is encrypted.")
def link_unencrypted(facts: Facts) -> Problems:
    """Yield one problem for the hosts that links lead to by http:."""
    own = own_organizations(facts)
    hosts = [
        one.host
        for one in targets(facts)
        if one.host and one.address[:5].lower() == "http:" and not _is_told(one.host, own, facts)
    ]
    if hosts:
        names = list(dict.fromkeys(hosts))
        yield Problem.about(
            facts.message.path,
            f"{len(hosts)} {'link is' if len(hosts) == 1 else 'links are'} not encrypted, to {names[0]}"
            f"{f' and {len(names) - 1} more' if len(names) > 1 else ''}.",
            "Write https: instead of http:, and try each link.",
            magnitude=Magnitude(len(hosts), "links"),
            evidence=tuple(Evidence("host", name) for name in names[:10]),
        )


def _is_told(host: str, own: frozenset[str], facts: Facts) -> bool:
    """Say whether the link is to be replaced anyway: link-to-test-host and link-to-address tell it."""
    return address_of_host(host) is not None or is_test_host(host, own, facts.campaign.from_domain)
