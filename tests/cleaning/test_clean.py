from __future__ import annotations

import asyncio
import csv
import errno
import gzip
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning import convert, outputs
from mailaudit.cleaning.choose_rows import DEFAULT, NAMES
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.copy_lines import is_formula
from mailaudit.cleaning.result import Cleaned, CleanPlan
from mailaudit.errors import InputError
from mailaudit.reach.leftovers import hold, sweep
from support.effort import examples

GOOD = "anna@acme.example"
LIST = (
    'email;note\r\nanna@acme.example;=1+1\r\nBad;x\r\n\r\nbob@acme.example;"two\r\nlines"\r\n'
    'ANNA@acme.example;again\r\nzoe@acme.example;é\r\nq@acme.example;"open\r\n+c@acme.example;+33 1 23\r\n'
)


def cleaned(*files: object, classes: frozenset[str] = DEFAULT, **more: Any) -> Cleaned:
    options = {
        key: more.pop(key)
        for key in list(more)
        if key in {"folder", "to", "dry_run", "force", "neutral", "ledger"}
    }
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"files": list(files), **more}}
    return asyncio.run(clean(Campaign.model_validate(plan), None, CleanPlan(classes, **options)))


def written(tmp_path: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_lines_stay_as_they_are(tmp_path: Path) -> None:
    path = written(tmp_path, LIST, encoding="cp1252")
    stop = written(tmp_path, "zoe@acme.example\n", "stop.txt")
    done = cleaned(path, suppression=[stop])
    file = done.files[0]
    assert (file.rows, file.kept, file.formulas) == (7, 3, 1)
    assert file.removed == {"duplicates": 1, "invalid": 1, "suppressed": 1, "unreadable": 1}
    assert file.kept + sum(file.removed.values()) == file.rows == done.rows
    assert (tmp_path / "list.clean.csv").read_bytes().decode("cp1252") == (
        'email;note\r\nanna@acme.example;=1+1\r\nbob@acme.example;"two\r\nlines"\r\n+c@acme.example;+33 1 23\r\n'
    )
    left = (tmp_path / "list.removed.csv").read_bytes().decode("cp1252").split("\r\n")
    assert left[0] == "line;class;reason;email;note"
    assert left[1] == "3;invalid;no @ sign;Bad;x"
    assert (
        left[2] == "7;duplicates;stands already in line 2, in other upper and lower case;ANNA@acme.example;again"
    )
    assert left[3] == "8;suppressed;stands in the suppression list;zoe@acme.example;é"
    assert left[4].startswith("9;unreadable;")
    assert path.read_bytes().decode("cp1252") == LIST


def test_formulas_are_neutralised_only_on_request(tmp_path: Path) -> None:
    cleaned(written(tmp_path, LIST), neutral=True)
    text = (tmp_path / "list.clean.csv").read_text(encoding="utf-8")
    assert "anna@acme.example;'=1+1\n" in text
    assert "\n+c@acme.example;+33 1 23" in text


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("=1+1", True), ("@SUM(A1)", True), ("+33 1 23", False), ("-5", False), ("+cmd|x", True), ("-2+3+cmd", True),
     ("anna@acme.example", False), ("+anna@acme.example", False), ("", False), ("\t=1", True)],
)  # fmt: skip
def test_formula_cells(cell: str, wanted: bool) -> None:  # noqa: FBT001 - a pytest parameter
    assert is_formula(cell) is wanted


def test_an_input_or_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    there = written(tmp_path, "precious", "list.clean.csv")
    with pytest.raises(InputError, match="exists already"):
        cleaned(path)
    assert there.read_text(encoding="utf-8") == "precious"
    cleaned(path, force=True)
    assert there.read_text(encoding="utf-8") != "precious"
    with pytest.raises(InputError, match="is an input file"):
        cleaned(path, there, force=True)


def test_the_configuration_of_the_sending_program_is_an_input_too(tmp_path: Path) -> None:
    path, there = written(tmp_path, LIST), written(tmp_path, "precious", "list.clean.csv")
    campaign = Campaign.model_validate(
        {
            "name": "t",
            "from": "news@acme.example",
            "recipients": {"files": [path]},
            "sending": {"settings": there},
        }
    )
    with pytest.raises(InputError, match="is an input file"):
        asyncio.run(clean(campaign, None, CleanPlan(DEFAULT, force=True)))


