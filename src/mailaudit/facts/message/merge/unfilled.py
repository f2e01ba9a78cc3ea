"""Find merge syntax that was not filled in, in every place where a recipient or a mailbox meets it."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from msgspec.structs import replace

from mailaudit.facts.message.html.page import Page
from mailaudit.facts.message.html.targets import IN_TEXT
from mailaudit.facts.message.merge.greetings import INVISIBLE
from mailaudit.facts.message.merge.syntaxes import SYNTAXES, Syntax
from mailaudit.facts.message.model import CODE, HeaderField, Placeholder, TextPart

MOST_FOUND = 20
# A message has few marks that open nothing; whatever has more is looked at no further.
MOST_OPENINGS = 120_000
_OPENING = re.compile(r"([{*%\[$#@~<«_])\1*+")
_LONGEST_MARK = 4
_LOOKS_BEHIND = re.compile(r"^(?:\(\?<![^()]*\)|\(\?-i:)+\\?")
# Patterns by the mark with which they begin, a look-behind aside: where none of these stands, none is tried.
_BY_MARK = {
    mark: [one for one in SYNTAXES if _LOOKS_BEHIND.sub("", one.pattern).removeprefix("\\").startswith(mark)]
    for mark in "{*%[$#@~<«_"
}
_UNION = {
    mark: re.compile("|".join(f"(?P<s{place}>{one.pattern})" for place, one in enumerate(found)), re.IGNORECASE)
    for mark, found in _BY_MARK.items()
}
_FIELDS = frozenset(
    "subject from sender reply-to to return-path list-unsubscribe list-id list-help list-archive feedback-id".split()
)
# phpList names a field after an attribute, in capitals; such words in brackets may also be meant to be read.
_OF_PHPLIST = re.compile(r"\[[A-Z][A-Z0-9 _\-]{1,40}\]")
# A target that is a bare mark and nothing else: of Campaign Monitor, Sendy, SendGrid, Brevo's older editor.
_BARE_TARGET = re.compile(r"^\[[A-Za-z][\w .:\-]{1,40}\]$")
# Also what was encoded twice, as services do that count clicks.
_CODED_MARK = re.compile(r"%(?:25){0,3}(?:7B|7D|5B|5D|7C|3C|3E|2A|24|20)", re.IGNORECASE)
_PARAMETER = re.compile(r"(?<=[?&])[^&#\s]+")
_CODED_OPENING = re.compile(r"%5B%5B|%7B%7B", re.IGNORECASE)
# Within an address, a mark may follow a letter; in prose that is a price or an identifier.
_WITHIN = re.compile(r"(?<=\w)(?=%(?![0-9A-Fa-f]{2})[A-Za-z][\w\-]{1,60}%|__[A-Z])")


def tags_of(text: str) -> Iterator[tuple[Syntax, re.Match[str]]]:
    """Yield every piece of merge syntax in order, with its syntax."""
    place = 0
    for _ in range(MOST_OPENINGS):
        opening = _OPENING.search(text, place)
        if opening is None:
            return
        mark = opening[1]
        # Of a run of the same mark only the last few can open anything.
        start = max(opening.start(), opening.end() - _LONGEST_MARK)
        match = _UNION[mark].match(text, start)
        place = match.end() if match else start + 1
        if match:
            yield _BY_MARK[mark][int((match.lastgroup or "s0")[1:])], match


def unfilled(
    fields: Iterable[HeaderField], subject: str | None, parts: Iterable[TextPart], pages: Iterable[Page]
) -> Iterator[Placeholder]:
    """Yield what is unfilled in the header, the visible text, the texts of attributes and the targets of links."""
    yield from _in_text(subject or "", "subject")
    for item in fields:
        if item.name.lower() in _FIELDS - {"subject"}:
            is_target = item.name.lower().startswith("list-")
            yield from _in_text(_target(item.value) if is_target else item.value, item.name)
    for place, page in ((place, page) for one in pages for place, page in _shown(one)):
        yield from _in_text("\n".join(page.lines), place)
        yield from _in_text("\n".join(page.titles), "alt or title")
        yield from _in_text("\n".join(map(_target, page.addresses)), "link")
        targets = (*(link.target for link in page.links), *(picture.source for picture in page.pictures))
        yield from _in_links("\n".join(targets))
        yield from (Placeholder(target, "link") for target in targets if _BARE_TARGET.match(target))
        yield from _in_text("\n".join(page.code), CODE)
    for part in parts:
        if part.content_type == "text/plain":
            yield from _in_text(IN_TEXT.sub(lambda url: _target(url[0]), part.text), "text")
    yield from _of_phplist(fields, parts, pages)


def _of_phplist(
    fields: Iterable[HeaderField], parts: Iterable[TextPart], pages: Iterable[Page]
) -> Iterator[Placeholder]:
    if not any(one.name.lower() == "x-mailer" and one.value.lower().startswith("phplist ") for one in fields):
        return
    texts = [("html", "\n".join(page.lines)) for page in pages]
    texts += [("text", part.text) for part in parts if part.content_type == "text/plain"]
    for place, text in texts:
        marks = [mark for mark in dict.fromkeys(_OF_PHPLIST.findall(text)) if not any(tags_of(mark))]
        yield from (Placeholder(mark, place, is_certain=False) for mark in marks[:MOST_FOUND])


def _shown(page: Page) -> Iterator[tuple[str, Page]]:
    yield "html", page
    if page.outlook is not None:
        yield "html (Outlook)", page.outlook


def _in_links(targets: str) -> Iterator[Placeholder]:
    """Yield what stands in the addresses; in a sentence that is handed on to another program it may be that one's own."""
    handed_on = [one for one in _PARAMETER.findall(targets) if _is_sentence(one)]
    own = _PARAMETER.sub(lambda one: "" if _is_sentence(one[0]) else one[0], targets)
    yield from _in_text(_target(own), "link")
    yield from (replace(one, is_certain=False) for one in _in_text(_target("\n".join(handed_on)), "link"))


def _is_sentence(parameter: str) -> bool:
    before = _CODED_OPENING.split(parameter, 1)
    return len(before) > 1 and ("%20" in before[0] or "+" in before[0])


def _target(address: str) -> str:
    """Undo the percent-encoding of marks; the rest stays, for `%C3%89` is no field."""
    plain = _CODED_MARK.sub(lambda code: unquote(f"%{code[0][-2:]}"), address)
    return _WITHIN.sub(" ", plain)


def _in_text(text: str, place: str) -> Iterator[Placeholder]:
    found: set[str] = set()
    for syntax, match in tags_of(text.translate(INVISIBLE)):
        if match[0] not in found:
            found.add(match[0])
            yield Placeholder(match[0], place, syntax.is_certain)
        if len(found) >= MOST_FOUND:
            return
