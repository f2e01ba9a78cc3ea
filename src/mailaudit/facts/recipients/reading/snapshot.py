"""Copies what a database returns, for those who read it more than once."""
# ruff: noqa: S608 - names are quoted as identifiers, paths as literals

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.facts.recipients.loading.fast_path_sql import literal
from mailaudit.facts.recipients.loading.text_table import distinct, work_table
from mailaudit.facts.recipients.reading.databases import PostgresSource, SqliteSource
from mailaudit.facts.recipients.reading.duckdb_tables import RelationSource, parquet_file, unreadable
from mailaudit.facts.recipients.reading.json_lines import as_text
from mailaudit.facts.recipients.reading.rows import Source

if TYPE_CHECKING:
    from mailaudit.facts.recipients.loading.engine import Workspace


def settle(source: Source, work: Workspace) -> Source:
    """Return the list as it is now, as text in the workspace; raises `InputError` when it cannot be read."""
    path = Path(tempfile.mkdtemp(dir=work.folder)) / "list.parquet"
    relation = parquet_file(path)
    if isinstance(source, RelationSource) and source.attach is not None:
        import duckdb  # noqa: PLC0415 - heavy

        try:
            with duckdb.connect() as connection:
                connection.execute(source.attach)
                connection.execute(
                    f"COPY (SELECT columns(*)::VARCHAR FROM {source.relation}) TO {literal(str(path))} (FORMAT parquet)"
                )
        except duckdb.Error as error:
            raise unreadable(error, source.display, is_database=True) from error
        return replace(source, relation=relation, attach=None, is_copy=True)
    if isinstance(source, (SqliteSource, PostgresSource)):
        names = _copy(source, path, work)
        return RelationSource(
            path=source.path,
            relation=relation,
            columns=tuple(names[at] for at in source.columns),
            display=source.display,
            name=source.name,
            column=source.column,
            is_copy=True,
        )
    return source


def _copy(source: SqliteSource | PostgresSource, path: Path, work: Workspace) -> Sequence[str]:
    records = source.records()
    names = distinct([str(name) for name in next(records)[0]])
    table = work_table(work, "settling", len(names))
    for _, record in records:
        table.add(tuple(map(as_text, record)))
    table.write_parquet(path, names)
    return names
