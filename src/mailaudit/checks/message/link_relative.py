"""A link has no host.

## Why it matters
On a web page `/offers` or `offers.html` is completed by the address of the page. A mail has none: the link leads nowhere,
or into the mailbox's own site.

## How to fix
Write the whole address with `https://` and the host.

## References
- [RFC 3986, section 5.1](https://www.rfc-editor.org/rfc/rfc3986#section-5.1): what a relative address is completed by
"""

import re

from mailaudit.checks.message._links import targets
from mailaudit.checks.message._message import content_of, shown, target_shown
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check

_COMPLETE = re.compile(r"[a-z][a-z0-9+.\-]*:|#|$", re.IGNORECASE)


@check(Severity.ERROR, passed="Every link has its host.")
def link_relative(facts: Facts) -> Problems:
    """Yield one problem for targets without a scheme; one that leaves out the scheme alone is a warning."""
    if any(page.base for page in content_of(facts).pages):
        return
    found = [one for one in targets(facts) if not _COMPLETE.match(one.address)]
    lost = [one for one in found if not one.address.startswith(("//", "\\\\"))]
    if found:
        first = (lost or found)[0]
        yield Problem.about(
            facts.message.path,
            f"{len(found)} {'link has' if len(found) == 1 else 'links have'} no scheme and host, such as "
            f"{target_shown(first.address)}: in a mail it leads nowhere.",
            "Write whole addresses: https://, the host, the path.",
            severity=None if lost else Severity.WARNING,
            magnitude=Magnitude(len(found), "links"),
            evidence=tuple(Evidence(shown(one.text) or "link", target_shown(one.address)) for one in found[:10]),
        )
