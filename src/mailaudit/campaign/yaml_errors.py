"""What a YAML parser says, in words for people who never heard of tokens."""

from __future__ import annotations

import re

import yaml

from mailaudit.campaign.location import Location
from mailaudit.errors import Complaint

_TAB_INDENT = re.compile(r"^ *\t")

# Pairs of a fragment of PyYAML's or libyaml's message and what to say instead.
_PHRASES: tuple[tuple[str, str, str | None], ...] = (
    (
        "mapping values are not allowed",
        "a second `: ` in one line, or a line with a wrong indentation",
        "put text that holds `: ` in quotes, and align keys of one level",
    ),
    ("unexpected end of stream", "a quoted text is never closed", "add the missing quote"),
    ("expected ',' or ']'", "a list in [ ] is never closed, or a comma is missing", "add the missing ] or comma"),
    (
        "expected ',' or '}'",
        "a mapping in { } is never closed, or a comma is missing",
        "add the missing } or comma",
    ),
    (
        "could not find expected ':'",
        "a line without `key: value`",
        "write `key: value`, with a space after the colon",
    ),
    ("cannot start any token", "a text begins with a special character", "put the text in quotes"),
    ("escape", "a backslash in double quotes starts an unknown escape", "use single quotes, or write \\\\"),
    ("expected <block end>", "a line has a wrong indentation", "align keys of one level"),
    (
        "did not find expected key",
        "a line has a wrong indentation, or text follows a closing quote",
        "align keys of one level, and put a value in quotes as a whole",
    ),
    (
        "did not find expected '-' indicator",
        "a list and a mapping are mixed at one level",
        "indent the list below its key",
    ),
    (
        "expected the node content",
        "a value is missing or begins with a special character",
        "put the text in quotes",
    ),
    ("expected node content", "a value is missing or begins with a special character", "put the text in quotes"),
    ("undefined tag handle", "a YAML tag stands here", "put text that begins with ! in quotes"),
    ("expected <document start>", "text follows the end of the document", "indent all keys alike"),
    ("directive", "a line begins with %", "put text that begins with % in quotes"),
)


def in_plain_words(error: yaml.YAMLError, text: str, display: str) -> Complaint:
    """Turn a syntax error of PyYAML into a complaint with its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Complaint("the file is not valid YAML", Location(display), "see https://yaml.org for the syntax")
    lines = text.split("\n")
    tab_line = _tab_indented_line(lines, mark.line, error)
    if tab_line is not None:
        column = lines[tab_line].index("\t") + 1
        where = Location(display, tab_line + 1, column)
        return Complaint("a tab indents this line, and YAML allows only spaces", where, "replace tabs by spaces")
    what, todo, from_start = _phrase(error)
    context = getattr(error, "context_mark", None)
    if from_start and context is not None:
        mark = context
    return Complaint(f"not valid YAML: {what}", Location(display, mark.line + 1, mark.column + 1), todo)


def _tab_indented_line(lines: list[str], line: int, error: yaml.YAMLError) -> int | None:
    context = getattr(error, "context_mark", None)
    for candidate in (line, context.line if context else line, line - 1):
        if 0 <= candidate < len(lines) and _TAB_INDENT.match(lines[candidate]):
            return candidate
    return None


def _phrase(error: yaml.YAMLError) -> tuple[str, str | None, bool]:
    problem = str(getattr(error, "problem", "") or "")
    for fragment, what, todo in _PHRASES:
        if fragment in problem:
            return what, todo, "never closed" in what or "without" in what
    return problem or "a syntax error", None, False
