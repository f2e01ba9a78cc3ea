"""What once got lost, or into the wrong list, on the way from a list to the clean one."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
import os
import select
import sqlite3
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.cleaning import convert
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import Cleaned, CleanedFile, CleanPlan
from mailaudit.errors import InputError
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.tables import engine
from mailaudit.facts.recipients.tables.text_table import distinct
from support.lists import observed_list

GOOD = "anna@acme.example"


def campaign(*files: object, **more: Any) -> Campaign:
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"files": list(files), **more}}
    return Campaign.model_validate(plan)


def cleaned(*files: object, classes: frozenset[str] = DEFAULT, **more: Any) -> CleanedFile:
    options = {key: more.pop(key) for key in list(more) if key in {"folder", "to", "dry_run", "force", "neutral"}}
    done: Cleaned = asyncio.run(clean(campaign(*files, **more), None, CleanPlan(classes, **options)))
    (file,) = done.files
    assert file.kept + sum(file.removed.values()) == file.rows
    return file


def observed(*files: object, **more: Any) -> RecipientFacts:
    facts = observed_list(campaign(*files, **more))
    assert facts.rows == facts.valid + facts.invalid + facts.unreadable
    return facts


def written(tmp_path: Path, data: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read_parquet(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        return [tuple(column[0] for column in found.description), *found.fetchall()]


def read_csv(path: Path, **options: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), **options))


@pytest.mark.slow
@pytest.mark.parametrize("clause", ["DISTINCT", ""])
def test_a_query_gives_its_rows_once(tmp_path: Path, clause: str) -> None:
    query = f"SELECT {clause} email, i FROM big WHERE i >= 0 -- all;\n;"  # noqa: S608 - written above
    with duckdb.connect(str(tmp_path / "d.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE big AS SELECT 'p' || i || '@acme.example' AS email, i FROM range(60000) t(i)"
        )
        connection.execute("INSERT INTO big SELECT 'bad' || i, i FROM range(500) t(i)")
    url = DatabaseUrl(f"duckdb://{tmp_path}/d.duckdb")
    file = cleaned(url, query=query, folder=tmp_path)
    assert (file.kept, file.removed) == (60_000, {"invalid": 500})
    assert not any(row[0].startswith("bad") for row in read_csv(tmp_path / "d.clean.csv"))


@pytest.mark.slow
def test_a_table_of_sqlite_is_read_once_and_its_file_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "a #1? 100%.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE people(email TEXT, n INTEGER, email_2 TEXT)")
        connection.executemany("INSERT INTO people VALUES (?, ?, 'x')", [(GOOD, 1), ("bad", None)])
    quoted = str(path).replace("%", "%25").replace("?", "%3F").replace("#", "%23")
    for slashes in ("", "/"):
        file = cleaned(
            DatabaseUrl(f"sqlite://{slashes}{quoted}"), table="people", folder=tmp_path, to="csv", force=True
        )
        assert (file.kept, file.removed) == (1, {"invalid": 1})


def test_a_database_is_named_relative_to_the_campaign(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE people(email TEXT)")
        connection.execute("INSERT INTO people VALUES (?)", (GOOD,))
    written(tmp_path, "from: a@acme.example\nrecipients: {files: ['sqlite://shop.db'], table: people}\n", "c.yml")
    plan, _ = load_campaign(tmp_path / "c.yml")
    facts = observed_list(plan)
    assert (facts.valid, facts.files[0].path) == (1, "sqlite://shop.db people")


def test_a_list_that_changes_while_it_is_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, f"email\n{GOOD}\nbad\n")
    write = convert.Rewriting.text

    def late(*args: Any, **more: Any) -> Any:
        done = write(*args, **more)
        path.write_text(f"email\nnew@acme.example\n{GOOD}\nbad\n", encoding="utf-8")
        return done

    monkeypatch.setattr(convert.Rewriting, "text", late)
    with pytest.raises(InputError, match="changed while it was being read"):
        cleaned(path)
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("to", [None, "parquet"])
def test_a_list_that_has_shrunk_before_it_is_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str | None
) -> None:
    path = written(tmp_path, f"email\n{GOOD}\nbob@acme.example\n")
    write = convert.Rewriting.text

    def early(*args: Any, **more: Any) -> Any:
        path.write_text(f"email\n{GOOD}\n", encoding="utf-8")
        return write(*args, **more)

    monkeypatch.setattr(convert.Rewriting, "text", early)
    with pytest.raises(InputError, match="changed while it was being read"):
        cleaned(path, to=to)
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("inner", ["\n", "\r\n", "\u2028", "\x0c", "\x1c"])
def test_disarming_formulas_changes_nothing_else(tmp_path: Path, inner: str) -> None:
    path = written(tmp_path, f'Email,A,B\r\na@b-c.de,"=1{inner}+2",x\r\nd@e-f.de,=1,"a{inner}b, c ""d"""\r\n')
    file = cleaned(path, neutral=True)
    assert file.formulas == 2
    rows = list(csv.reader(io.StringIO((tmp_path / "list.clean.csv").read_bytes().decode(), newline="")))
    assert rows[1:] == [["a@b-c.de", f"'=1{inner}+2", "x"], ["d@e-f.de", "'=1", f'a{inner}b, c "d"']]


