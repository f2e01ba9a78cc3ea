"""A picture is not where readers can get it.

## Why it matters
A picture on the author's disk, with a relative address, or named as an attachment that is not there, is a grey box for
everybody else.

## How to fix
Put the picture on a public web server with HTTPS, or attach it and name its Content-ID.

## References
- [RFC 2392](https://www.rfc-editor.org/rfc/rfc2392): cid: addresses
- [RFC 2557](https://www.rfc-editor.org/rfc/rfc2557): pictures that travel with the message
"""

import re
from urllib.parse import unquote

from mailaudit.checks.message._hosts import is_test_host
from mailaudit.checks.message._links import own_organizations
from mailaudit.checks.message._message import content_of, target_shown
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.facts.message.html.page import host_of, web_address
from mailaudit.facts.message.html.targets import is_merge_field

_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)


@check(Severity.ERROR, passed="Every picture is where readers can get it.")
def image_unreachable(facts: Facts) -> Problems:
    """Yield one problem for the pictures that readers cannot load; for templates a warning, platforms move pictures."""
    content = content_of(facts)
    own = own_organizations(facts)
    found: dict[str, str] = {}
    for page in content.pages:
        for picture in page.pictures:
            if is_merge_field(picture.source):
                continue
            # Without the header nobody knows what travels with the message.
            known = content.content_ids if facts.message.headers is not None else None
            fault = _fault(picture.source, known, own, facts.campaign.from_domain, has_base=bool(page.base))
            if fault:
                found.setdefault(picture.source, fault)
    if found:
        source, fault = next(iter(found.items()))
        yield Problem.about(
            facts.message.path,
            f"{len(found)} {'picture' if len(found) == 1 else 'pictures'} will not be shown: "
            f"{target_shown(source) or '(empty)'} {fault}.",
            "Put the pictures on a public server and write their whole HTTPS address.",
            "Look at a test on a phone.",
            severity=Severity.WARNING if facts.message.kind == "template" else None,
            magnitude=Magnitude(len(found), "pictures"),
            evidence=tuple(Evidence(why, target_shown(one) or "(empty)") for one, why in list(found.items())[:10]),
        )


def _fault(
    source: str, attached: frozenset[str] | None, own: frozenset[str], from_domain: str, *, has_base: bool
) -> str | None:
    scheme = _SCHEME.match(source)
    name = scheme[1].lower() if scheme else ""
    fault: str | None = None
    if name == "file" or len(name) == 1 or source.startswith("\\\\"):
        fault = "is on the author's disk"
    elif name == "cid":
        fault = None if attached is None or unquote(source[4:]) in attached else "is not attached to the message"
    elif name in {"http", "https"} or source.startswith("//"):
        url = web_address(source)
        host = host_of(url) if url else ""
        is_test = host and is_test_host(host, own, from_domain)
        fault = "is on a machine of developers" if is_test else None if url else "has no host"
    elif name != "data" and not (has_base and source):
        fault = "is in no place that mailboxes read" if name else "has no host" if source else "has no address"
    return fault
