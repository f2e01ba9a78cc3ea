"""A link leads to a bare IP address, or hides its host behind a name.

## Why it matters
`https://203.0.113.9/` and `https://bank.example@evil.example/` are how phishing is written: filters score both, and
browsers warn.

## How to fix
Link to a host name of yours, without a user name before it.

## References
- [rspamd, HTTP_TO_IP](https://github.com/rspamd/rspamd/blob/master/conf/scores.d/phishing_group.conf)
- [RFC 3986, section 7.6](https://www.rfc-editor.org/rfc/rfc3986#section-7.6): semantic attacks
"""

from mailaudit.checks.message._hosts import is_test_host
from mailaudit.checks.message._links import address_of_host, targets
from mailaudit.checks.message._message import shown, target_shown
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.html.targets import Target


@check(Severity.ERROR, passed="Every link leads to a host name.")
def link_to_address(facts: Facts) -> Problems:
    """Yield a problem for each host that is an address, or that stands behind a user name."""
    told: set[str] = set()
    for one in targets(facts):
        fault = _fault(one)
        if fault and one.host not in told:
            told.add(one.host)
            yield Problem.about(
                one.host,
                f"A link leads to {one.host} {fault}; filters take that for phishing.",
                "Link to a host name of yours, with nothing but https:// before it.",
                evidence=(Evidence(shown(one.text) or "link", target_shown(one.address)),),
            )


def _fault(one: Target) -> str | None:
    url = one.url
    if url is None or not one.host:
        return None
    if url.username is not None:
        return "with a name before the @, which hides the host"
    if address_of_host(one.host) and not is_test_host(one.host, frozenset(), ""):
        return "by its number instead of a name"
    return None
