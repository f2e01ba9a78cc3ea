"""A list in parts: every row is in one of them or accounted for, in every format, and the list itself is not touched."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.parts import Part
from mailaudit.cleaning.split import SplitFile, split
from mailaudit.errors import InputError
from mailaudit.planning.model import NoPlan
from mailaudit.schedules import parts_of

PEOPLE = ["a@gmail.com", "b@acme.example", "broken", "c@gmail.com", "b@acme.example", "", "d@free.fr"]
SEEN = ["2026-01-01", "2026-03-01", "2026-09-09", "", "2026-02-01", "", "2026-04-01"]
DAYS = [Part("day-01", 2), Part("day-02", 3)]


def run(file: Path, parts: list[Part], *, engaged_first: bool = False, **recipients: Any) -> tuple[SplitFile, ...]:
    campaign = Campaign.model_validate(
        {"name": "t", "from": "news@acme.example", "recipients": {"files": [file], **recipients}}
    )
    out = file.parent / "out"
    out.mkdir(exist_ok=True)
    return asyncio.run(split(campaign, None, parts, out, None, None, engaged_first=engaged_first))


def rows() -> list[dict[str, str]]:
    return [{"name": f"n{at}", "email": who, "seen": SEEN[at]} for at, who in enumerate(PEOPLE)]


def write(file: Path) -> None:
    if ".csv" in file.suffixes:
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, ["name", "email", "seen"])
        table.writeheader()
        table.writerows(rows())
        octets = text.getvalue().encode()
        file.write_bytes(gzip.compress(octets) if file.suffix == ".gz" else octets)
    elif file.suffix == ".jsonl":
        file.write_text("".join(json.dumps(row) + "\n" for row in rows()))
    elif file.suffix == ".parquet":
        values = ", ".join(f"('{row['name']}', '{row['email']}', {at})" for at, row in enumerate(rows()))
        duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) AS t(name, email, number)) TO '{file}'")  # noqa: S608
    else:
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in (["name", "email", "seen"], *(list(one.values()) for one in rows())):
            book.active.append(row)
        book.save(file)


def names(file: Path) -> list[str]:
    """The names in a list, in order."""
    if file.suffix in {".csv", ".gz"}:
        text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text()
        return [row["name"] for row in csv.DictReader(text.splitlines())]
    if file.suffix == ".jsonl":
        return [row.get("name") or row["row"]["name"] for row in map(json.loads, file.read_text().splitlines())]
    if file.suffix == ".parquet":
        return [name for (name,) in duckdb.execute(f"SELECT name FROM '{file}'").fetchall()]  # noqa: S608
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    header, *found = sheet.iter_rows(values_only=True)
    return [str(row[header.index("name")]) for row in found]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".jsonl", ".parquet", ".xlsx"])
def test_every_row_is_in_one_part_or_left_out(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"list{suffix}"
    write(file)
    before = file.read_bytes()
    (told,) = run(file, DAYS)
    assert file.read_bytes() == before
    assert told.parts == {"day-01": 2, "day-02": 3}
    assert told.rows == sum(told.parts.values()) + sum(told.left_out.values()) == len(PEOPLE)
    assert [path.name for path in told.written.values()] == [
        f"list.{label}{suffix}" for label in ("day-01", "day-02", "left-out")
    ]
    found = {label: names(path) for label, path in told.written.items()}
    assert found == {"day-01": ["n0", "n1"], "day-02": ["n3", "n4", "n6"], "left-out": ["n2", "n5"]}
    if suffix == ".parquet":
        kinds = duckdb.execute(f"SELECT DISTINCT typeof(number) FROM '{told.written['day-01']}'").fetchall()  # noqa: S608
        assert kinds == [("INTEGER",)]


def test_a_warm_up_begins_with_those_who_were_active_most_recently(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    write(file)
    (told,) = run(file, DAYS, engaged_first=True, last_engaged={"column": "seen"})
    # Somebody who stands twice has the later of the two dates; who has none comes last.
    assert names(told.written["day-01"]) == ["n1", "n6"] or names(told.written["day-01"]) == ["n4", "n6"]
    assert "n3" in names(told.written["day-02"])


def test_a_lane_holds_a_providers_people(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    write(file)
    lanes = [Part("lane-gmail", 2, "gmail", is_lane=True), Part("lane-others", 3, is_lane=True)]
    (told,) = run(file, lanes)
    assert names(told.written["lane-gmail"]) == ["n0", "n3"]
    assert names(told.written["lane-others"]) == ["n1", "n4", "n6"]


@pytest.mark.parametrize(
    "parts",
    [
        DAYS,
        [Part("lane-gmail", 2, "gmail", is_lane=True), Part("lane-others", 3, is_lane=True)],
        [Part("zone-1", 5, zone="UTC")],
    ],
)
def test_who_must_not_be_mailed_is_in_no_part_and_told(parts: list[Part], tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "email,status\na@gmail.com,ok\nB@acme.example,ok\nc@gmail.com,unsubscribed\nd@free.fr,ok\ne@free.fr,ok\n"
    )
    (tmp_path / "stop.txt").write_text("b@acme.example\n")
    (told,) = run(file, parts, suppression=[tmp_path / "stop.txt"], status={"column": "status", "send": ["ok"]})
    sent = "".join(told.written[label].read_text() for label in told.parts)
    assert told.left_out == {"opted-out": 1, "suppressed": 1}
    assert told.rows == sum(told.parts.values()) + 2 == 5
    assert "acme" not in sent
    assert "c@gmail" not in sent
    if parts is DAYS:
        assert list(told.parts.values()) == [2, 1]


def test_a_zone_whose_mail_is_spread_over_days_has_a_list_for_each(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "email,country\n" + "".join(f"r{at}@acme.example,{'FR' if at % 2 else ''}\n" for at in range(9))
    )
    zones = [("Europe/Paris", 2), ("UTC", 3), ("Europe/Paris", 2), ("UTC", 2)]
    parts = [Part(f"zone-{at}", count, zone=zone) for at, (zone, count) in enumerate(zones)]
    campaign = {"name": "t", "from": "news@acme.example", "recipients": {"files": [file]}}
    made = Campaign.model_validate({**campaign, "schedule": {"start": "local 09:00"}})
    (told,) = asyncio.run(split(made, None, parts, tmp_path, None, None, engaged_first=False))
    assert list(told.parts.values()) == [2, 3, 2, 2]
    assert "r1@" in told.written["zone-0"].read_text()
    assert "r5@" in told.written["zone-2"].read_text()


def test_in_each_zone_the_most_recently_active_come_first(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "email,country,seen\n" + "".join(f"r{at}@acme.example,FR,2026-0{at + 1}-01\n" for at in range(4))
    )
    parts = [Part("zone-0", 1, zone="Europe/Paris"), Part("zone-1", 3, zone="Europe/Paris")]
    recipients = {"files": [file], "last_engaged": {"column": "seen"}}
    campaign = {"name": "t", "from": "news@acme.example", "recipients": recipients}
    made = Campaign.model_validate({**campaign, "schedule": {"start": "local 09:00"}})
    (told,) = asyncio.run(split(made, None, parts, tmp_path, None, None, engaged_first=True))
    assert told.parts == {"zone-0": 1, "zone-1": 3}
    assert "r3@" in told.written["zone-0"].read_text()


def test_nothing_is_written_over_or_half(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    write(file)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "list.day-02.csv").write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        run(file, DAYS)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["list.day-02.csv"]
    with pytest.raises(InputError, match="changed while it was planned"):
        run(file, [Part("day-01", 2)])


def test_without_a_plan_there_is_nothing_to_split() -> None:
    with pytest.raises(InputError, match="other mail"):
        parts_of(NoPlan("t", 3, None, "the other mail leaves no room"))
