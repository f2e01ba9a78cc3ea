"""The ways by which people leave a list, found by words of the languages of Europe and the large ones of Asia."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

from mailaudit.facts.message.html.page import Link, Page
from mailaudit.facts.message.model import Content
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.link_host import LinksFile

T = TypeVar("T")

_THING = (
    "(?:e-?mail |newsletter |mailing |mail |communication |notification |subscriber |contact )?"
    "(?:list )?(?:subscriptions?|preferences?|settings|options|information|profile|notifications)"
)
_LONGEST_LINE = 1_500
_WEB = re.compile(r"https?://[^\s<>\"]+")
# Characters between the words and the address: a sentence or two.
_FAR, _NEAR = 400, 160
_MOST_SAYINGS = 200
_MOST_LINKS, _MOST_CHARACTERS = 10_000, 400_000
_END_OF_SENTENCE = re.compile(r"[.!?|·•]\s")
_TARGETS = re.compile(
    r"unsub|opt[\-_]?out|d[ée]sabo|d[ée]sinscr|abmeld|abbestel|disiscri|descadas|uitschrij|afmeld|wypis|odhla|sign[\-_]?off|"
    r"/listinfo/|preferenc|manage[\-_]?subscri|/leave|(?:^|[/?&=_\-])baja(?:$|[/?&=_\-])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"https?://|www\.|[^\s@]@[^\s@]|\b(?:reply|respond|répon|antwort|responde|rispond)", re.IGNORECASE
)


def way_out(page: Page, words: str | None) -> Link | None:
    """Return the first link by which people leave the list: by its text, its target, or the sentence around it.

    With `words`, those of the campaign file, only they count.
    """
    saying = _Saying(page.lines, words)
    return next((link for link in _ends(page.links, _MOST_LINKS) if _leads_out(saying, link, words)), None)


def way_out_address(content: Content, words: str | None) -> str | None:
    """Return the address by which people leave: that of a link, or in plain text, folded, the one beside the words."""
    for page in content.pages:
        link = way_out(page, words)
        if link is not None:
            return link.target
    found = (
        _WEB.findall(after)[:1] or _WEB.findall(before)[-1:]
        for before, after in _around(content.text or "", words)
    )
    return next((addresses[0] for addresses in found if addresses), None)


def way_out_of_text(text: str, words: str | None) -> bool:
    """Say whether a plain text names a way out, with an address near it."""
    return any(_ADDRESS.search(before + after) for before, after in _around(text, words))


def way_out_in_words(page: Page, words: str | None) -> bool:
    """Say whether a sentence of a page names a way out and an address, of which mail programs make a link."""
    around = _around("\n".join(page.lines), words)
    return any(_ADDRESS.search(_END_OF_SENTENCE.split(after, maxsplit=1)[0]) for _, after in around)


def _around(text: str, words: str | None) -> Iterator[tuple[str, str]]:
    """Yield what stands before and after each saying, on folded lines."""
    folded = "".join(_ends(" ".join(text.casefold().split()), _MOST_CHARACTERS))
    wanted = _any_words() if words is None else re.compile(re.escape(" ".join(words.casefold().split())))
    for one in islice(wanted.finditer(folded), _MOST_SAYINGS):
        yield folded[max(0, one.start() - _NEAR) : one.start()], folded[one.end() : one.end() + _FAR]


def _ends(found: Sequence[T], most: int) -> Sequence[T]:
    """Return all, or what stands at the beginning and at the end, where ways out are."""
    return found if len(found) <= most else [*found[: most // 2], *found[-most // 2 :]]


def says_the_way_out(text: str) -> bool:
    """Say whether a text or an address is one by which people leave a list."""
    return _says(text[:_LONGEST_LINE], None) or names_a_way_out(text[:_LONGEST_LINE])


def names_a_way_out(text: str) -> bool:
    """Say whether a piece of merge syntax is that of an unsubscribe address."""
    return _TARGETS.search(text) is not None


class _Saying:
    """The lines that speak of leaving; each is looked at once, and a page in one line is no sentence."""

    def __init__(self, lines: tuple[str, ...], words: str | None) -> None:
        self._lines = lines
        self._words = words
        self._known: dict[int, bool] = {}

    def at(self, place: int) -> bool:
        """Say whether the line speaks of leaving."""
        if place not in self._known:
            is_there = 0 <= place < len(self._lines) and len(self._lines[place]) <= _LONGEST_LINE
            self._known[place] = is_there and _says(self._lines[place], self._words)
        return self._known[place]


def _leads_out(saying: _Saying, link: Link, words: str | None) -> bool:
    if link.target in {"", "#"} or link.is_hidden:
        return False
    if _says(link.text[:_LONGEST_LINE], words) or (words is None and _TARGETS.search(link.target[:_LONGEST_LINE])):
        return True
    # "To leave the list," may stand in the block before "click here".
    return saying.at(link.line) or saying.at(link.line - 1)


def _says(text: str, words: str | None) -> bool:
    if words is not None:
        return "".join(words.casefold().split()) in "".join(text.casefold().split())
    return _any_words().search(" ".join(text.casefold().split())) is not None


@kept
def _any_words() -> re.Pattern[str]:
    # Compiled when a message is there: the words of so many languages take long.
    patterns = (pattern.text for one in entries(LinksFile).ways_out for pattern in one.patterns)
    return re.compile("|".join(patterns).replace("{thing}", _THING))
