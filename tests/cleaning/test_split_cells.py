"""Cells of several addresses become rows of their own when the campaign says so, in every format."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path

import duckdb
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import CleanPlan
from support.lists import observed_list

ROWS = (
    ("Ada", "ada@gmail.com ::: ada@garden.example", "2026-01-01"),
    ("Ben", "Ben <ben@garden.example>; Bea <bea@garden.example>", ""),
    ("Cleo", "cleo@garden.example", "two\nlines"),
    ("Dan", "ada@garden.example, Dan@Garden.example", ""),
)
KEPT = [
    ("Ada", "ada@gmail.com", "2026-01-01"),
    ("Ada", "ada@garden.example", "2026-01-01"),
    ("Ben", "ben@garden.example", ""),
    ("Cleo", "cleo@garden.example", "two\nlines"),
    ("Dan", "Dan@garden.example", ""),
]
GONE = [("suppressed", "Ben", "bea@garden.example"), ("duplicates", "Dan", "ada@garden.example")]
NAMES = ("name", "mail", "note")


def campaign(path: Path, **more: object) -> Campaign:
    recipients = {"files": [path], "suppression": [path.parent / "stop.txt"], "split": True, **more}
    plan = {"name": "t", "from": "n@acme.example", "schedule": {"rate": "1/min"}, "recipients": recipients}
    return Campaign.model_validate(plan)


def written(folder: Path, suffix: str) -> Path:
    path = folder / f"list.{suffix}"
    (folder / "stop.txt").write_text("bea@garden.example\n", encoding="utf-8")
    if suffix == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([NAMES, *ROWS])
    elif suffix == "jsonl":
        path.write_text("".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in ROWS), "utf-8")
    else:
        columns = ", ".join(f"unnest(?::VARCHAR[]) AS {name}" for name in NAMES)
        query = f"COPY (SELECT {columns}) TO '{path}' (FORMAT parquet)"
        duckdb.connect().execute(query, [list(column) for column in zip(*ROWS, strict=True)])
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        found = map(json.loads, path.read_text("utf-8").splitlines())
        return [{**row, **row.pop("row", {})} for row in found]
    read = duckdb.connect().execute(f"SELECT columns(*)::VARCHAR FROM '{path}'")  # noqa: S608 - our own path
    names = [column[0] for column in read.description]
    return [dict(zip(names, row, strict=True)) for row in read.fetchall()]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_every_address_is_a_row(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path, suffix)
    plan = CleanPlan(classes=DEFAULT, ledger=True)
    told = asyncio.run(clean(campaign(path, consent={"column": "note"}), None, plan))
    assert (told.rows, told.files[0].kept) == (7, 5)
    kept = [tuple(row[name] for name in NAMES) for row in rows_of(tmp_path / f"list.clean.{suffix}")]
    assert kept == KEPT
    gone = rows_of(tmp_path / f"list.removed.{suffix}")
    assert [(row["class"], row["name"], row["mail"]) for row in gone] == GONE
    justified = rows_of(tmp_path / "list.ledger.csv")
    assert [row["address"] for row in justified] == [address for _, address, _ in KEPT]
    assert [row["consent"] for row in justified] == ["2026-01-01", "2026-01-01", "", "", ""]


def test_the_order_of_the_list_is_kept(tmp_path: Path) -> None:
    facts = observed_list(campaign(written(tmp_path, "csv")))
    assert facts.provider_sequence is not None
    names = [facts.provider_names[at] for at in facts.provider_sequence]
    assert [name == "gmail" for name in names] == [True, *[False] * 6]
