"""Opens a list of any format: by its suffix, and by its first bytes when the suffix says nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.campaign.values import STDIN, DatabaseUrl
from mailaudit.facts.recipients.columns import Wanted
from mailaudit.facts.recipients.databases import open_database
from mailaudit.facts.recipients.json_lines import open_json_lines
from mailaudit.facts.recipients.relations import open_parquet
from mailaudit.facts.recipients.sheets import open_sheet
from mailaudit.facts.recipients.source import Source, display_name, open_delimited

if TYPE_CHECKING:
    from mailaudit.facts.recipients.workspace import Workspace

Opener = Callable[[Path, str, Wanted], Source]
_OPENERS: dict[str, Opener] = {
    ".csv": open_delimited,
    ".tsv": open_delimited,
    ".txt": open_delimited,
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
    ".parquet": open_parquet,
    ".xlsx": open_sheet,
    ".xls": open_sheet,
    ".xlsb": open_sheet,
    ".ods": open_sheet,
}
_MAGIC: tuple[tuple[bytes, Opener], ...] = (
    (b"PAR1", open_parquet),
    (b"PK\x03\x04", open_sheet),
    (b"\xd0\xcf\x11\xe0", open_sheet),
    (b"{", open_json_lines),
)
STDIN_NAME = "standard input"


def open_source(
    path: Path | DatabaseUrl,
    work: Workspace,
    *,
    column: str | None = None,
    others: Sequence[str] = (),
    keys: Sequence[str] = (),
    takes_hashes: bool = False,
    table: str | None = None,
    query: str | None = None,
) -> Source:
    """Open a list; raises `InputError` when it or a wanted column cannot be used.

    `others` are further columns to read, `keys` the keys of the campaign file that name them, `takes_hashes` says that
    digests may stand in place of addresses, `table` or `query` say what to read from a database. Standard input is
    copied to the workspace first.
    """
    wanted = Wanted(column, tuple(others), takes_hashes=takes_hashes, keys=tuple(keys))
    if isinstance(path, DatabaseUrl):
        return open_database(path, wanted, table=table, query=query)
    if path == STDIN:
        copy = work.folder / "stdin"
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        return _by_content(copy)(copy, STDIN_NAME, wanted)
    opener = _OPENERS.get(suffix_of(path)) or _by_content(path)
    return opener(path, display_name(path), wanted)


def suffix_of(path: Path) -> str:
    """Return the suffix that tells the format, in lower case; that before `.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]


def _by_content(path: Path) -> Opener:
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        return open_delimited  # which says what is wrong with the file
    return next((opener for magic, opener in _MAGIC if head.startswith(magic)), open_delimited)
