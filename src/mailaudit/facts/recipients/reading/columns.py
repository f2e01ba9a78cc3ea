"""Finds the columns of a list: by the name in the header, else by what the cells hold."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from msgspec import Struct

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.facts.recipients.cells.digests import holds_digest
from mailaudit.facts.recipients.mask import mask
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.list_columns import ListColumnsFile
from mailaudit.location import Location

MAX_LISTED = 20
# So many lines may stand before the names of the columns.
MAX_TITLES = 10
_NUMBER = re.compile(r"[1-9]\d{0,4}")


class Wanted(Struct, frozen=True):
    """What is to be read: the address column (found when not given), further columns, and digests if need be.

    `keys` are the keys of the campaign file that name the further columns, for complaints; `sheet` is that of a workbook, or
    a file in an archive; `encoding` is a Python codec name.
    `also` returns the places of what else is wanted, by the header, the first records and the places found so far.
    """

    column: str | None = None
    others: tuple[str, ...] = ()
    takes_hashes: bool = False
    keys: tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    also: Callable[[Sequence[str] | None, Sequence[Sequence[str]], Sequence[int]], Sequence[int]] | None = None


def header_key(text: str) -> str:
    """Return a header name in the form in which names are compared: no case, accents, spaces or punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("\ufeff", "")).casefold()
    return "".join(char for char in plain if char.isalnum())


@kept
def _ranks() -> dict[str, int]:
    """Return the names that mean "e-mail address" or a digest of one, the best of them with the least number."""
    known = entries(ListColumnsFile)
    return {header_key(name): place for place, name in enumerate((*known.addresses, *known.digests))}


def is_address_header(name: str) -> bool:
    """Say whether a header name means "e-mail address"."""
    return header_key(name) in _ranks()


def header_place(sample: Sequence[Sequence[str]], column: str | None) -> int | None:
    """Return which of the first records names the columns (titles may stand above it), or nothing."""
    is_wide = any(_filled(cells) > 1 for cells in sample)
    for at, cells in enumerate(sample[:MAX_TITLES]):
        if any("@" in cell for cell in cells):
            if is_wide and _filled(cells) == 1:
                continue  # a title that says who made the list
            break
        if any(
            is_address_header(cell) if column is None else header_key(cell) == header_key(column) for cell in cells
        ):
            return at
    if column is not None and not _NUMBER.fullmatch(column):
        # A column that is named needs a header: the complaint lists what stands there.
        return 0 if sample else None
    return _nameless_header(sample)


def _nameless_header(sample: Sequence[Sequence[str]]) -> int | None:
    """Return the place of a header that names no address: it stands before all addresses, below titles of one cell."""
    if not sample or _any_at(sample[:1]) or not _any_at(sample[1:]):
        return None
    is_wide = any(_filled(record) > 1 for record in sample)
    for at, record in enumerate(sample[:MAX_TITLES]):
        if _any_at([record]):
            break
        if _filled(record) > 1 or not is_wide:
            return at
    return None


def _filled(record: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in record)


def wanted_columns(
    header: Sequence[str] | None, sample: Sequence[Sequence[str]], wanted: Wanted, display: str
) -> tuple[int, ...]:
    """Return the indices of the address column and of the further ones; raises `InputError` for all that are missing."""
    found: list[int] = []
    complaints: list[Complaint] = []
    try:
        found.append(address_column(header, sample, wanted, display))
    except InputError as error:
        complaints.extend(error.complaints)
    for at, name in enumerate(wanted.others):
        try:
            key = wanted.keys[at] if wanted.keys else None
            found.append(named_column(header, name, display, key, _width(header, sample)))
        except InputError as error:
            complaints.extend(error.complaints)
    if complaints:
        raise InputError(*complaints)
    return (*found, *wanted.also(header, sample, found)) if wanted.also else tuple(found)


def address_column(
    header: Sequence[str] | None, sample: Sequence[Sequence[str]], wanted: Wanted, display: str
) -> int:
    """Return the index of the address column; raises `InputError` when it cannot be told."""
    if wanted.column is not None:
        return named_column(header, wanted.column, display, "recipients.column", _width(header, sample))
    ranks = _ranks()
    by_name = [(ranks[key], at) for at, name in enumerate(header or ()) if (key := header_key(name)) in ranks]
    if by_name:
        return min(by_name)[1]
    width = _width(header, sample)
    holds = holds_digest if wanted.takes_hashes and not _any_at(sample) else _has_at
    hits = [sum(holds(record[at]) for record in sample if at < len(record)) for at in range(width)]
    if width <= 1:
        return 0
    senders = {header_key(name) for name in entries(ListColumnsFile).senders}
    parts = [map(header_key, column_name(header, at).split(".")) for at in range(width)]
    # One address in all rows is the owner's, or the sender's.
    is_one = [
        len({record[at] for record in sample if at < len(record) and holds(record[at])}) == 1
        for at in range(width)
    ]
    received = [
        0 if senders.intersection(part) or (one and hit > 1) else hit
        for part, one, hit in zip(parts, is_one, hits, strict=True)
    ]
    if any(received):
        return received.index(max(received))
    if not hits or max(hits) == 0:
        raise refused(
            f"no column holds e-mail addresses{_listed(header)}",
            Location(display, 1),
            "name the column in recipients.column",
        )
    return hits.index(max(hits))


def _has_at(cell: str) -> bool:
    return "@" in cell


def _any_at(sample: Sequence[Sequence[str]]) -> bool:
    return any(_has_at(cell) for record in sample for cell in record)


def _width(header: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> int:
    return max((len(record) for record in sample), default=len(header or ()))


def named_column(
    header: Sequence[str] | None, wanted: str, display: str, key: str | None = None, width: int = 0
) -> int:
    """Return the index of a column by its name, or by its number counted from 1; raises `InputError`.

    `key` is the key of the campaign file that names it, `width` the number of columns.
    """
    names = list(header or ())
    exact = [at for at, name in enumerate(names) if name.strip() == wanted.strip()]
    close = [at for at, name in enumerate(names) if header_key(name) == header_key(wanted)]
    if exact or close:
        return (exact or close)[0]
    if _NUMBER.fullmatch(wanted) and int(wanted) <= max(len(names), width):
        return int(wanted) - 1
    what = f"there is no column {wanted!r}{f' ({key})' if key else ''}{_listed(header)}"
    raise refused(what, Location(display, 1), "correct its name")


def _listed(header: Sequence[str] | None) -> str:
    if not header:
        return " (the file has no header)"
    if any("@" in name for name in header):
        return " (its first line holds addresses, and no names of columns)"
    names = [shown_name(name) for name in header[:MAX_LISTED]]
    more = f" and {len(header) - MAX_LISTED} more" if len(header) > MAX_LISTED else ""
    return f"; the columns are: {', '.join(names)}{more}"


def wide_enough(header: tuple[str, ...] | None, columns: Sequence[int]) -> tuple[str, ...] | None:
    """Return a header with a name, if need be an empty one, for each of the columns."""
    return header if header is None else (*header, *[""] * (max(columns) + 1 - len(header)))


def column_name(header: Sequence[str] | None, column: int) -> str:
    """Return the name of a column, or its number counted from 1."""
    return (header[column].strip() if header and column < len(header) else "") or f"column {column + 1}"


def shown_name(name: str) -> str:
    """Return the name of a column or a sheet as complaints show it."""
    if "@" in name:  # a list without names, whose first row was taken for them
        return mask(name)
    clean = "".join(char if char.isprintable() else "?" for char in name.strip()[:40])
    return clean or "(unnamed)"
