"""The text of a link names another site than its target.

## Why it matters
"www.bank.example" that leads to another site is the mark of phishing: filters score it (rspamd: 2 points), mail programs
warn.

## How to fix
Write words instead of an address as the text of the link, or link to the site that the text names. Click tracking should
run on a sub-domain of yours.

## References
- [rspamd, PHISHING](https://rspamd.com/doc/modules/phishing.html)
"""

import re

from mailaudit.checks.message._links import own_organizations, targets
from mailaudit.checks.message._message import target_shown
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.html.page import host_of, web_address
from mailaudit.facts.message.html.targets import Target
from mailaudit.facts.sender.names import is_public_suffix, organizational_domain
from mailaudit.knowledge.lookup import platform_by_link

_SHOWN = re.compile(
    r"(?:https?://|www\.)[a-z0-9.\-]{3,253}(?::\d{1,5})?(?:[/?#]\S*)?|"
    r"[a-z0-9\-]{2,63}(?:\.[a-z0-9\-]{2,63}){0,3}\.(?P<suffix>[a-z]{2,24})(?:/\S*)?",
    re.IGNORECASE,
)
# Ends of names that are those of files and programs as well: Node.js is no site.
_NO_SUFFIXES = frozenset(
    "js py md net sh rs ps html htm pdf doc docx xls xlsx zip jpg jpeg png gif svg csv txt php asp xml json css ics".split()
)


@check(Severity.WARNING, passed="Every link leads to the site that its text names.")
def link_text_mismatch(facts: Facts) -> Problems:
    """Yield a problem for each pair of a named site and another target; hosts that count clicks are left aside."""
    counting = own_organizations(facts) | _unsubscribe_organizations(facts)
    told: set[tuple[str, str]] = set()
    for one in targets(facts):
        pair = _pair(one)
        if pair is None or pair in told or pair[1] in counting or platform_by_link(one.address):
            continue
        told.add(pair)
        yield Problem.about(
            pair[0],
            f"The text of a link names {pair[0]}, and it leads to {one.host}.",
            f"Link to {pair[0]} itself, or write words instead of the address.",
            "Have the platform count clicks on a sub-domain of yours.",
            discriminator=pair[1],
            evidence=(Evidence(target_shown(one.text), target_shown(one.address)),),
        )


def _pair(one: Target) -> tuple[str, str] | None:
    shown = _SHOWN.fullmatch(one.text) if one.place == "html" and one.host else None
    suffix = ((shown["suffix"] if shown else None) or "").lower()
    if shown is None or suffix in _NO_SUFFIXES or (suffix and not _is_suffix(suffix)):
        return None
    seen = web_address(one.text if "://" in one.text else f"https://{one.text}")
    host = host_of(seen) if seen else ""
    if not host:
        return None
    named, meant = organizational_domain(host), organizational_domain(one.host)
    return (named, meant) if named != meant else None


def _is_suffix(suffix: str) -> bool:
    return suffix == "example" or is_public_suffix(suffix)


def _unsubscribe_organizations(facts: Facts) -> frozenset[str]:
    """Return whose host takes unsubscriptions: the same program counts the clicks."""
    values = (item.value for item in facts.message.header("List-Unsubscribe"))
    urls = (web_address(found) for value in values for found in re.findall(r"<\s*(https?://[^<>\s]+)", value))
    return frozenset(organizational_domain(host) for url in urls if url and (host := host_of(url)))
