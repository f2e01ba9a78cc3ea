"""A list in a local Apache Spark is counted and cleaned as one in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from msgspec.structs import replace

from mailaudit.cleaning.choose_rows import DEFAULT, NAMES
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import Cleaned, CleanPlan
from mailaudit.errors import InputError
from mailaudit.facts.message.merge.model import Cells, Join
from support.every_kind import assert_same, campaign, evidence, made_up, observed, parquet
from support.lists import observed_list

pytestmark = pytest.mark.integration
ROWS = made_up(3000)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    pytest.importorskip("sqlglot")
    folder = tmp_path_factory.mktemp("spark")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(str(parquet(folder, ROWS))).write.saveAsTable("subscribers")
    yield session
    session.stop()


@pytest.fixture(params=[False, True], ids=["first-address", "every-address"])
def more(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    return evidence(tmp_path) | {"split": request.param}


def cleaned(recipients: dict[str, Any], plan: CleanPlan) -> Cleaned:
    return asyncio.run(clean(campaign(recipients), None, plan))


@pytest.mark.usefixtures("session")
def test_spark_counts_as_duckdb_does(tmp_path: Path, more: dict[str, Any]) -> None:
    there = observed({"engine": "spark", "table": "subscribers", **more})
    assert_same(there, observed({"files": [parquet(tmp_path, ROWS)], **more}))


@pytest.mark.usefixtures("session")
def test_what_spark_cannot_read_is_told() -> None:
    with pytest.raises(InputError, match="Spark cannot do it"):
        observed({"engine": "spark", "table": "nobody"})


# Which spelling of a mailbox stays depends on the order of the rows, which Spark does not know.
@pytest.mark.parametrize("classes", [DEFAULT, frozenset(NAMES) - {"same-mailbox"}])
def test_spark_cleans_as_duckdb_does(
    session: Any, tmp_path: Path, more: dict[str, Any], classes: frozenset[str]
) -> None:
    here = cleaned({"files": [parquet(tmp_path, ROWS)], **more}, CleanPlan(classes, dry_run=True))
    there = cleaned({"engine": "spark", "table": "subscribers", **more}, CleanPlan(classes, force=True))
    (file,), (same,) = there.files, here.files
    assert (file.rows, file.kept, file.removed) == (same.rows, same.kept, same.removed)
    assert there.not_examined == here.not_examined
    kept, removed = session.table("subscribers_clean"), session.table("subscribers_removed")
    assert kept.columns == session.table("subscribers").columns
    assert kept.count() == file.kept
    assert more["split"] or (
        kept.union(removed.drop("mailaudit_class", "mailaudit_reason"))
        .exceptAll(session.table("subscribers"))
        .count()
        == 0
    )
    assert dict(removed.groupBy("mailaudit_class").count().collect()) == file.removed
    assert removed.where("mailaudit_reason IS NULL").count() == 0
    again = cleaned({"engine": "spark", "table": "subscribers_clean", **more}, CleanPlan(classes, dry_run=True))
    assert not again.files[0].removed


@pytest.mark.usefixtures("session")
def test_a_table_that_exists_is_not_replaced_unasked() -> None:
    recipients = {"engine": "spark", "query": "SELECT 'a@b.example' AS email, 1 AS id"}
    first = cleaned(recipients, CleanPlan(DEFAULT))
    assert (first.files[0].clean, first.files[0].kept) == ("mailaudit_clean", 1)
    with pytest.raises(InputError, match="mailaudit_clean exists already"):
        cleaned(recipients, CleanPlan(DEFAULT))
    with pytest.raises(InputError, match="into tables"):
        cleaned(recipients, CleanPlan(DEFAULT, to="csv"))


CELLS = (
    "Ann",
    "",
    None,
    " ",
    "null",
    "N/A",
    "-",
    "<b>Zoé</b>",
    "{{ x }}",
    "ann@acme.example",
    "É" * 40,
    "0",
    "none",
)
WISHES = {"first_name": None, "Town": None, "company": None, "nick": "first_name"}


def test_spark_joins_a_template_with_the_list_as_duckdb_does(session: Any, tmp_path: Path) -> None:
    file = tmp_path / "readers.parquet"
    rows = [(f"reader{n}@acme.example", cell, f"town {n}") for n, cell in enumerate(CELLS * 30)]
    with duckdb.connect() as connection:
        columns = ("email", "First Name", "town")
        listed = ", ".join(f'unnest(?::VARCHAR[]) AS "{name}"' for name in columns)
        connection.execute(f"CREATE TABLE list AS SELECT {listed}", [list(of) for of in zip(*rows, strict=True)])
        connection.execute("COPY list TO ? (FORMAT parquet)", [str(file)])
    session.read.parquet(str(file)).createOrReplaceTempView("readers")

    def joins(recipients: dict[str, Any]) -> list[Join]:
        found = observed_list(campaign(recipients), fields=WISHES)
        assert found.joins is not None
        return [replace(one, cells=one.cells and replace(one.cells, gaps=())) for one in found.joins]

    there = joins({"engine": "spark", "query": "SELECT * FROM readers"})
    assert there == joins({"files": [file]})
    cells = {one.field: one.cells for one in there}
    assert cells["first_name"] == Cells(390, 90, 120, 40, 30, 30, 30)
    assert cells["company"] is None
