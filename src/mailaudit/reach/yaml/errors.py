"""What a YAML parser says, in words for people who never heard of tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml
from msgspec import Struct

from mailaudit.errors import Complaint
from mailaudit.location import Location

if TYPE_CHECKING:
    from yaml.error import Mark

_TAB_INDENT = re.compile(r" *\t")
_NO_SPACE_AFTER_COLON = re.compile(r"[ -]*[A-Za-z_]+:[^\s:]")
_QUOTE_IT = "put the text in quotes"
_ALIGN = "align the keys of one level"


class _Phrase(Struct, frozen=True):
    """What is said instead of a fragment of PyYAML's or libyaml's message, perhaps of where the trouble began."""

    fragment: str
    what: str
    todo: str
    of_begin: bool = False


_PHRASES = (
    _Phrase("unexpected end of stream", "a quoted text is never closed", "add the missing quote", of_begin=True),
    _Phrase("document separator", "a quoted text is never closed", "add the missing quote", of_begin=True),
    _Phrase("',' or ']'", "a list in [ ] lacks a comma or its end", "add the missing , or ]", of_begin=True),
    _Phrase("',' or '}'", "a mapping in { } lacks a comma or its end", "add the missing , or }", of_begin=True),
    _Phrase(
        "could not find expected ':'",
        "this line is no `key: value`",
        "write a colon and a space after the key",
        of_begin=True,
    ),
    _Phrase("cannot start any token", "a text begins with a special character", _QUOTE_IT),
    _Phrase(
        "escape", "a backslash in double quotes has no meaning here", "use single quotes, or double the backslash"
    ),
    _Phrase("hexadecimal", "a backslash in double quotes has no meaning here", "use single quotes"),
    _Phrase("expected '-' indicator", "a list and keys are mixed at one level", "indent the list below its key"),
    _Phrase("node content", "a value is missing or begins with a special character", _QUOTE_IT),
    _Phrase("alphabetic or numeric", "a text begins with * or &", _QUOTE_IT),
    _Phrase("tag", "a text begins with !", _QUOTE_IT),
    _Phrase("sequence entries", "a list begins in the line of its key", "begin the list in the next line"),
    _Phrase("block scalar", "a text begins with | or >", _QUOTE_IT),
    _Phrase("directive", "a line begins with %", _QUOTE_IT),
    _Phrase("<document start>", "the file does not begin with a key", "write for example from: news@acme.example"),
)


def in_plain_words(error: yaml.YAMLError, text: str, display: str) -> Complaint:
    """Turn a syntax error of PyYAML into a complaint with its place."""
    problem = str(getattr(error, "problem", None) or "")
    begin: Mark | None = getattr(error, "context_mark", None)
    mark: Mark | None = getattr(error, "problem_mark", None) or begin
    if mark is None:
        return Complaint("this is not valid YAML", Location(display), "look at the example in the documentation")
    lines = text.split("\n")
    for line in (mark.line, begin.line if begin else mark.line, mark.line - 1):
        if 0 <= line < len(lines) and _TAB_INDENT.match(lines[line]):
            where = Location(display, line + 1, lines[line].index("\t") + 1)
            return Complaint(
                "a tab indents this line, and YAML allows only spaces", where, "replace tabs by spaces"
            )
    phrase = _phrase(problem, lines, mark)
    place = begin if phrase.of_begin and begin else mark
    where = Location(display, place.line + 1, place.column + 1)
    return Complaint(f"this is not valid YAML: {phrase.what}", where, phrase.todo)


def _phrase(problem: str, lines: list[str], mark: Mark) -> _Phrase:
    if "mapping values" in problem:
        return _stray_colon(lines, mark)
    if "expected key" in problem or "<block end>" in problem:
        before = lines[mark.line][: mark.column] if mark.line < len(lines) else ""
        if before.strip(" -"):
            return _Phrase(
                "", "text follows a closing quote or bracket", "put the whole value in one pair of quotes"
            )
        return _Phrase("", "this line is indented wrongly", _ALIGN)
    found = (phrase for phrase in _PHRASES if phrase.fragment in problem)
    return next(found, _Phrase("", problem or "a syntax error", "put text with special characters in quotes"))


def _stray_colon(lines: list[str], mark: Mark) -> _Phrase:
    before = lines[mark.line][: mark.column] if mark.line < len(lines) else ""
    if ":" in before:
        return _Phrase("", "this line holds a second `: `", _QUOTE_IT)
    above = next((number for number in range(mark.line - 1, -1, -1) if lines[number].strip()), None)
    if above is not None and _NO_SPACE_AFTER_COLON.match(lines[above]):
        return _Phrase("", f"line {above + 1} has no space after its colon", "write `key: value`")
    return _Phrase("", "this line is indented deeper than the one above", _ALIGN)
