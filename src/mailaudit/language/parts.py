"""What a text for people is cut into before it is looked up, and by the extraction before it is written down."""

import re
from collections.abc import Callable

# What stands before a text and is no part of it: the indent, a bullet, the sign of a comment or of a heading.
_LINE = re.compile(r"(?P<before>\s*(?:(?:[-*•>;|✗▲✓?→]|#{1,4}|\d+\.)\s+)*)(?P<text>.*?)(?P<after>\s*)", re.DOTALL)
_COLUMNS = re.compile(r"(\s{2,})")
_ITEM = re.compile(r"(?:\d+\.|[-*]) ")
_LETTERS = re.compile(r"[^\W\d_]")
# A length of time as it is written in a campaign file.
_SPAN = re.compile(r"(\d+)(y|mo|w|d|h|min|s)")
_SPANS = {"y": "year", "mo": "month", "w": "week", "d": "day", "h": "hour", "min": "minute", "s": "second"}


def has_words(text: str) -> bool:
    """Say whether there is any letter in a text."""
    return _LETTERS.search(text) is not None


def cells(text: str) -> list[str]:
    """Return the pieces of a text that are messages of their own: its lines, and what stands in columns."""
    found: list[str] = []

    def note(piece: str) -> str:
        found.append(piece)
        return piece

    in_pieces(text, note)
    return found


def in_pieces(text: str, change: Callable[[str], str]) -> str:
    """Return a text each piece of which is changed; lines, bullets and columns stay where they are."""
    return "\n".join(_line(line, change) for line in text.split("\n"))


def _line(line: str, change: Callable[[str], str]) -> str:
    matched = _LINE.fullmatch(line)
    if matched is None or not matched["text"]:
        return line
    pieces = _COLUMNS.split(matched["text"])
    told = ""
    for place in range(0, len(pieces), 2):
        piece = change(pieces[place]) if pieces[place] else ""
        gap = pieces[place + 1] if place + 1 < len(pieces) else ""
        # A column begins where it began, unless there is no room.
        told += piece + (" " * max(1, len(pieces[place]) + len(gap) - len(piece)) if gap else "")
    return matched["before"] + told + matched["after"]


def paragraphs(markdown: str) -> list[tuple[str, str]]:
    """Return the paragraphs and the items of lists of a page, each as one line behind its mark: `("1. ", "Ask …")`."""
    found: list[tuple[str, str]] = []
    for block in re.split(r"\n\s*\n", markdown.strip()):
        for place, line in enumerate(block.split("\n")):
            item = _ITEM.match(line)
            if item or place == 0:
                mark = item.group() if item else ""
                found.append((mark, line[len(mark) :].strip()))
            else:
                mark, text = found[-1]
                found[-1] = (mark, f"{text} {line.strip()}")
    return found


def in_words(text: str) -> str | None:
    """Return a length of time in words: `12mo` are `12 months`; nothing for any other text."""
    span = _SPAN.fullmatch(text)
    return f"{span[1]} {_SPANS[span[2]]}{'s' * (span[1] != '1')}" if span else None