def test_a_dry_run_writes_nothing_and_counts_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    dry = cleaned(path, dry_run=True).files[0]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["list.csv"]
    wet = cleaned(path).files[0]
    assert (dry.rows, dry.kept, dry.removed) == (wet.rows, wet.kept, wet.removed)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, LIST)

    def full(*_args: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(convert, "rewrite_delimited", full)
    with pytest.raises(InputError, match=r"No space left on device.*nothing was changed"):
        cleaned(path)
    assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.slow
def test_other_formats(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    for to in ("parquet", "xlsx", "csv"):
        cleaned(path, to=to, force=True)
    with duckdb.connect() as connection:
        names = connection.execute(
            "SELECT email, note FROM read_parquet(?)", [str(tmp_path / "list.clean.parquet")]
        ).fetchall()
    assert names[1] == ("bob@acme.example", "two\nlines")
    again = cleaned(tmp_path / "list.clean.xlsx")
    assert (again.files[0].rows, again.files[0].kept) == (4, 4)
    assert (tmp_path / "list.clean.clean.xlsx").exists()
    kept = cleaned(tmp_path / "list.clean.parquet").files[0]
    assert (kept.rows, kept.kept) == (4, 4)
    assert (tmp_path / "list.clean.clean.parquet").exists()


def test_json_lines_and_gzip(tmp_path: Path) -> None:
    path = written(
        tmp_path, '{"mail": "anna@acme.example", "n": 1}\n{broken\n{"mail": "x", "m": 2}\n', "list.jsonl"
    )
    file = cleaned(path).files[0]
    assert (file.rows, file.kept) == (3, 1)
    assert (tmp_path / "list.clean.jsonl").read_text(encoding="utf-8") == '{"mail": "anna@acme.example", "n": 1}\n'
    left = [
        json.loads(line) for line in (tmp_path / "list.removed.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(row["line"], row["class"], row["row"]) for row in left] == [
        (2, "unreadable", "{broken"),
        (3, "invalid", {"mail": "x", "m": 2}),
    ]
    cleaned(path, to="csv", force=True)
    assert (tmp_path / "list.clean.csv").read_text(encoding="utf-8").splitlines() == [
        "mail,n,m",
        "anna@acme.example,1,",
    ]
    zipped = tmp_path / "more.csv.gz"
    zipped.write_bytes(gzip.compress(LIST.encode()))
    cleaned(zipped)
    assert gzip.decompress((tmp_path / "more.clean.csv.gz").read_bytes()).startswith(b"email;note\r\nanna@")


def test_every_class_and_none(tmp_path: Path) -> None:
    lines = ["info@acme.example,2026-01-01", "a@mailinator.com,2026-01-01", "b@gmial.com,", "c@x.invalidtld,2026-01-01",
             "d@gmail.com,2019-01-01", "d+x@gmail.com,2026-01-01", "é@acme.example,2026-01-01",
             "f@acme.example,2026-01-01"]  # fmt: skip
    path = written(tmp_path, "email,since\n" + "\n".join(lines) + "\n")
    done = cleaned(path, classes=frozenset(NAMES), consent={"column": "since", "max_age": "3y"}).files[0]
    assert done.removed == {
        "disposable": 1, "international": 1, "no-consent": 1, "old-consent": 1, "role": 1, "same-mailbox": 1,
        "undeliverable": 1,
    }  # fmt: skip
    assert done.kept == 1
    assert cleaned(path, classes=frozenset(), force=True).files[0].kept == 8


CELL = st.sampled_from(
    ["a@acme.example", "B@acme.example", "b@acme.example", "bad", "", 'q"@x', "two\nlines", "é@acme.example"]
)


@settings(max_examples=examples(3), deadline=None)
@given(table=st.lists(st.tuples(CELL, CELL), max_size=15), ending=st.sampled_from(["\n", "\r\n"]))
def test_nothing_is_lost_and_cleaning_again_removes_nothing(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]], ending: str
) -> None:
    folder = tmp_path_factory.mktemp("clean")
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator=ending).writerows([("email", "note"), *table])
    done = cleaned(path).files[0]
    assert done.rows == sum(1 for row in table if any(cell.strip() for cell in row))
    assert done.kept + sum(done.removed.values()) == done.rows
    assert isinstance(done.clean, Path)
    with done.clean.open(encoding="utf-8", newline="") as file:
        kept = list(csv.reader(file))[1:]
    assert len(kept) == done.kept
    listed = [list(row) for row in table]
    assert all(row in listed for row in kept)
    again = cleaned(done.clean).files[0]
    assert (again.rows, again.kept) == (done.kept, done.kept)


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, f"email\n{GOOD}\nbad\n")
    write = convert.Rewriting.text

    def late(*args: Any) -> Any:
        (tmp_path / "list.removed.csv").write_text("somebody's", encoding="utf-8")
        return write(*args)

    monkeypatch.setattr(convert.Rewriting, "text", late)
    with pytest.raises(InputError, match=r"list\.removed\.csv: exists already"):
        cleaned(path)
    assert (tmp_path / "list.removed.csv").read_text(encoding="utf-8") == "somebody's"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["list.csv", "list.removed.csv"]


