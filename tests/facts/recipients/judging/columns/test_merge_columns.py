"""The fields of a template find their columns, in every format and engine, and no value is told."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.facts.recipients.judging.columns.merge_fields import aggregates, candidates
from mailaudit.facts.recipients.spark.queries import transpiled

ROWS = [
    ("ann@gmail.com", "Ann"),
    ("bob@reader.example", ""),
    ("cyd@reader.example", " \u200b\u3000"),
    ("dan@gmail.com", "null"),
]


@pytest.mark.parametrize(
    ("name", "header", "places", "by_name"),
    [
        ("FNAME", ["email", "first_name"], (1,), False),
        ("first-name", ["email", "First Name"], (1,), True),
        ("prénom", ["email", "PRENOM"], (1,), True),
        ("FNAME", ["email", "prenom", "vorname"], (1, 2), False),
        ("firstname", ["email", "Prenom", "FirstName"], (2,), True),
        ("EMAIL", ["id", "mail address"], (1,), False),
        ("town", ["email", "city"], (), False),
        ("company", ["email", "organisation"], (1,), False),
    ],
)
def test_columns_are_found_by_name_and_by_meaning(
    name: str, header: list[str], places: tuple[int, ...], *, by_name: bool
) -> None:
    address = next(at for at, column in enumerate(header) if "mail" in column)
    assert candidates(name, None, header, address) == (places, by_name)


def test_a_column_that_the_campaign_names_is_the_only_candidate() -> None:
    assert candidates("FNAME", "given", ["email", "first_name", "given"], 0) == ((2,), True)
    assert candidates("FNAME", "gone", ["email", "first_name"], 0) == ((), True)


def test_what_is_counted_can_be_told_in_spark() -> None:
    query = transpiled(f"SELECT {aggregates(['f0', 'f1'])} FROM listed", "spark")  # noqa: S608 - our own expressions
    assert query.count("COUNT") == 10


def written(folder: Path, kind: str) -> str:
    if kind == "sqlite":
        with sqlite3.connect(folder / "people.db") as base:
            base.execute("CREATE TABLE people(email TEXT, first_name TEXT)")
            base.executemany("INSERT INTO people VALUES (?, ?)", ROWS)
        return f"{{files: ['sqlite:///{folder / 'people.db'}'], table: people}}"
    if kind == "jsonl":
        text = "".join(json.dumps({"email": address, "first_name": name}) + "\n" for address, name in ROWS)
    else:
        text = "email,first_name\n" + "".join(f'{address},"{name}"\n' for address, name in ROWS)
    (folder / f"people.{kind}").write_text(text, encoding="utf-8")
    return f"{{files: [people.{kind}]}}"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "sqlite"])
def test_the_cells_of_a_column_are_counted_in_every_format(tmp_path: Path, kind: str) -> None:
    (tmp_path / "body.html").write_text("<p>Dear {{ first_name }}, of {{ tree }}</p>", encoding="utf-8")
    campaign = tmp_path / "campaign.yml"
    listed = written(tmp_path, kind)
    campaign.write_text(
        f"from: a@acme.example\nrecipients: {listed}\nmessage: {{html: body.html}}\n", encoding="utf-8"
    )
    plan, source = load_campaign(campaign)
    report = audit(plan, source, Options(dns=DnsOptions(offline=True)))
    known, unknown = report.facts.message.joins or ()
    assert (unknown.field, unknown.columns, unknown.cells) == ("tree", (), None)
    assert known.cells is not None
    assert (known.cells.rows, known.cells.empty, known.cells.nothing, known.cells.longest) == (4, 2, 1, 4)
    assert dict(known.cells.gaps) == {"gmail": 1, "other": 2}