@pytest.mark.slow
@pytest.mark.parametrize("to", ["parquet", "xlsx", "csv"])
@pytest.mark.parametrize(
    "text",
    [
        f'Email,"Name\n(first, last)"\n{GOOD},1\nbad,2\n',
        f"Email,Name\n{GOOD},1,,\nbad,2,,\n",
        f",Email\n0,{GOOD}\n1,bad\n",
        f"Email,Name,name,class,LINE\n{GOOD},1,2,3,4\nbad,1,2,3,4\n",
        f"Email,Name\n{GOOD},{'x' * 200_000}\nbad,{'y' * 200_000}\n",
    ],
    ids=["line-break", "wide", "no-name", "twice", "long"],
)
def test_any_columns_fit_into_any_format(tmp_path: Path, text: str, to: str) -> None:
    path = written(tmp_path, text)
    file = cleaned(path, to=to, folder=tmp_path, force=True, dry_run=False) if to != "csv" else cleaned(path)
    assert (file.kept, file.removed) == (1, {"invalid": 1})
    if to == "parquet":
        kept, left = (read_parquet(tmp_path / f"list.{which}.parquet") for which in ("clean", "removed"))
        assert (len(kept), len(left)) == (2, 2)
        assert GOOD in kept[1]
        assert left[1][:3] == ("4" if "\n(" in text else "3", "invalid", "no @ sign")


def test_half_a_character_of_json_is_shown(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps({"email": GOOD, "note": "q\ud83d"}) + "\n", "list.jsonl")
    for to in ("csv", "parquet", "xlsx"):
        assert cleaned(path, to=to).kept == 1
    assert "q\\ud83d" in (tmp_path / "list.clean.csv").read_text(encoding="utf-8")


def test_a_broken_row_is_shown_as_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path, f'Email,Name\n{GOOD},1\nbob@acme.example,"open\nc@acme.example,3\n')
    cleaned(path, to="parquet")
    assert read_parquet(tmp_path / "list.removed.parquet")[1][:4] == (
        "3",
        "unreadable",
        "a quotation mark is opened and never closed",
        'bob@acme.example,"open',
    )
    cleaned(path, classes=DEFAULT - {"unreadable"}, force=True)
    assert 'bob@acme.example,"open' in (tmp_path / "list.clean.csv").read_text(encoding="utf-8")


def test_a_line_that_nobody_can_hold_is_not_kept_as_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailaudit.facts.recipients.reading.text_file.MAX_LINE", 100)
    path = written(tmp_path, gzip.compress(f"Email\n{GOOD}\n{'x' * 300}\n".encode()), "list.csv.gz")
    assert cleaned(path).removed == {"unreadable": 1}
    with pytest.raises(InputError, match="line 3 has more than 4 million characters and cannot be kept"):
        cleaned(path, classes=DEFAULT - {"unreadable"}, force=True)


def test_no_input_of_the_campaign_is_replaced(tmp_path: Path) -> None:
    path = written(tmp_path, f"Email\n{GOOD}\n")
    other = written(tmp_path, "Email,status\nbob@acme.example,invalid\n", "list.removed.csv")
    with pytest.raises(InputError, match="is an input file"):
        cleaned(path, force=True, suppression=[other])
    with pytest.raises(InputError, match="is an input file"):
        cleaned(path, force=True, verification=[other])
    assert other.read_text(encoding="utf-8").startswith("Email,status")


