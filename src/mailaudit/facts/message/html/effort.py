"""Tell, before a tree is built, HTML whose tree would take too long or too much memory."""

import re
from collections import Counter

MOST_TAGS = 200_000
# One unit is one element or attribute that the tree builder compares; 50 million take about 0.2 s (measured, lexbor).
_MOST_STEPS = 50_000_000
_STEPS_OF_A_COPY = 50
_MOST_ALIKE = 3
_MANY = 1000

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})([^<>]{0,200})")
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+"
_WHOLE_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+((?:[\s/]++|{_ATTRIBUTE})*+)")
_NAME = re.compile(_ATTRIBUTE)
_BETWEEN = re.compile(r"[\s/=\"']+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# Elements that hold nothing, or whose end tag may be left out because the next one closes them (HTML 13.1.2.4).
_CLOSED_BY_OTHERS = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "p li dt dd tr td th thead tbody tfoot option optgroup colgroup caption".split()
)
# Elements that are opened again in every paragraph until they are closed, three alike at most (HTML 13.2.4.3).
_REOPENED = frozenset("a b big code em font i nobr s small strike strong tt u".split())


def is_beyond_reason(html: str) -> bool:
    """Say whether a tree of this HTML takes more than a second: the worst cases grow with the square of the input.

    The estimate never looks for where comments or quotations end, so that nothing hides in them.
    """
    return html.count("<") > MOST_TAGS or _nesting(html) > _MOST_STEPS or _attributes(html) > _MOST_STEPS


def _nesting(html: str) -> int:
    depth = total = copies = 0
    open_alike: dict[str, Counter[str]] = {}
    for closing, written, attributes in _TAG.findall(html):
        name = written.lower()
        total += depth + _STEPS_OF_A_COPY * copies
        if name in _REOPENED:
            alike = open_alike.setdefault(name, Counter())
            copies += _closed(alike) if closing else _opened(alike, attributes)
        elif name not in _CLOSED_BY_OTHERS:
            depth = max(0, depth + (-1 if closing else 1))
    return total


def _opened(alike: Counter[str], attributes: str) -> int:
    if alike[attributes] >= _MOST_ALIKE:
        return 0
    alike[attributes] += 1
    return 1


def _closed(alike: Counter[str]) -> int:
    if not alike:
        return 0
    last = next(reversed(alike))
    alike[last] -= 1
    if alike[last] <= 0:
        del alike[last]
    return -1


def _attributes(html: str) -> int:
    """Return the comparisons of attribute names: each with all others of its element."""
    spans = (match[1] for match in _WHOLE_TAG.finditer(html))
    return sum(_names(span) ** 2 // 2 for span in spans if len(span) > _MANY)


def _names(span: str) -> int:
    """Count names; a quotation with a tag in it may be no quotation, so that its words count too."""
    within = (text for text in _QUOTED.findall(span) if "<" in text or ">" in text)
    return len(_NAME.findall(span)) + sum(len(_BETWEEN.findall(text)) for text in within)
