"""A query of the campaign file is data: one SELECT over the named database, and nothing else."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading.database import connections, open_database
from mailaudit.facts.recipients.reading.database.copy_process import Task, copy_from_file
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.tables.engine import Workspace

PEOPLE = [("anna@acme.example", "FR"), ("bob@acme.example", "DE")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "other.csv").write_text("email\nsecret@other.example\n", encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "shop.sqlite")) as lite:
        lite.execute("CREATE TABLE people (email TEXT, country TEXT)")
        lite.executemany("INSERT INTO people VALUES (?, ?)", PEOPLE)
        lite.commit()
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as duck:
        duck.execute("CREATE TABLE people (email TEXT, country TEXT)")
        duck.executemany("INSERT INTO people VALUES (?, ?)", PEOPLE)
    return tmp_path


def emails(folder: Path, scheme: str, query: str) -> list[str]:
    """Return the first column of a query, copied in this process."""
    copy = Path(tempfile.mkdtemp(dir=folder.parent)) / "copy.parquet"
    task = Task(scheme, str(folder / f"shop.{scheme}"), None, query, str(copy), "query", 60)
    copy_from_file(task, lambda header, _: range(len(header)))
    return [str(row[0]) for row in duckdb.read_parquet(str(copy)).fetchall()]


def audited(folder: Path, scheme: str, query: str | None = None, table: str | None = None) -> list[str]:
    """Return the addresses as an audit reads them, which is in a process of its own."""
    work = Workspace(reads=())
    try:
        source = open_source(DatabaseUrl(f"{scheme}://shop.{scheme}", folder), work, query=query, table=table)
        return [row.cell for row in source.rows()]
    finally:
        work.close()


def state(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
@pytest.mark.parametrize(
    "query",
    [
        "select email from people where country = 'FR'",
        "with f as (select * from people where country = 'FR') select email from f; -- é; the French /* once */ ;",
        "select lower(email) as email from people where country like 'F%' order by 1;",
        "/* one */ select email from people where country = 'FR' and 'a;b' <> ';' -- each; once",
    ],
)
def test_what_people_write_runs(folder: Path, scheme: str, query: str) -> None:
    before = state(folder)
    assert emails(folder, scheme, query) == ["anna@acme.example"]
    assert state(folder) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "query"),
    [
        ("duckdb", "select 1 as email; COPY (select 1) TO 'out.csv'"),
        ("duckdb", "select 1 as email) ; COPY (select 'x') TO 'out.csv'; select * from (select 1 as email"),
        ("duckdb", "COPY people TO 'out.csv'"),
        ("duckdb", "INSTALL httpfs"),
        ("duckdb", "LOAD httpfs"),
        ("duckdb", "SET enable_external_access = true"),
        ("duckdb", "ATTACH 'made.db' AS other"),
        ("duckdb", "PRAGMA database_list"),
        ("duckdb", "select * from read_csv('other.csv')"),
        ("duckdb", "select * from 'other.csv'"),
        ("duckdb", "select content as email from read_text('other.csv')"),
        ("duckdb", "select file as email from glob('*')"),
        ("duckdb", "delete from people returning email"),
        ("sqlite", "VACUUM INTO 'copy.db'"),
        ("sqlite", "ATTACH 'made.db' AS other"),
        ("sqlite", "PRAGMA journal_mode = WAL"),
        ("sqlite", "DELETE FROM people RETURNING email"),
        ("sqlite", "select load_extension('x') as email"),
        ("sqlite", "select * from pragma_table_info('people')"),
        ("sqlite", "select 1 as email; select 2"),
        ("sqlite", "select hex(randomblob(900000000)) as email"),
    ],
)
def test_whatever_else_is_refused_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, query: str
) -> None:
    monkeypatch.chdir(folder)
    before = state(folder)
    with pytest.raises((InputError, duckdb.Error, sqlite3.Error, sqlite3.Warning)) as refused:
        emails(folder, scheme, query)
    assert "secret" not in str(refused.value)
    assert state(folder) == before


ENDLESS = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) as email from n"
WITHIN_ONE_CALL = "select damerau_levenshtein(repeat('x', 12000), repeat('y', 12000))::varchar as email"


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "query"), [("sqlite", ENDLESS), ("duckdb", WITHIN_ONE_CALL)])
def test_what_does_not_end_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, query: str
) -> None:
    monkeypatch.setattr(open_database, "QUERY_S", 0.8)
    with pytest.raises(InputError, match="longer than"):
        audited(folder, scheme, query=query)
    assert not list(folder.glob("*.parquet"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="no other system bounds the memory of a process so")
def test_a_view_that_makes_more_than_memory_holds_is_refused(folder: Path) -> None:
    with duckdb.connect(str(folder / "shop.duckdb")) as duck:
        duck.execute("CREATE VIEW large AS SELECT repeat('x', 2000000000) AS email")
    with pytest.raises(InputError, match="MiB of memory"):
        audited(folder, "duckdb", table="large")


@pytest.mark.slow
def test_what_waits_in_the_log_of_sqlite_is_read(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "shop.sqlite")) as lite:
        lite.execute("PRAGMA journal_mode = WAL")
        lite.execute("INSERT INTO people VALUES ('carl@acme.example', 'AT')")
        lite.commit()
        assert "carl@acme.example" in audited(folder, "sqlite", table="people")


def test_an_error_of_an_engine_quotes_no_row(folder: Path) -> None:
    with pytest.raises(InputError) as refused:
        audited(folder, "duckdb", query="select email::integer as email from people")
    assert "cannot be read" in str(refused.value)
    assert "anna@" not in str(refused.value)


def test_one_column_may_be_wanted_twice(folder: Path) -> None:
    query = "select country, email, email as EMail from people order by 1"
    assert audited(folder, "sqlite", query=query) == ["bob@acme.example", "anna@acme.example"]


@pytest.mark.parametrize(
    ("query", "is_fine"),
    [
        ("SELECT email FROM crm.people WHERE country = 'FR' -- the French", True),
        ("WITH p AS (SELECT * FROM people) SELECT email FROM p UNION SELECT email FROM others", True),
        ("SELECT * FROM csv.`/srv/other.csv`", False),
        ("SELECT reflect('java.lang.Runtime', 'getRuntime')", False),
        ("SELECT java_method('java.util.UUID', 'randomUUID') AS email", False),
        ("SELECT TRANSFORM(email) USING 'sh -c id' AS (email) FROM people", False),
        ("DROP TABLE people", False),
        ("INSERT INTO people SELECT * FROM people", False),
        ("SELECT 1; SELECT 2", False),
        ("ADD JAR '/srv/other.jar'", False),
        ("SET spark.sql.ansi.enabled = true", False),
        ("SELECT * FROM crm.people", True),
        ("SELECT * FROM xml.`/etc/hostname`", False),
        ("SELECT '${env:HOME}' AS email", False),
        ("SELECT * FROM `org.acme.spark.Files`.`x`", False),
        ("SELECT * FROM IDENTIFIER('te' || 'xt.`/etc/hostname`')", False),
    ],
)
def test_a_query_for_spark_is_parsed(query: str, *, is_fine: bool) -> None:
    pytest.importorskip("sqlglot")
    if is_fine:
        connections.require_spark_select(query, "query")
    else:
        with pytest.raises(InputError, match=r"not one SELECT|reaches beyond"):
            connections.require_spark_select(query, "query")
