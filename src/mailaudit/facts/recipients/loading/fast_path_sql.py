"""The SQL of the fast path: it accepts only what email-validator surely accepts, and leaves the rest to it."""
# ruff: noqa: S608 - texts are quoted as literals, everything else is our own

from collections.abc import Iterable
from functools import cache
from string import ascii_lowercase

from email_validator import SPECIAL_USE_DOMAIN_NAMES

from mailaudit.facts.recipients.reading.rows import Layout
from mailaudit.facts.recipients.sql import literal

# Two bytes that stand in no line of a list (a file that holds them is transcoded first).
NO_DELIMITER = "\x01\x02"
MAX_LINE_BYTES = 4_200_000
MAX_REPEATED = 900
# Within this length no part of an address can be too long: local part and labels have at most 63 octets.
SAFE_LENGTH = 64

# No pattern here holds a backslash: engines disagree on what one means in a text.
_ATEXT = "[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+"
# No hyphen at either end and no two in a row (IDNA and reserved labels).
_LABEL = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
WRAPPED_ADDRESS = r"^[^<>@]*<\s*([^<>\s]+)\s*>$"


def lines_of() -> str:
    """Return the FROM item that yields every physical line of a file (a parameter) as `line`, in order."""
    return (
        "read_csv(?, columns={'line': 'VARCHAR'}, auto_detect=false, header=false, quote='', escape='', "
        f"delim={literal(NO_DELIMITER)}, max_line_size={MAX_LINE_BYTES}, buffer_size={2 * MAX_LINE_BYTES})"
    )


def cells_of(layout: Layout, *, has_quotes: bool) -> str:
    """Return the FROM item with every line of a file, its address `cell` and the further cells `o0`, `o1` ….

    A cell is NULL or empty when the line is not plainly well formed. A line is split once, however many cells are wanted.
    """
    places = (layout.column, *layout.others)
    names = ("cell", *(f"o{at}" for at in range(len(layout.others))))
    cells = ", ".join(
        f"{_cell(layout.delimiter, place, has_quotes=has_quotes, is_other=at > 0)} AS {name}"
        for at, (place, name) in enumerate(zip(places, names, strict=True))
    )
    parts = f"string_split(line, {literal(layout.delimiter)})" if layout.delimiter else "[line]"
    return f"(SELECT line, {cells} FROM (SELECT line, {parts} AS parts FROM {lines_of()}))"


def _cell(delimiter: str | None, column: int, *, has_quotes: bool, is_other: bool) -> str:
    """Return the expression for one cell; only one that `is_other` than the address may hold doubled quotes."""
    plain = f"coalesce(parts[{column + 1}], '')"
    if not has_quotes:
        return plain
    # The engine's patterns repeat nothing more often: such lines are looked at one by one.
    is_known = delimiter is not None and column <= MAX_REPEATED
    pattern = literal(_record(delimiter, column, is_other=is_other)) if delimiter and is_known else ""
    quoted = f"trim(regexp_extract(line, {pattern}, 1), '\"')" if pattern else "NULL"
    return f"CASE WHEN contains(line, '\"') THEN {quoted} ELSE {plain} END"


def _record(delimiter: str, column: int, *, is_other: bool) -> str:
    """Return the pattern of a whole well-formed line with quotes; its group 1 is the wanted cell."""
    d = "\\" + delimiter if delimiter == "|" else delimiter
    cell = rf'(?:"(?:[^"]|"")*"|[^"{d} ][^"{d}]*|)'
    quoted = '"(?:[^"]|"")*"' if is_other else '"[^"]*"'
    wanted = rf'({quoted}|[^"{d} ][^"{d}]*|)'
    return rf"^(?:{cell}{d}){{{column}}}{wanted}(?:{d}{cell})*$"


def looked_at(rows: str) -> str:
    """Return the FROM item that adds to rows with a `cell` the address `c` in it, and whether it is surely valid (`ok`).

    Spaces and a name around an address are taken off only where the cell as it stands is not plainly an address.
    """
    unwrapped = f"CASE WHEN ends_with(cell, '>') THEN regexp_extract(cell, {literal(WRAPPED_ADDRESS)}, 1) ELSE trim(cell) END"
    return (
        f"(SELECT *, CASE WHEN as_it_is THEN TRUE ELSE {is_plain('c')} END AS ok FROM "
        f"(SELECT *, CASE WHEN as_it_is THEN cell ELSE {unwrapped} END AS c FROM "
        f"(SELECT *, {is_plain('cell')} AS as_it_is FROM {rows})))"
    )


def is_plain(address: str) -> str:
    """Return the condition under which email-validator surely accepts an address as it is."""
    return f"strlen({address}) <= {SAFE_LENGTH} AND regexp_full_match({address}, {literal(plain_address())})"


@cache
def plain_address() -> str:
    """Return the pattern of an ASCII dot-atom at a name of plain labels whose last one is of letters.

    The last label is none of the special-use names. All of it is one pattern, because a comparison for each name
    costs more than everything else, and because DuckDB makes a join of `NOT IN`, which loses the order of the lines.
    """
    special = {name.rpartition(".")[2].lower() for name in SPECIAL_USE_DOMAIN_NAMES}
    return f"{_ATEXT}(?:[.]{_ATEXT})*@(?:{_LABEL}[.])+{_other_than(special)}"


def _other_than(words: Iterable[str]) -> str:
    """Return a pattern for letters that spell none of the words, in any case."""
    by_first: dict[str, set[str]] = {}
    for word in words:
        by_first.setdefault(word[0], set()).add(word[1:])
    others = "".join(letter for letter in ascii_lowercase if letter not in by_first)
    branches = [f"[{others}{others.upper()}][A-Za-z]*"]
    branches += [f"[{first}{first.upper()}]{_tail(tails)}" for first, tails in sorted(by_first.items())]
    return f"(?:{'|'.join(branches)})"


def _tail(tails: set[str]) -> str:
    """Return a pattern for what may follow a letter: nothing, unless a word ends there, or other letters."""
    if tails == {""}:
        return "[A-Za-z]+"
    more = _other_than({tail for tail in tails if tail})
    return more if "" in tails else f"(?:{more})?"