def test_without_links_nothing_is_replaced_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    made, target = written(tmp_path, "new", "made"), tmp_path / "target"
    outputs.publish([(made, target)], force=False)
    assert target.read_text(encoding="utf-8") == "new"
    with pytest.raises(InputError, match="exists already"):
        outputs.publish([(written(tmp_path, "other", "made"), target)], force=False)
    assert target.read_text(encoding="utf-8") == "new"


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_what_a_killed_run_left_is_swept_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    left = written(tmp_path, "half a list", ".list.clean.csv.abc.mailaudit-tmp")
    used = written(tmp_path, "half a list", ".list.clean.csv.def.mailaudit-tmp")
    other = written(tmp_path, "a secret", ".list.clean.csv.bak")
    for path in (left, used, other):
        os.utime(path, (0, 0))
    descriptor = hold(used)
    cleaned(written(tmp_path, f"email\n{GOOD}\n"))
    assert (left.exists(), used.exists(), other.exists()) == (False, True, True)
    os.close(descriptor)
    folder = tmp_path / "mailaudit-x"
    folder.mkdir()
    written(folder, "", "in-use")
    os.utime(folder, (0, 0))
    sweep(tmp_path, "mailaudit-*", "in-use")
    assert not folder.exists()


def test_a_folder_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "no column\nnor address\n")
    with pytest.raises(InputError, match="out: there is no such folder; create it first"):
        cleaned(path, folder=tmp_path / "out")
    with pytest.raises(InputError, match=r"list\.csv: is a file, not a folder"):
        cleaned(path, folder=path)


@pytest.mark.parametrize("to", [None, "csv", "parquet", "xlsx"])
def test_removed_rows_are_disarmed_too(tmp_path: Path, to: str | None) -> None:
    path = written(tmp_path, f"email,class\n{GOOD},=1\nbad,=2\n")
    cleaned(path, to=to, neutral=True)
    if to in {None, "csv"}:
        assert "bad,'=2" in (tmp_path / "list.removed.csv").read_text(encoding="utf-8")
    if to == "parquet":
        cleaned(tmp_path / "list.removed.parquet", neutral=True)


def ledger_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_ledger_tells_what_justifies_each_address(tmp_path: Path) -> None:
    first = written(
        tmp_path,
        "email,since,seen\nanna@acme.example,2024-01-05,2026-01-01\nbob@acme.example,,\nANNA@acme.example,2026-03-01,\n",
        "a.csv",
    )
    second = written(tmp_path, "email,since,seen\nbob@acme.example,2025-05-05,2026-02-02\nbad,,\n", "b.csv")
    dated: dict[str, Any] = {"consent": {"column": "since"}, "last_engaged": {"column": "seen"}}
    cleaned(first, second, ledger=True, **dated)
    rows = ledger_of(tmp_path / "a.ledger.csv") + ledger_of(tmp_path / "b.ledger.csv")
    header = ["line", "address", "consent", "consent_row", "last_engaged", "last_engaged_row"]
    assert rows.count(header) == 2
    told = {row[1].lower(): row[2:] for row in rows if row != header}
    assert told["anna@acme.example"] == ["2026-03-01", told["anna@acme.example"][1], "2026-01-01", "line 2"]
    assert told["anna@acme.example"][1] == "line 4"
    assert [told["bob@acme.example"][at] for at in (0, 2)] == ["2025-05-05", "2026-02-02"]
    assert told["bob@acme.example"][1].endswith("line 2")
    assert len(told) == 2
    left = (tmp_path / "a.removed.csv").read_text(encoding="utf-8")
    assert '3,duplicates,"stands already in b.csv, line 2",bob@acme.example' in left


def test_a_ledger_without_dates_lists_the_addresses(tmp_path: Path) -> None:
    cleaned(written(tmp_path, f"email\n{GOOD}\nbad\n"), ledger=True)
    assert ledger_of(tmp_path / "list.ledger.csv") == [["line", "address"], ["2", GOOD]]