def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, f"Email\n{GOOD}\n")
    (tmp_path / "list.removed.csv").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        cleaned(path, force=True)
    assert not (tmp_path / "list.clean.csv").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(f"Email;n\n{GOOD};1\nbad;2\n", encoding="utf-8"))
    writer.start()
    facts = observed(pipe)
    writer.join(5)
    assert (facts.valid, facts.invalid) == (1, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a pipe tells who has opened it")
@pytest.mark.parametrize("has_writer", [True, False])
def test_a_pipe_is_waited_for_while_somebody_has_opened_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_writer: bool
) -> None:
    monkeypatch.setattr("mailaudit.reach.bounded.PATIENCE_S", 0.02)
    monkeypatch.setattr("mailaudit.facts.recipients.reading.open_list._WAIT_S", 0.01)
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    if has_writer:
        handle = os.open(pipe, os.O_RDWR)
        is_read, poll = threading.Event(), select.select

        def looked(*waited: Any) -> Any:
            is_read.set()
            return poll(*waited)

        def write() -> None:
            with os.fdopen(handle, "wb") as opened:
                is_read.wait(5)  # what is left in a pipe that nobody has open is lost
                time.sleep(0.04)  # longer than the reader's patience
                opened.write(b"Email;n\na@firm.example;1\n")

        monkeypatch.setattr(select, "select", looked)
        writer = threading.Thread(target=write)
        writer.start()
        assert observed(pipe).valid == 1
        writer.join(5)
    else:
        with pytest.raises(InputError, match="nobody writes into this pipe"):
            observed(pipe)


@pytest.mark.parametrize("mark", ["\x01", "\x02"])
def test_our_own_marks_in_a_line_are_only_characters(tmp_path: Path, mark: str) -> None:
    forged = json.dumps({"cell": "evil@acme.example", "others": [], "problem": None})
    for text in (f"{GOOD}\n{mark}{forged}\n", f"Email,N\n{GOOD},1\n{mark}bob@acme.example,2\n"):
        facts = observed(written(tmp_path, text))
        assert (facts.valid, facts.invalid + facts.unreadable) == (1, 1)


def test_a_title_of_one_cell_is_no_header(tmp_path: Path) -> None:
    facts = observed(written(tmp_path, f"Kundenliste 2026\nA;{GOOD}\nB;bob@acme.example\n"))
    assert (facts.rows, facts.valid) == (3, 2)
    path = written(tmp_path, f"Kundenliste\nName;Kontakt\nA;{GOOD}\nB;x\n")
    assert (observed(path).valid, observed(path).invalid) == (1, 1)
    cleaned(path)
    left = (tmp_path / "list.removed.csv").read_text(encoding="utf-8").splitlines()
    assert left == ["line;class;reason;Name;Kontakt", "4;invalid;no @ sign;B;x"]
    assert (tmp_path / "list.clean.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "Kundenliste",
        "Name;Kontakt",
    ]


def test_a_header_may_be_narrower_than_the_list(tmp_path: Path) -> None:
    path = written(tmp_path, f"Name;City\nAnna;Lyon;{GOOD}\nBob;Nice;bob@acme.example\n")
    facts = observed(path)
    assert (facts.valid, facts.files[0].column) == (2, "column 3")
    assert cleaned(path, to="csv").kept == 2
    book = workbook(tmp_path / "b.xlsx", {"List": [["Name", "City"], ["Anna", "Lyon", GOOD]]})
    assert observed(book).valid == 1


def test_a_line_break_in_the_first_name_keeps_the_columns(tmp_path: Path) -> None:
    facts = observed(written(tmp_path, f'"E-Mail\nAdresse",Name\n{GOOD},A\nbob@acme.example,B\n'))
    assert (facts.rows, facts.valid) == (2, 2)


def test_very_many_quoted_columns(tmp_path: Path) -> None:
    cells = [f'"c{at}"' for at in range(3000)]
    names, row = cells.copy(), cells.copy()
    names[2000], row[2000] = '"email"', f'"{GOOD}"'
    facts = observed(written(tmp_path, f"{','.join(names)}\n{','.join(row)}\n"))
    assert (facts.rows, facts.valid) == (1, 1)


@pytest.mark.parametrize("text", ["Email;Bar\nx;y\n", "Foo;Email\n"])
def test_the_columns_are_told_also_when_no_row_holds_an_address(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"the columns are: (Email, Bar|Foo, Email)"):
        observed(written(tmp_path, text), column="Mail")


def test_a_number_beyond_the_columns_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"x,{GOOD}\ny,bob@acme.example\n")
    assert observed(path, column="2").valid == 2
    with pytest.raises(InputError, match="there is no column '9'"):
        observed(path, column="9")


