"""A link leads to a page that is not there.

## Why it matters
The click is what the campaign is for. A page that was moved, a shop that is not open yet or a slip in the host name is seen
by nobody who reads the message, and met by everybody who presses the link.

## How to fix
Correct the address, or have the page there before the campaign starts. With `--links` each link is asked once, by HEAD and
without following where it leads; links that unsubscribe, count clicks or belong to one person are never opened.

## References
- [RFC 9110, section 9.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2): HEAD
- [RFC 9110, section 15.5.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5): 404, not found
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailaudit.checks.message._message import content_of, shown
from mailaudit.checks.rule import Confidence, Evidence, Facts, NotGiven, Problem, Problems, Severity, check

if TYPE_CHECKING:
    from mailaudit.facts.message.probes.model import AskedLink, AskedLinks


def _asked(facts: Facts) -> AskedLinks:
    content_of(facts)
    links = facts.probes.links
    if links is None:
        raise NotGiven("links are asked only with --links")
    return links.get()


def _links(facts: Facts) -> tuple[AskedLink, ...]:
    return _asked(facts).links


def left_open(facts: Facts) -> str | None:
    """Return how many links were not asked."""
    asked = _asked(facts)
    parts = [f"{asked.personal} personal ones are never opened"] if asked.personal else []
    parts += [f"{asked.beyond} more were not asked"] if asked.beyond else []
    return f"{len(asked.links)} links were asked; {', '.join(parts)}." if parts else None


@check(
    Severity.ERROR,
    passed="Every link that was asked leads to a page.",
    needs=("message", "network"),
    each=_links,
    gate_when_unverified=False,
    proviso=left_open,
)
def link_dead(facts: Facts, link: AskedLink) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for a link whose host is unknown, whose page is gone, or whose certificate browsers refuse."""
    problem = link.answer.get().problem
    if problem:
        is_certain = "no address" in problem
        yield Problem.about(
            shown(str(link)),
            f"A link leads to {shown(str(link))}: {problem}.",
            f"Correct the link to {shown(str(link))}, or publish the page before the campaign leaves.",
            severity=Severity.WARNING if "certificate" in problem else None,
            confidence=Confidence.HIGH if is_certain else Confidence.MEDIUM,
            evidence=(Evidence("text of the link", shown(link.text) or "(none)"),),
        )
