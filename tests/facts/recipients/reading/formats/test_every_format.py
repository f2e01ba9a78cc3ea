"""What every list format must be able to do; a new one needs a sample here and nothing else."""

from __future__ import annotations

import asyncio
import json
import random
import zipfile
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import CleanedFile, CleanPlan
from mailaudit.errors import InputError
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.list_format import ListFormat, list_formats
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.tables.engine import Workspace
from support.effort import examples
from support.lists import observed_list

openpyxl: Any = pytest.importorskip("openpyxl")

NAMES = ("name", "email", "since")
ROWS = (
    ("Anna", "anna@acme.example", "2026-01-01"),
    ("Bob", "not an address", "2026-01-02"),
    ("Åsa, B", "åsa@acme.example", ""),
    ("Anna", "ANNA@acme.example", "2026-01-04"),
)


def _text(path: Path) -> None:
    lines = ("\t".join(row) for row in (NAMES, *ROWS))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _objects() -> list[dict[str, str]]:
    return [dict(zip(NAMES, row, strict=True)) for row in ROWS]


def _json_lines(path: Path) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in _objects()), encoding="utf-8")


def _sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (NAMES, *ROWS):
        book.active.append(row)
    book.save(path)


def _parquet(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE people(name VARCHAR, email VARCHAR, since VARCHAR)")
        connection.executemany("INSERT INTO people VALUES (?, ?, ?)", ROWS)
        connection.execute("COPY people TO ? (FORMAT parquet)", [str(path)])


def _json_document(path: Path) -> None:
    path.write_text(json.dumps({"total": 4, "members": _objects()}, indent=1), encoding="utf-8")


def _html(path: Path) -> None:
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in (NAMES, *ROWS))
    path.write_text(f"<html><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></html>", encoding="utf-8")


def _vcard(path: Path) -> None:
    cards = (
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{name.replace(',', chr(92) + ',')}\nEMAIL:{address}\nSINCE:{since}\nEND:VCARD\n"
        for name, address, since in ROWS
    )
    path.write_text("".join(cards), encoding="utf-8")


def _ldif(path: Path) -> None:
    entries = (
        f"dn: cn={at}\nname: {name}\nemail:: {b64encode(address.encode()).decode()}\nsince: {since}\n"
        for at, (name, address, since) in enumerate(ROWS)
    )
    path.write_text("\n".join(entries), encoding="utf-8")


def _notifications(path: Path) -> None:
    """Write what SNS sends of SES, a line for each."""
    with path.open("w", encoding="utf-8") as file:
        for name, address, since in ROWS:
            person = {"emailAddress": address, "name": name, "since": since}
            told = {
                "notificationType": "Bounce",
                "bounce": {"bounceType": "Permanent", "bouncedRecipients": [person]},
            }
            file.write(json.dumps({"Type": "Notification", "Message": json.dumps(told)}) + "\n")


def _zip(path: Path) -> None:
    inner = path.with_name("inner.csv")
    _text(inner)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "export/list.csv")
        archive.writestr("__MACOSX/export/._list.csv", b"\0")
    inner.unlink()


# By the name of the format; the suffix is the format's first one.
SAMPLES: dict[str, Callable[[Path], None]] = {
    "CSV, TSV or plain text": _text,
    "JSON Lines": _json_lines,
    "a spreadsheet": _sheet,
    "Parquet": _parquet,
    "a JSON document": _json_document,
    "an HTML table": _html,
    "notifications of Amazon SES": _notifications,
    "vCard": _vcard,
    "LDIF": _ldif,
    "a ZIP archive": _zip,
}
every_format = pytest.mark.parametrize("one", list_formats(), ids=lambda one: one.name)


def sample(one: ListFormat, folder: Path, suffix: str | None = None) -> Path:
    path = folder / f"list{one.suffixes[0] if suffix is None else suffix}"
    SAMPLES[one.name](path)
    return path


