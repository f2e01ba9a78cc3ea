"""The SQL of the fast path: it accepts only what email-validator surely accepts, and leaves the rest to it."""

from __future__ import annotations

from email_validator import SPECIAL_USE_DOMAIN_NAMES

from mailaudit.facts.recipients.source import Layout

# Two bytes that stand in no line of a list (a file that holds them is transcoded first).
NO_DELIMITER = "\x01\x02"
MAX_LINE_BYTES = 4_200_000
# Within this length no part of an address can be too long: local part and labels have at most 63 octets.
SAFE_LENGTH = 64

_ATEXT = r"[A-Za-z0-9_!#$%&'*+\-/=?^`{|}~]+"
_LABEL = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)"
PLAIN_ADDRESS = rf"{_ATEXT}(?:\.{_ATEXT})*@{_LABEL}+(?:[A-Za-z0-9][A-Za-z0-9\-]*)?[A-Za-z]"
WRAPPED_ADDRESS = r"^[^<>@]*<\s*([^<>\s]+)\s*>$"


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def lines_of() -> str:
    """Return the FROM item that yields every physical line of a file (a parameter) as `line`, in order."""
    return (
        "read_csv(?, columns={'line': 'VARCHAR'}, auto_detect=false, header=false, quote='', escape='', "
        f"delim={literal(NO_DELIMITER)}, max_line_size={MAX_LINE_BYTES}, buffer_size={2 * MAX_LINE_BYTES})"
    )


def cell_of(layout: Layout, column: int, *, has_quotes: bool) -> str:
    """Return the expression for one cell of `line`; NULL or empty when the line is not plainly well formed."""
    delimiter = layout.delimiter
    if delimiter is None:
        plain = "line"
        quoted = "NULL"
    else:
        plain = f"split_part(line, {literal(delimiter)}, {column + 1})"
        quoted = f"trim(regexp_extract(line, {literal(_record(delimiter, column))}, 1), '\"')"
    if not has_quotes:
        return plain
    return f"CASE WHEN contains(line, '\"') THEN {quoted} ELSE {plain} END"


def _record(delimiter: str, column: int) -> str:
    """Return the pattern of a whole well-formed line with quotes; its group 1 is the wanted cell."""
    d = "\\" + delimiter if delimiter == "|" else delimiter
    cell = rf'(?:"(?:[^"]|"")*"|[^"{d} ][^"{d}]*|)'
    wanted = rf'("[^"]*"|[^"{d} ][^"{d}]*|)'
    return rf"^(?:{cell}{d}){{{column}}}{wanted}(?:{d}{cell})*$"


def unwrapped(cell: str) -> str:
    """Return the expression for the address in a cell: without spaces around it, and out of `Name <address>`."""
    return (
        f"CASE WHEN ends_with({cell}, '>') THEN regexp_extract({cell}, {literal(WRAPPED_ADDRESS)}, 1) "
        f"ELSE trim({cell}) END"
    )


def is_plain(address: str) -> str:
    """Return the condition under which email-validator surely accepts an address as it is.

    ASCII dot-atom, LDH labels, a dot, a letter at the end; no `--` (IDNA and reserved labels), no special-use name.
    """
    # Not with IN: DuckDB makes a join of a longer list, and a join loses the order of the lines.
    last = f"lower(split_part({address}, '.', -1))"
    special = sorted({name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES})
    is_public = " AND ".join(f"{last} <> {literal(tld)}" for tld in special)
    return (
        f"strlen({address}) <= {SAFE_LENGTH} AND regexp_full_match({address}, {literal(PLAIN_ADDRESS)}) "
        f"AND NOT contains({address}, '--') AND {is_public}"
    )