def test_an_address_that_became_the_name_of_a_column_is_not_told(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT 'b@acme.example' AS \"{GOOD}\", 1 AS n")
        connection.execute("COPY t TO ? (FORMAT parquet)", [str(tmp_path / "list.parquet")])
    with pytest.raises(InputError) as raised:
        observed(tmp_path / "list.parquet", column="Mail")
    assert GOOD not in str(raised.value)
    assert "its first line holds addresses" in str(raised.value)


def workbook(path: Path, sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for row in rows:
            made.append(row)
        if name in hidden:
            made.sheet_state = "hidden"
    book.save(path)
    return path


LIST = [["E-Mail", "Name"], [GOOD, "Anna"], ["bob@acme.example", "Bob"]]
README = [["Please read me"], ["This file holds our customers"], ["Do not share it"]]
COVER = [["Spring", ""], ["Questions to", "support@acme.example"], ["Made", "today"], ["By", "me"]]
OLD = [["E-Mail"], ["old@acme.example"]]


@pytest.mark.parametrize(
    ("sheets", "hidden"),
    [
        ({"Read me": README, "List": LIST}, ()),
        ({"Cover": COVER, "List": LIST}, ()),
        ({"Old": OLD, "List": LIST}, ("Old",)),
        ({"Empty": [], "List": LIST}, ()),
    ],
)
def test_the_sheet_that_is_a_list_is_read(
    tmp_path: Path, sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...]
) -> None:
    facts = observed(workbook(tmp_path / "b.xlsx", sheets, hidden))
    assert (facts.rows, facts.valid) == (2, 2)


def test_several_lists_in_a_workbook_must_be_told_apart(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"List": LIST, "Old": OLD})
    with pytest.raises(
        InputError, match=r"several sheets hold a list: List, Old; name one of them in recipients.sheet"
    ):
        observed(path)
    assert observed(path, sheet="Old").valid == 1
    assert observed(path, sheet="List").valid == 2
    with pytest.raises(InputError, match=r"there is no sheet 'New'; the sheets are: List, Old"):
        observed(path, sheet="New")


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    source = tmp_path / "list.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT * FROM (VALUES ('anna@acme.example', 1, DATE '2026-01-05', ['a'], '=1+1', NULL), "
            "('bad', 2, NULL, ['b'], '+33 1', 'x'), ('ANNA@acme.example', 3, NULL, NULL, '', 'y')) "
            "AS t(email, n, day, tags, note, line)"
        )
        connection.execute("COPY t TO ? (FORMAT parquet)", [str(source)])
    file = cleaned(source, neutral=True)
    assert (file.kept, file.removed, file.formulas) == (1, {"invalid": 1, "duplicates": 1}, 1)
    assert read_parquet(tmp_path / "list.clean.parquet") == [
        ("email", "n", "day", "tags", "note", "line"),
        (GOOD, 1, date(2026, 1, 5), ["a"], "'=1+1", None),
    ]
    left = read_parquet(tmp_path / "list.removed.parquet")
    assert left[0] == ("line_2", "class", "reason", "email", "n", "day", "tags", "note", "line")
    assert [(row[0], row[1], row[4]) for row in left[1:]] == [(2, "invalid", 2), (3, "duplicates", 3)]


def test_a_parquet_file_is_read_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "country=DE"
    folder.mkdir()
    with duckdb.connect() as connection:
        for name, address in (("p[1].parquet", GOOD), ("p1.parquet", "wrong@acme.example")):
            connection.execute(
                "CREATE OR REPLACE TABLE t AS SELECT ? AS email, 'FR' AS country, 7 AS FILE_row_number, "
                "TIMESTAMPTZ '2026-01-05 10:00:00+00' AS seen",
                [address],
            )
            connection.execute("COPY t TO ? (FORMAT parquet)", [str(folder / name)])
    assert cleaned(folder / "p[1].parquet").kept == 1
    kept = read_parquet_text(folder / "p[[]1].clean.parquet")
    assert kept == [(GOOD, "FR", "7", "2026-01-05 10:00:00+00")]
    assert cleaned(folder / "p[1].parquet", to="csv").kept == 1