def plan_for(path: Path) -> Campaign:
    return Campaign.model_validate({"name": "t", "from": "news@acme.example", "recipients": {"files": [path]}})


def observed(path: Path) -> RecipientFacts:
    return observed_list(plan_for(path))


def cleaned(path: Path, to: str | None) -> CleanedFile:
    done = asyncio.run(clean(plan_for(path), None, CleanPlan(DEFAULT, to=to, force=True)))
    return done.files[0]


def addresses(path: Path) -> list[str | None]:
    work = Workspace(reads=())
    try:
        return [row.cell for row in open_source(path, work).rows()]
    finally:
        work.close()


def test_no_two_formats_claim_a_suffix() -> None:
    suffixes = [suffix for one in list_formats() for suffix in one.suffixes]
    assert len(suffixes) == len(set(suffixes))


@pytest.mark.slow
@every_format
def test_a_list_can_be_checked(one: ListFormat, tmp_path: Path) -> None:
    facts = observed(sample(one, tmp_path))
    assert (facts.rows, facts.valid, facts.invalid, facts.unreadable, facts.unique) == (4, 3, 1, 0, 2)
    assert facts.files[0].column == "email"


@pytest.mark.slow
@every_format
def test_a_list_is_recognised_whatever_it_is_called(one: ListFormat, tmp_path: Path) -> None:
    assert observed(sample(one, tmp_path, ".dat")).valid == 3


@pytest.mark.slow
@every_format
@pytest.mark.parametrize("to", [None, "csv", "xlsx", "parquet"])
def test_a_list_can_be_cleaned_and_read_again(one: ListFormat, tmp_path: Path, to: str | None) -> None:
    file = cleaned(sample(one, tmp_path), to)
    assert (file.kept, file.removed) == (2, {"duplicates": 1, "invalid": 1})
    assert isinstance(file.clean, Path)
    assert isinstance(file.leftovers, Path)
    assert addresses(file.clean) == ["anna@acme.example", "åsa@acme.example"]
    left = ["not an address", "ANNA@acme.example"]
    assert file.leftovers.suffix == ".jsonl" or addresses(file.leftovers) == left


@every_format
def test_all_columns_are_rewritten(one: ListFormat, tmp_path: Path) -> None:
    path = sample(one, tmp_path)
    work = Workspace(reads=())
    try:
        source = open_source(path, work, Wanted(others=("since",)))
        header = source.header()
        cells = dict(source.cells(header))
        rows = list(source.rows())
    finally:
        work.close()
    assert set(NAMES) <= set(header)
    assert [row.cell for row in rows] == [address for _, address, _ in ROWS]
    assert [row.others for row in rows] == [(since,) for *_, since in ROWS]
    at = [header.index(name) for name in NAMES]
    assert [tuple(cells[row.line or 0][place] for place in at) for row in rows] == list(ROWS)
    assert source.stamp() == source.stamp()


@pytest.mark.slow
@every_format
def test_a_damaged_list_is_read_or_told(one: ListFormat, tmp_path: Path) -> None:
    """Whatever happens to the bytes of a list, nobody sees anything but rows or an `InputError`."""
    rng = random.Random(one.name)
    whole = sample(one, tmp_path).read_bytes()
    path = tmp_path / f"damaged{one.suffixes[0]}"
    work = Workspace(reads=())
    try:
        for _ in range(examples(60)):
            data = bytearray(whole)
            for _ in range(rng.choice([1, 3, 20])):
                at = rng.randrange(len(data) + 1)
                cut = at + rng.choice([0, 0, 1, 30, len(data)])
                data[at:cut] = rng.choice(
                    [b"", b"\0", b"<", b'"', b"{", b"[", b"\n", b"\xff\xfe", b"BEGIN:VCARD\n"]
                )
            path.write_bytes(data)
            with suppress(InputError):
                source = open_source(path, work)
                header = source.header()
                assert len(list(source.rows())) <= len(list(source.cells(header))) + 1
                assert 0 <= source.address_place(header) <= len(header)
    finally:
        work.close()
