from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mailaudit.campaign.recipients import DatedColumn
from mailaudit.errors import InputError
from mailaudit.facts.recipients.judging.columns.dated import DatedWish
from mailaudit.facts.recipients.kinds import DATED, Kind
from mailaudit.facts.recipients.spark import kinds, queries, read_list
from mailaudit.facts.recipients.spark.session import LIST, Engine
from support.every_kind import Row, assert_same, create_list, evidence, made_up, observed, parquet

DIALECTS = ("spark", "databricks", "bigquery", "snowflake", "trino", "clickhouse", "postgres", "duckdb")


class _Frame:
    """As much of a data frame as is asked of the list itself."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._found = connection.execute("SELECT * FROM list LIMIT 200")
        self.columns = [column[0] for column in self._found.description]

    def limit(self, count: int) -> _Frame:
        assert count == 200
        return self

    def collect(self) -> Sequence[Sequence[Any]]:
        return self._found.fetchall()

    def unpersist(self) -> None:
        """Do nothing."""


def _sha2(text: str, bits: int) -> str:
    return hashlib.new(f"sha{bits}", text.encode()).hexdigest()


class DuckEngine(Engine):
    """Runs in DuckDB what is meant for Spark, so that the statements are tried without it."""

    def __init__(self, rows: list[Row]) -> None:
        self.name = "list"
        self._connection = duckdb.connect()
        self._connection.create_function("sha2", _sha2)
        create_list(self._connection, rows)
        self._connection.sql("SELECT * FROM list").create_view(LIST)
        self.listed = _Frame(self._connection)

    def rows(self, statement: str) -> Iterator[Sequence[Any]]:
        yield from self._connection.execute(statement).fetchall()

    def first(self, statement: str) -> Sequence[Any]:
        return next(iter(self.rows(statement)))

    def keep(self, statement: str, name: str) -> Any:
        self._connection.execute(f"CREATE TABLE {name} AS {statement}")
        return self.listed

    def view(self, rows: Iterable[Sequence[object]], schema: str, name: str) -> None:
        columns = schema.replace("string", "VARCHAR")
        self._connection.execute(f"CREATE TABLE {name}({columns})")
        marks = ", ".join("?" * (schema.count(",") + 1))
        listed = [list(row) for row in rows]
        if listed:
            self._connection.executemany(f"INSERT INTO {name} VALUES ({marks})", listed)  # noqa: S608 - our own name


@pytest.mark.slow
@pytest.mark.parametrize("split", [False, True])
def test_the_portable_statements_count_as_the_engine_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, split: bool
) -> None:
    rows = made_up(2000)
    monkeypatch.setattr(read_list, "Engine", lambda _plan: DuckEngine(rows))
    more = evidence(tmp_path) | {"split": split}
    assert_same(
        observed({"engine": "spark", "table": "list", **more}),
        observed({"files": [parquet(tmp_path, rows)], **more}),
    )


def test_people_are_shown_masked_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[Row] = [(cell, *[None] * 5) for cell in ("sales@b.example", "info@a.example", "no one")]
    monkeypatch.setattr(read_list, "Engine", lambda _plan: DuckEngine(rows))
    samples = observed({"engine": "spark", "table": "list"}).files[0].samples
    assert [sample.address for sample in samples[Kind.ROLE]] == ["i…@a.example", "s…@b.example"]
    assert [sample.line for sample in samples[Kind.INVALID]] == [None]


def test_a_dated_column_that_does_not_exist_is_told_with_those_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_list, "Engine", lambda _plan: DuckEngine([("a@b.example", *[None] * 5)]))
    with pytest.raises(InputError, match="agreed"):
        observed({"engine": "spark", "table": "list", "consent": {"column": "when"}})


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_compiles_for_every_engine(dialect: str) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    # Engines spell and encode digests differently: only Spark, which runs them, is given them.
    lengths = (32, 40, 64) if dialect == "spark" else ()
    wishes = [DatedWish(DatedColumn(column="c", max_age="3y"), date(2026, 1, 1), of) for of in DATED.values()]
    statements = (
        *queries.statements("shop.subscribers", "E-Mail", (("agreed", "entered"), ("last open",), ("status",))),
        *(kinds.dated(at, how, why) for at, wish in enumerate(wishes) for _, how, why in wish.reasons()),
        *map(kinds.by_domain, (Kind.UNDELIVERABLE, Kind.PARKED, Kind.DISPOSABLE, Kind.TYPO)),
        *(kinds.suppressed(lengths), kinds.refuted(), kinds.opted_out(range(len(wishes))), kinds.roles()),
        *(kinds.same_mailbox(), kinds.machine_made(), kinds.international()),
    )
    for statement in (queries.transpiled(one, dialect) for one in statements):
        assert "\\" not in statement.replace("\\'", "")
        sqlglot.parse_one(statement, read=dialect)


def test_spark_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(InputError, match="spark needs the package pyspark"):
        observed({"engine": "spark", "table": "subscribers"})