def read_parquet_text(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(
            "SELECT columns(*)::VARCHAR FROM read_parquet(?, hive_partitioning=false)", [str(path)]
        ).fetchall()


def test_whole_numbers_of_a_database_stay_whole(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "d.duckdb")) as connection:
        connection.execute("CREATE TABLE t AS SELECT ? AS email, 123456789012345678901::HUGEINT AS n", [GOOD])
    cleaned(DatabaseUrl(f"duckdb://{tmp_path}/d.duckdb"), table="t", folder=tmp_path)
    assert read_csv(tmp_path / "d.clean.csv") == [["email", "n"], [GOOD, "123456789012345678901"]]


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "parquet"])
def test_what_is_beyond_the_columns_spoils_no_address(tmp_path: Path, to: str) -> None:
    path = written(tmp_path, f"name,email\nAnna,{GOOD},extra\n")
    assert cleaned(path, to=to).kept == 1
    assert observed(tmp_path / f"list.clean.{to}").valid == 1
    alone = written(tmp_path, f"email\n{GOOD},extra\n", "alone.csv")
    if observed(alone, column="email").valid:
        with pytest.raises(InputError, match="more cells than the header has columns"):
            cleaned(alone, to=to)


def test_an_address_is_never_disarmed(tmp_path: Path) -> None:
    path = written(tmp_path, "email,n\n+a@bücher.example,=1\n-x@école.example,1\n")
    assert cleaned(path, neutral=True).formulas == 1
    assert read_csv(tmp_path / "list.clean.csv")[1:] == [["+a@bücher.example", "'=1"], ["-x@école.example", "1"]]


def test_a_title_may_hold_an_address(tmp_path: Path) -> None:
    path = written(tmp_path, f"Export by {GOOD}\nname,email\nA,a@x.example\nB,b@x.example\n")
    assert (observed(path).rows, observed(path).valid) == (2, 2)
    assert observed(path, column="email").valid == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_verification_list_may_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "kickbox"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(f"email,status\n{GOOD},invalid\n", encoding="utf-8"))
    writer.start()
    facts = observed(written(tmp_path, f"email\n{GOOD}\n"), verification=[pipe])
    writer.join(5)
    assert facts.files[0].counts[Kind.REFUTED] == 1


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-32-be"])
def test_the_byte_order_stays(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, f"\ufeffEmail\tN\r\n{GOOD}\té\r\nbad\t1\r\n".encode(encoding))
    cleaned(path)
    assert (tmp_path / "list.clean.csv").read_bytes() == f"\ufeffEmail\tN\r\n{GOOD}\té\r\n".encode(encoding)


def test_each_line_keeps_its_own_break(tmp_path: Path) -> None:
    data = f"Email,N\r\n{GOOD},1\nbad,2\r\nbob@acme.example,3\rcarl@acme.example,4\r\n"
    cleaned(written(tmp_path, data))
    assert (tmp_path / "list.clean.csv").read_bytes().decode() == data.replace("bad,2\r\n", "")
    objects = f'{{"email": "{GOOD}"}}\r\n{{"email": "x"}}\r\n'
    cleaned(written(tmp_path, objects, "people.jsonl"))
    assert (tmp_path / "people.clean.jsonl").read_bytes().decode() == f'{{"email": "{GOOD}"}}\r\n'


def test_a_gzip_file_tells_nothing_of_the_way_it_was_made(tmp_path: Path) -> None:
    cleaned(written(tmp_path, gzip.compress(f"Email\n{GOOD}\n".encode()), "list.csv.gz"))
    made = (tmp_path / "list.clean.csv.gz").read_bytes()
    assert made[3] == 0  # RFC 1952, section 2.3.1: no name
    assert made[4:8] == b"\0\0\0\0"  # no time
    assert gzip.decompress(made) == f"Email\n{GOOD}\n".encode()


def test_tabs_become_commas_when_csv_is_wanted(tmp_path: Path) -> None:
    cleaned(written(tmp_path, f"Email\tN\n{GOOD}\t1\n", "list.tsv"), to="csv")
    assert read_csv(tmp_path / "list.clean.csv") == [["Email", "N"], [GOOD, "1"]]


def test_a_very_long_list_is_given_more_memory() -> None:
    work = engine.Workspace()
    try:
        for rows, limit in ((25_000_000, "244.1 MiB"), (30_000_000, "286.1 MiB"), (100_000_000, "953.6 MiB")):
            work.make_room(rows)
            assert work.one("SELECT current_setting('memory_limit')") == limit
    finally:
        work.close()


def test_names_of_columns_become_distinct() -> None:
    assert distinct(["a", "", "A", "a_2"]) == ["a_3", "column_2", "A", "a_2"]
    assert distinct(["line", "class", "reason", "Line"]) == ["line_2", "class", "reason", "Line"]
