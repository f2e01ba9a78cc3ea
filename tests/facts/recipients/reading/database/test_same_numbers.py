"""A list with every kind of row is counted in a database as in a file."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

from support.every_kind import (
    COLUMNS,
    assert_same_numbers,
    create_list,
    evidence,
    made_up,
    observed,
    parquet,
)

ROWS = made_up(1000)


def as_csv(folder: Path) -> dict[str, Any]:
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])
    return {"files": [path]}


def in_sqlite(folder: Path) -> dict[str, Any]:
    connection = sqlite3.connect(folder / "list.sqlite")
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    connection.execute(f"CREATE TABLE list ({columns})")
    connection.executemany("INSERT INTO list VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    return {"files": [f"sqlite://{folder}/list.sqlite"], "table": "list"}


def in_duckdb(folder: Path) -> dict[str, Any]:
    with duckdb.connect(str(folder / "list.duckdb")) as connection:
        create_list(connection, ROWS)
    return {"files": [f"duckdb://{folder}/list.duckdb"], "table": "list"}


@pytest.mark.slow
@pytest.mark.parametrize("source", [as_csv, in_sqlite, in_duckdb])
def test_every_kind_is_counted_alike_wherever_the_list_lies(tmp_path: Path, source: Any) -> None:
    more = evidence(tmp_path)
    there, here = observed(source(tmp_path) | more), observed({"files": [parquet(tmp_path, ROWS)], **more})
    assert_same_numbers(there, here)
    assert there.files[0].counts == here.files[0].counts
