"""A link leads to a machine of developers.

## Why it matters
`localhost`, a staging copy or a preview is reached by those who made the message, and by nobody else. Readers see an error,
or a site that they should not see.

## How to fix
Replace the host by that of the public site, and look where the template takes its base address from.

## References
- [RFC 2606](https://www.rfc-editor.org/rfc/rfc2606), [RFC 6761](https://www.rfc-editor.org/rfc/rfc6761): names that never
  are public
- [RFC 6762](https://www.rfc-editor.org/rfc/rfc6762): .local
"""

from mailaudit.checks.message._hosts import is_test_host
from mailaudit.checks.message._links import own_organizations, targets
from mailaudit.checks.message._message import shown
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check


@check(Severity.ERROR, passed="No link leads to a machine of developers.")
def link_to_test_host(facts: Facts) -> Problems:
    """Yield a problem for each test host that a link leads to."""
    own = own_organizations(facts)
    by_host: dict[str, list[str]] = {}
    for one in targets(facts):
        if one.host:
            by_host.setdefault(one.host, []).append(one.text)
    for host, texts in by_host.items():
        if is_test_host(host, own, facts.campaign.from_domain):
            yield Problem.about(
                host,
                f"{len(texts)} {'link leads' if len(texts) == 1 else 'links lead'} to {host}, a machine of "
                "developers that readers do not reach.",
                f"Replace {host} by the host of the public site.",
                "Click every link of a test message.",
                magnitude=Magnitude(len(texts), "links"),
                evidence=tuple(Evidence("text of the link", shown(text)) for text in texts[:5] if text),
            )
