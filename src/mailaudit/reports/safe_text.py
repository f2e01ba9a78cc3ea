"""Text of foreign origin, made harmless before it is shown."""

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
_ALIVE = _HIDDEN | {"Zl", "Zp"}
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
    }
)


# What our own formats write on purpose: line ends, tabs, and the colours of the terminal report.
_MEANT = re.compile(r"\r\n|[\n\t]|\x1b\[[0-9;]*m")
# A runner takes a line that begins with :: for a command, and ##[, ##vso[ and ##teamcity[ wherever they stand.
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#(?:vso|teamcity)?\[)", re.MULTILINE)


def inert(text: str) -> str:
    """Return a rendered text in which what is alive in a terminal or an editor is a JSON escape.

    It is the last net under every output: line ends, tabs and our own colours stay.
    """
    if _MEANT.sub("", text).isprintable():
        return text
    pieces = []
    done = 0
    for meant in _MEANT.finditer(text):
        pieces += [_escaped(text[done : meant.start()]), meant.group()]
        done = meant.end()
    return "".join((*pieces, _escaped(text[done:])))


def for_runner(text: str, hashes: str = "# ") -> str:
    """Return a text in which a CI runner sees no command; `hashes` is what stands for the first of two hash signs."""
    return _COMMAND.sub(lambda found: hashes if found.group() == "#" else f"{found[1]}: ", text)


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


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c in _JOINERS or unicodedata.category(c) not in _ALIVE else _units(c) for c in text)


def _units(character: str) -> str:
    """Return the UTF-16 units of a character as JSON writes them."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


def _is_shown(character: str) -> bool:
    if character in _BLANKS or character in _JOINERS:
        return True
    return unicodedata.category(character) not in _HIDDEN
