"""What invalid cells plainly mean is proposed, and applied only when that is wanted."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import CleanedFile, CleanPlan, Repairs

ROWS = (
    ("Anna", "mailto:anna@acme.example"),
    ("Bob", "bob@acme.example"),
    ("Bob", "bob\u200b@acme.example"),
    ("Carl", "carl\uff20acme.example"),
    ("Dora", "nothing at all"),
    ("Eve, E", "eve@acme.example."),
)
FORMATS = ["list.csv", "list.jsonl", "list.parquet", "list.json"]


def made(path: Path) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("name", "email"), *ROWS])
    elif path.suffix == ".parquet":
        with duckdb.connect() as connection:
            connection.execute("CREATE TABLE t(name VARCHAR, email VARCHAR)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", ROWS)
            connection.execute("COPY t TO ? (FORMAT parquet)", [str(path)])
    else:
        objects = [{"name": name, "contact": {"email": address}} for name, address in ROWS]
        is_lines = path.suffix == ".jsonl"
        text = "\n".join(map(json.dumps, objects)) if is_lines else json.dumps(objects)
        path.write_text(text, encoding="utf-8")
    return path


def cleaned(path: Path, repairs: Repairs, to: str | None = None, **more: Any) -> CleanedFile:
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"files": [path], **more}}
    options = CleanPlan(DEFAULT, to=to, repairs=repairs, force=True)
    return asyncio.run(clean(Campaign.model_validate(plan), None, options)).files[0]


def proposals(file: CleanedFile) -> list[list[str]]:
    assert file.repairs is not None
    with file.repairs.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


@pytest.mark.parametrize("name", FORMATS)
def test_repairs_are_told_and_change_nothing(tmp_path: Path, name: str) -> None:
    file = cleaned(made(tmp_path / name), Repairs.PROPOSED, "csv")
    assert (file.kept, file.removed, file.repaired) == (1, {"invalid": 5}, 4)
    told = proposals(file)
    assert told[0] == ["line", "old", "new", "reason", "clash"]
    assert [row[1:3] for row in told[1:3]] == [
        ["mailto:anna@acme.example", "anna@acme.example"],
        ["bob\u200b@acme.example", "bob@acme.example"],
    ]
    assert [row[4][:22] for row in told[1:]] == ["", "stands already in line", "", ""]


@pytest.mark.slow
@pytest.mark.parametrize("to", [None, "csv", "xlsx"])
@pytest.mark.parametrize("name", FORMATS)
def test_repairs_are_applied_where_nothing_clashes(tmp_path: Path, name: str, to: str | None) -> None:
    file = cleaned(made(tmp_path / name), Repairs.APPLIED, to)
    assert (file.kept, file.removed, file.repaired) == (4, {"invalid": 1, "duplicates": 1}, 4)
    assert isinstance(file.clean, Path)
    again = cleaned(file.clean, Repairs.PROPOSED)
    assert (again.kept, again.removed, again.repaired) == (4, {}, 0)


def test_the_other_cells_of_a_repaired_row_stay(tmp_path: Path) -> None:
    cleaned(made(tmp_path / "list.csv"), Repairs.APPLIED)
    with (tmp_path / "list.clean.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["Anna", "anna@acme.example"],
            ["Bob", "bob@acme.example"],
            ["Carl", "carl@acme.example"],
            ["Eve, E", "eve@acme.example"],
        ]


def test_nobody_who_said_no_comes_back_by_a_repair(tmp_path: Path) -> None:
    stop = tmp_path / "stop.csv"
    stop.write_text("email\nanna@acme.example\n", encoding="utf-8")
    path = made(tmp_path / "list.csv")
    assert proposals(cleaned(path, Repairs.PROPOSED, suppression=[stop]))[1][4] == "stands in the suppression list"
    assert cleaned(path, Repairs.APPLIED, suppression=[stop]).removed["suppressed"] == 1
    path.write_text("email,unsubscribed\nmailto:anna@acme.example,yes\nbob@acme.example,no\n", encoding="utf-8")
    assert cleaned(path, Repairs.APPLIED).kept == 1


def test_without_the_option_no_file_of_repairs_is_written(tmp_path: Path) -> None:
    file = cleaned(made(tmp_path / "list.csv"), Repairs.NONE)
    assert (file.repairs, file.repaired) == (None, 0)
    assert not (tmp_path / "list.repairs.csv").exists()


def test_a_repair_of_which_something_is_found_is_only_proposed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    cells = (
        "mailto:info@acme.example",
        "jo.hn@gmail.com",
        "<john@gmail.com",
        "x@gnail.com.",
        "mailto:zoe@acme.example",
    )
    path.write_text("\n".join(("email", *cells)) + "\n", encoding="utf-8")
    file = cleaned(path, Repairs.APPLIED)
    assert (file.kept, file.removed, file.repaired) == (2, {"invalid": 3}, 4)
    assert [row[4] for row in proposals(file)[1:]] == [
        "role: the name of a function, not of a person",
        "same-mailbox: the same mailbox as in line 3",
        "did they mean gmail.com?",
        "",
    ]


def test_no_repair_makes_others_suspicious(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email\n<jo.hn@gmail.com\njohn@gmail.com\n", encoding="utf-8")
    file = cleaned(path, Repairs.APPLIED)
    assert (file.kept, proposals(file)[1][4]) == (1, "another row has the same mailbox")
    slips = "a@ggail.com b@ggail.com c@gmail.com d@gmail.com <e@gmail.com".split()
    path.write_text("\n".join(("email", *slips)) + "\n", encoding="utf-8")
    file = cleaned(path, Repairs.APPLIED)
    assert (file.kept, proposals(file)[1][4]) == (4, "with it something is found of other rows")
