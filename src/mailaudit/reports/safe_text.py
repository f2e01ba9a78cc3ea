"""Text of foreign origin, made harmless before it is shown."""

from __future__ import annotations

import re
import unicodedata

_ESCAPE = re.compile(
    r"""
      (?:\x1b\]|\x9d) [^\x07\x1b\x9c]* (?:\x07|\x1b\\|\x9c)?      # operating system command (titles, links)
    | (?:\x1b[PX^_]|[\x90\x98\x9e\x9f]) [^\x1b\x9c]* (?:\x1b\\|\x9c)?  # device control and other strings
    | (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]?                        # control sequence (colour, cursor)
    | \x1b [ -/]* [0-~]?                                          # any other escape
    """,
    re.VERBOSE,
)
_BLANKS = {"\t", "\n", "\x0b", "\x0c", "\r", "\x85", "\u2028", "\u2029"}
_JOINERS = {"\u200c", "\u200d"}
_HIDDEN = {"Cc", "Cf", "Cs", "Cn", "Co"}
_RUNS = re.compile(r" {2,}")
_ASCII = str.maketrans(
    {
        "…": "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "·": "-",
        "•": "*",
        "\N{MULTIPLICATION SIGN}": "x",
        "≥": ">=",
        "≤": "<=",
        "→": "->",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "€": "EUR",
    },
)


def plain(text: str) -> str:
    """Return one line without terminal escapes, control characters, direction overrides and invisible ones."""
    if text.isascii() and text.isprintable():
        return text
    without = _ESCAPE.sub("", text)
    shown = "".join(" " if c in _BLANKS else c for c in without if _is_shown(c))
    return _RUNS.sub(" ", shown) if any(c in _BLANKS for c in without) else shown


def plain_lines(text: str) -> list[str]:
    """Return the lines of a text, each made plain; runs of blanks stay as they are inside a line."""
    return [plain(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def shorten(text: str, limit: int) -> str:
    """Cut a text to at most `limit` characters and say how many were left out."""
    if len(text) <= limit:
        return text
    mark = f"… ({len(text):,} characters)"
    return text[: max(0, limit - len(mark))] + mark


def clip(text: str, limit: int, mark: str = "…") -> str:
    """Cut a name to at most `limit` characters, the mark included."""
    return text if len(text) <= limit else text[: limit - len(mark)] + mark


def to_ascii(text: str) -> str:
    """Write a text in ASCII: typographic signs by their plain cousins, accents dropped, the rest as escapes."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_ASCII))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.encode("ascii", "backslashreplace").decode("ascii")


def _is_shown(character: str) -> bool:
    if character in _BLANKS or character in _JOINERS:
        return True
    return unicodedata.category(character) not in _HIDDEN
