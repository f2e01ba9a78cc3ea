"""A link leads nowhere.

## Why it matters
`href="#"` or an empty target is what a template holds until somebody writes the true one; `htp://` and `https://https://` are
slips of the hand. Who clicks gets nothing, and the click that the campaign was for is lost.

## How to fix
Write the target, or remove the link. Click on every link of the last test message.

## References
- [HTML, links](https://html.spec.whatwg.org/multipage/links.html#links-created-by-a-and-area-elements)
"""

import re

from mailaudit.checks.message._links import targets
from mailaudit.checks.message._message import shown
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.facts.message.html.targets import Target

_LONGEST = 5_000
# A scheme with a letter too many or too few, one that stands twice, and a host that no name server can know.
_MISTYPED = re.compile(
    r"(?!https?:|file:|fax:)(?:h+t+p+s?|ht?tps?|tt+ps?|htp+s?|hhttps?|htt?s|http[a-z]{2})[:;]?//.*|https?://+https?[:/].*|https?[:;](?!//).+|"
    r"https?;//.*|https?://[^/?#]*(?:\.\.|,|\s)[^/?#]*(?:[/?#].*)?|https?://(?!localhost\b)[a-z0-9\-]+(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_NOWHERE = re.compile(
    r"(?:#!?|https?:/{0,3}(?:[#?].*)?|(?:mailto|tel|sms):|about:blank|(?:javascript|file|blob|[a-z]):.*|void\(0\);?)?",
    re.IGNORECASE | re.DOTALL,
)


@check(Severity.ERROR, passed="Every link leads somewhere.")
def link_empty(facts: Facts) -> Problems:
    """Yield one problem for the links without a target; anchors within the message lead somewhere.

    A link around nothing is none that anybody can press.
    """
    found = [one for one in targets(facts) if one.is_seen and _leads_nowhere(one)]
    if found:
        count = f"{len(found)} links lead" if len(found) > 1 else "A link leads"
        yield Problem.about(
            facts.message.path,
            f"{count} nowhere: {', '.join(_name(one.text) for one in found[:3])}.",
            "Write the target of each link that has none, or remove it.",
            "Click every link of a test.",
            magnitude=Magnitude(len(found), "links"),
            evidence=tuple(Evidence(_name(one.text), shown(one.address) or "(empty)") for one in found[:10]),
        )


def _leads_nowhere(one: Target) -> bool:
    address = "".join(one.address[:_LONGEST].splitlines())
    # An address of a plain text may have been cut by the end of a line.
    patterns = (_NOWHERE, _MISTYPED) if one.place == "html" else (_NOWHERE,)
    return any(pattern.fullmatch(address) for pattern in patterns)


def _name(text: str) -> str:
    return f"“{shown(text)}”" if text else "a link without text"
