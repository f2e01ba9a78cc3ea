from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.errors import InputError
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts
from support.lists import observed_list

openpyxl: Any = pytest.importorskip("openpyxl")

ROWS: list[list[Any]] = [
    ["Anna", "anna@acme.example", "2026-01-01"],
    ["Bob", "BOB@acme.example", None],
    ["Bob", "bob@acme.example", "2026-02-01"],
    ["Nobody", None, None],
    ["Carl", 'Carl "C" <carl@bücher.example>', "2026-03-01"],
    ["Dora", "two\nlines@acme.example", "2026-03-01"],
]
HEADER = ["name", "E-Mail", "opt_in"]


def observed(file: object, **more: object) -> RecipientFacts:
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"files": [file], **more}}
    return observed_list(Campaign.model_validate(plan))


def check_numbers(facts: RecipientFacts) -> None:
    assert (facts.rows, facts.valid, facts.invalid, facts.unreadable, facts.missing) == (6, 4, 1, 0, 1)
    assert (facts.unique, facts.duplicates, facts.domains) == (3, 1, 2)


def sheet(path: Path, rows: list[list[Any]], *, blank_sheet: bool = False) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    if blank_sheet:
        page = book.create_sheet("List")
    for row in rows:
        page.append(row)
    book.save(path)
    book.close()
    return path


@pytest.mark.parametrize("blank_sheet", [False, True])
def test_xlsx(tmp_path: Path, blank_sheet: bool) -> None:  # noqa: FBT001 - a pytest parameter
    path = sheet(
        tmp_path / "list.xlsx", [["Customers"], [], HEADER, *ROWS, [], ["", "", ""]], blank_sheet=blank_sheet
    )
    facts = observed(path, column="E-Mail") if blank_sheet else observed(sheet(path, [HEADER, *ROWS, [None] * 3]))
    check_numbers(facts)
    first = 4 if blank_sheet else 2
    assert facts.files[0].samples[Kind.DUPLICATE][0].line == first + 2


def test_xlsx_dates_are_consent(tmp_path: Path) -> None:
    path = sheet(tmp_path / "list.xlsx", [HEADER, *ROWS])
    facts = observed(path, consent={"column": "opt_in", "max_age": "3y"})
    assert facts.files[0].counts[Kind.CONSENT_MISSING] == 0


def test_json_lines(tmp_path: Path) -> None:
    lines = [json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS]
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    check_numbers(observed(path))
    path.write_text("\n".join([*lines, "", "{broken", "[1]"]), encoding="utf-8")
    facts = observed(path)
    assert (facts.rows, facts.unreadable) == (8, 2)
    assert [sample.line for sample in facts.files[0].samples[Kind.UNREADABLE]] == [8, 9]


def table_of(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path))
    connection.execute('CREATE TABLE people(name VARCHAR, "E-Mail" VARCHAR, opt_in DATE)')
    connection.executemany("INSERT INTO people VALUES (?, ?, ?)", ROWS)
    return connection


@pytest.mark.parametrize("name", ["list.jsonl", "list.json"])
def test_a_name_that_only_a_late_object_has_is_read(tmp_path: Path, name: str) -> None:
    people: list[dict[str, str]] = [{"email": f"p{at:x}q@x.example"} for at in range(250)]
    people.append({"email": "last@x.example", "unsubscribed_at": "2026-01-02"})
    lines = [json.dumps(one) for one in people]
    text = "\n".join(lines) if name.endswith("l") else f"[{','.join(lines)}]"
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert observed(tmp_path / name).opted_out == 1


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    with table_of(tmp_path / "shop.duckdb") as connection:
        connection.execute("COPY people TO ? (FORMAT parquet)", [str(path)])
    facts = observed(path, consent={"column": "opt_in"})
    check_numbers(facts)
    assert facts.files[0].samples[Kind.MISSING][0].line == 4
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="this is no Parquet file, or it is damaged") as raised:
        observed(path)
    assert "Error:" not in str(raised.value)


def test_a_parquet_file_that_is_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    with table_of(tmp_path / "shop.duckdb") as connection:
        rows = "SELECT md5(range::VARCHAR) || '@firm.example' AS email FROM range(20000)"
        connection.execute(f"COPY ({rows}) TO ? (FORMAT parquet, ROW_GROUP_SIZE 2048)", [str(path)])
    whole = path.read_bytes()
    middle = len(whole) * 3 // 4
    path.write_bytes(whole[:middle] + bytes(range(256)) * 40 + whole[middle + 256 * 40 :])
    with pytest.raises(InputError, match="this is no Parquet file, or it is damaged"):
        observed(path)


def test_a_parquet_file_with_another_suffix(tmp_path: Path) -> None:
    path = tmp_path / "list.data"
    with table_of(tmp_path / "shop.duckdb") as connection:
        connection.execute("COPY people TO ? (FORMAT parquet)", [str(path)])
    check_numbers(observed(path))


@pytest.mark.slow
def test_duckdb_and_sqlite_databases(tmp_path: Path) -> None:
    table_of(tmp_path / "shop.duckdb").close()
    url = f"duckdb://{tmp_path}/shop.duckdb"
    check_numbers(observed(url, table="people"))
    assert observed(url, query="SELECT \"E-Mail\" AS mail FROM people WHERE name = 'Bob'").rows == 2
    with sqlite3.connect(tmp_path / "shop.db") as lite:
        lite.execute('CREATE TABLE people(name, "E-Mail", opt_in)')
        lite.executemany("INSERT INTO people VALUES (?, ?, ?)", ROWS)
    lite.close()
    url = f"sqlite://{tmp_path}/shop.db"
    facts = observed(url, table="people")
    check_numbers(facts)
    with pytest.raises(InputError, match=r"no such table: nobody"):
        observed(url, table="nobody")
    with pytest.raises(InputError, match=r"which table"):
        observed(url)
    with pytest.raises(InputError, match=r"no such database file"):
        observed(f"sqlite://{tmp_path}/none.db", table="people")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "E-Mail;name\nanna@acme.example;Anna\n".encode("utf-16")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    facts = observed("-")
    assert (facts.rows, facts.valid, facts.files[0].path) == (1, 1, "standard input")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0")
        archive.getinfo("xl/worksheets/sheet1.xml").file_size = 500_000_000
    with pytest.raises(InputError, match="suspicious size"):
        observed(path)


def test_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"email\nanna@acme.example\n")
    assert observed(path).valid == 1
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"hello")
    with pytest.raises(InputError, match="cannot be read"):
        observed(path)


def test_a_table_without_a_database_is_an_error() -> None:
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"table": "people"}}
    with pytest.raises(InputError, match="says nothing about the database"):
        observed_list(Campaign.model_validate(plan))
