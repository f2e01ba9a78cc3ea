from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.errors import InputError
from mailaudit.facts.recipients import portable
from mailaudit.facts.recipients.address import judge
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.observe import observe_recipients

DOMAINS = (
    "gmail.com",
    "orange.fr",
    "gmial.com",
    "mailinator.com",
    "acme.example",
    "bücher.example",
    "acme.invalidtld",
)
DRESSED = ("{}", "{}", "{}", " {} ", "A Name <{}>", "{}.", "{}\n", "é{}", "x {}", "{};b@acme.example")


def made_up(rows: int) -> list[str]:
    rng = random.Random(1)  # noqa: S311 - made-up addresses need no cryptography
    names = ("anna", "Anna", "info", "bob", "sales+news", "carl.x", "a" * 60)
    return [
        rng.choice(DRESSED).format(f"{rng.choice(names)}{rng.randrange(rows // 4)}@{rng.choice(DOMAINS)}")
        if rng.random() < 0.9
        else rng.choice(("info@acme.example", "", "nobody", "x@y"))
        for _ in range(rows)
    ]


def observed(recipients: dict[str, Any]) -> RecipientFacts:
    plan = {"name": "t", "from": "news@acme.example", "recipients": recipients}
    facts = asyncio.run(observe_recipients(Campaign.model_validate(plan), None))
    assert facts is not None
    return facts


def parquet(tmp_path: Path, cells: list[str]) -> Path:
    path = tmp_path / "list.parquet"
    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE list AS SELECT unnest(?::VARCHAR[]) AS "E-Mail", 1 AS id', [cells])
        connection.execute("COPY list TO ? (FORMAT parquet)", [str(path)])
    return path


def test_the_portable_statements_count_as_the_engine_does(tmp_path: Path) -> None:
    cells = made_up(3000)
    facts = observed({"files": [parquet(tmp_path, cells)]})
    with duckdb.connect() as connection:
        connection.execute('CREATE TABLE list AS SELECT unnest(?::VARCHAR[]) AS "E-Mail"', [cells])
        residue = connection.execute(portable.residue("list", "E-Mail")).fetchall()
        connection.execute(f"CREATE TABLE {portable.JUDGED}(c VARCHAR, k VARCHAR)")
        valid = [(cell, judge(cell).key) for cell, _ in residue if judge(cell).is_valid]
        connection.executemany(f"INSERT INTO {portable.JUDGED} VALUES (?, ?)", valid)  # noqa: S608 - our own name
        connection.execute(f"CREATE TABLE {portable.PEOPLE} AS {portable.people('list', 'E-Mail')}")
        totals = connection.execute(portable.totals()).fetchall()[0]
        roles = connection.execute(portable.roles()).fetchall()[0][0]
    assert tuple(map(int, totals)) == (facts.valid, facts.unique, facts.domains)
    assert sum(count for cell, count in residue if not judge(cell).is_valid) == facts.invalid
    assert roles == facts.role


@pytest.mark.parametrize("dialect", portable.DIALECTS)
def test_every_statement_compiles_for_every_engine(dialect: str) -> None:
    sqlglot = pytest.importorskip("sqlglot")
    for statement in portable.in_dialect("shop.subscribers", "E-Mail", dialect):
        assert "\\" not in statement.replace("\\'", "")
        sqlglot.parse_one(statement, read=dialect)


def test_spark_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(InputError, match="spark needs the package pyspark"):
        observed({"engine": "spark", "table": "subscribers"})


@pytest.mark.integration
def test_spark_counts_as_duckdb_does(tmp_path: Path) -> None:
    sql = pytest.importorskip("pyspark.sql")
    pytest.importorskip("sqlglot")
    spark = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        path = parquet(tmp_path, made_up(5000))
        stop = tmp_path / "stop.txt"
        stop.write_text("info@acme.example\n", encoding="utf-8")
        spark.read.parquet(str(path)).createOrReplaceTempView("subscribers")
        there = observed({"engine": "spark", "table": "subscribers", "suppression": [stop]})
        here = observed({"files": [path], "suppression": [stop]})
        with pytest.raises(InputError, match="Spark cannot read it"):
            observed({"engine": "spark", "table": "nobody"})
    finally:
        spark.stop()
    for number in ("rows", "valid", "invalid", "unreadable", "duplicates", "unique", "domains", "suppressed", "role",
                   "disposable", "typo", "undeliverable_domain", "providers", "largest_company_domain"):  # fmt: skip
        assert getattr(there, number) == getattr(here, number), number
