"""Who must not be mailed: suppression lists, plain or hashed, compared with the recipients."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.engine import Workspace
from mailaudit.facts.recipients.loading.load import create_tables, drop_tables, load
from mailaudit.facts.recipients.model import SuppressionFile
from mailaudit.facts.recipients.reading.open_list import open_source

# Hexadecimal digests of the comparable address, by their length.
DIGESTS = {32: "md5(k)", 40: "sha1(k)", 64: "sha256(k)"}


def load_stop_list(work: Workspace, paths: Sequence[Path]) -> tuple[SuppressionFile, ...]:
    """Create `stop(k)`: every address (or digest of one) that must not be mailed."""
    work.create("stop")
    create_tables(work, 0)
    files = [load(work, open_source(path, work, takes_hashes=True)) for path in paths]
    work.run("INSERT INTO stop SELECT DISTINCT k FROM mailed")
    work.run(
        "INSERT INTO stop SELECT DISTINCT shown FROM judged WHERE kind = 'hash' AND shown NOT IN (SELECT k FROM stop)"
    )
    found = []
    for file in files:
        usable: int = work.one(f"SELECT count(*) FROM mailed WHERE {file.within}")
        hashes: int = work.one(f"SELECT count(*) FROM judged WHERE kind = 'hash' AND {file.within}")
        bad = work.rows(f"SELECT r, reason FROM judged WHERE kind <> 'hash' AND {file.within} ORDER BY r LIMIT 20")
        unusable: int = work.one(f"SELECT count(*) FROM judged WHERE kind <> 'hash' AND {file.within}")
        found.append(
            SuppressionFile(
                path=file.source.display,
                name=file.source.name,
                rows=usable + hashes + unusable,
                unusable=unusable,
                unusable_lines=tuple((file.line(row), reason) for row, reason in bad),
            )
        )
    drop_tables(work)
    return tuple(found)


def add_suppressed(found: ListCounts) -> int:
    """Create `suppressed(r, k)`, the first row of every recipient on a suppression list; return how many there are."""
    work = found.work
    lengths = {length for (length,) in work.rows("SELECT DISTINCT strlen(k) FROM stop WHERE NOT contains(k, '@')")}
    tests = ["k IN (SELECT k FROM stop)"]
    tests += [f"{digest} IN (SELECT k FROM stop)" for length, digest in DIGESTS.items() if length in lengths]
    work.run(f"CREATE TABLE suppressed AS SELECT min(r) AS r, k FROM mailed WHERE {' OR '.join(tests)} GROUP BY k")
    return found.add(Kind.SUPPRESSED, "suppressed", "'stands in the suppression list'")
