"""Cleans a Parquet file inside the engine, so that the columns keep their types."""
# ruff: noqa: S608 - names are quoted as identifiers, paths as literals

from pathlib import Path

from mailaudit.cleaning.choose_rows import APPLIED
from mailaudit.cleaning.copy_lines import PLAIN_ADDRESS, PLAIN_NUMBER, REMOVED_COLUMNS, Written
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.reading.formats.parquet import ParquetSource
from mailaudit.facts.recipients.sql import identifier, literal
from mailaudit.facts.recipients.tables.engine import Repairs, Workspace
from mailaudit.facts.recipients.tables.text_table import distinct


def rewrite_parquet(
    judged: JudgedList, file: Loaded, source: ParquetSource, temporary: tuple[Path, Path], *, neutral: bool
) -> Written:
    """Copy the rows of a Parquet file to where they belong; each column keeps its type."""
    work = judged.found.work
    names, numbered, row, at = _numbered(file, source, work)
    address = identifier(source.columns[0])
    kept = (
        f"(SELECT list.* REPLACE (coalesce(applied.new, list.{address}) AS {address}) FROM {numbered} AS list "
        f"LEFT JOIN ({APPLIED}) AS applied ON applied.r = list.{row})"
        if work.repairs is Repairs.APPLIED
        else numbered
    )
    texts = [name for name, kind in names if kind == "VARCHAR"]
    gone = f"(SELECT r AS place, class, reason FROM removed WHERE {file.within})"
    stays = f"{kept} AS list WHERE {row} NOT IN (SELECT place FROM {gone} AS gone)"
    wanted = ", ".join(_disarmed(name) if neutral and name in texts else identifier(name) for name, _ in names)
    work.run(_copy(f"SELECT {wanted} FROM {stays} ORDER BY {at}, {row}", temporary[0]))
    line, kind, reason, *_ = map(identifier, distinct((*REMOVED_COLUMNS, *(name for name, _ in names))))
    own = ", ".join(
        _disarmed(name, "list.") if neutral and name in texts else f"list.{identifier(name)}" for name, _ in names
    )
    work.run(
        _copy(
            f"SELECT list.{at} AS {line}, gone.class AS {kind}, gone.reason AS {reason}, {own} FROM {numbered} AS list "
            f"JOIN {gone} AS gone ON gone.place = list.{row} ORDER BY list.{at}, list.{row}",
            temporary[1],
        )
    )
    formulas = " + ".join(f"count(*) FILTER (WHERE {_is_formula(name)})" for name in texts) or "0"
    count, dangerous = work.rows(f"SELECT count(*), {formulas} FROM {stays}")[0]
    return Written(count, work.one(f"SELECT count(*) FROM {gone} AS gone"), dangerous)


def copy_part(judged: JudgedList, file: Loaded, source: ParquetSource, path: Path, part: int) -> None:
    """Copy the rows of one part, as `place(r, part)` has them; each column keeps its type."""
    work = judged.found.work
    names, numbered, row, at = _numbered(file, source, work)
    own = ", ".join(f"list.{identifier(name)}" for name, _ in names)
    chosen = f"(SELECT r AS spot FROM place WHERE part = {part} AND {file.within}) AS chosen"
    work.run(
        _copy(
            f"SELECT {own} FROM {numbered} AS list JOIN {chosen} ON spot = list.{row} ORDER BY list.{at}, list.{row}",
            path,
        )
    )


def _numbered(file: Loaded, source: ParquetSource, work: Workspace) -> tuple[list[tuple[str, str]], str, str, str]:
    """Return the columns with their types, the list with each row's number, and the names of that number and the line."""
    listed = source.relation
    names = [(str(name), str(kind)) for name, kind, *_ in work.rows(f"DESCRIBE SELECT * FROM {listed}")]
    row, at = map(identifier, distinct(("mailaudit_row", "mailaudit_line", *(name for name, _ in names)))[:2])
    numbered = f"(SELECT *, row_number() OVER () AS {at}, {at} + {file.first - 1} AS {row} FROM {listed})"
    address = identifier(source.columns[0])
    if file.split:  # a cell of several addresses is as many rows as it became
        told = (
            f"coalesce(part.address, list.{address}::VARCHAR) AS {address}, coalesce(part.r, list.{row}) AS {row}"
        )
        parts = f"(SELECT * FROM part WHERE {file.within}) AS part"
        numbered = (
            f"(SELECT list.* REPLACE ({told}) FROM {numbered} AS list LEFT JOIN {parts} ON part.line = list.{at})"
        )
    return names, numbered, row, at


def _disarmed(name: str, table: str = "") -> str:
    column = table + identifier(name)
    return f"CASE WHEN {_is_formula(name, table)} THEN chr(39) || {column} ELSE {column} END AS {identifier(name)}"


def _is_formula(name: str, table: str = "") -> str:
    column = table + identifier(name)
    begins = (
        f"(left({column}, 1) IN ('=', '@', chr(9), chr(13)) OR (left({column}, 1) IN ('+', '-') "
        f"AND NOT regexp_full_match({column}, {literal(PLAIN_NUMBER)})))"
    )
    return f"({begins} AND NOT regexp_full_match({column}, {literal(PLAIN_ADDRESS)}))"


def _copy(query: str, path: Path) -> str:
    return f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, USE_TMP_FILE false)"
