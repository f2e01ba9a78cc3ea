"""Read a JSON report that was saved earlier."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.errors import refused
from mailaudit.location import Location
from mailaudit.reach.bounded import read_bounded
from mailaudit.reports.document.render import loads, loads_each, loads_saved

if TYPE_CHECKING:
    from mailaudit.reports.document.types import Document
    from mailaudit.reports.fleet.model import Fleet

_MOST_OCTETS = 200 * 1024 * 1024


def load_report(path: Path) -> Document:
    """Return the document in a file (`-` is standard input); raises `InputError` when it cannot be used."""
    return loads(read_text(path), str(path))


def load_reports(path: Path) -> tuple[Document, ...]:
    """Return the documents in a file that holds the report of one campaign or of several; raises `InputError`."""
    return loads_each(read_text(path), str(path))


def load_saved(path: Path) -> Document | Fleet:
    """Return what a file holds, the report of one campaign or of several; raises `InputError`."""
    from mailaudit.reports.fleet.model import UNUSABLE, Fleet  # noqa: PLC0415 - only where several may come

    reports, rows = loads_saved(read_text(path), str(path))
    if rows is None:
        return reports[0]
    unusable = {
        str(row.get("file")): tuple(map(str, wrong))
        for row in rows
        if isinstance(row, dict) and row.get("verdict") == UNUSABLE and isinstance(wrong := row.get("tasks"), list)
    }
    return Fleet(reports, unusable=unusable)


def read_text(path: Path) -> str:
    """Return the text of a JSON file of bounded size; raises `InputError` when it cannot be read."""
    where = Location(str(path))
    try:
        piped = str(path) == "-"
        octets = sys.stdin.buffer.read(_MOST_OCTETS + 1) if piped else read_bounded(path, _MOST_OCTETS)
        if len(octets) > _MOST_OCTETS:
            raise refused("larger than any report of mailaudit", where, "name a JSON report")
        return octets.decode("utf-8-sig")
    except OSError as error:
        raise refused(f"cannot be read ({error.strerror or error})", where, "name a JSON report") from error
    except UnicodeDecodeError as error:
        raise refused("is not UTF-8 text", where, "name a JSON report made by mailaudit") from error
