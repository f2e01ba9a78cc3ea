from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import NAMES, decide
from mailaudit.cleaning.parts import Part, place_rows
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.recipients.judging.judge_list import judge_list
from mailaudit.facts.recipients.list_plan import list_plan_of
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.facts.recipients.tables.schema import _VARIABLE, SCHEMA, columns_of

PEOPLE = [
    *(f"test{number:03}@firm.example" for number in range(20)),
    "an.na@gmail.com", "anna@gmail.com", "ANNA@gmail.com", "bob@gmial.com", "info@acme.example", "é@acme.example",
    "carl@mailinator.com", "none", '"x', "dora@dead.example",
    "emil@parked.example",
]  # fmt: skip
ZONE = (
    "firm.example. 60 IN MX 1 mx.firm.example.\nmx.firm.example. 60 IN A 192.0.2.1\ndead.example. 60 IN MX 0 .\n"
    "parked.example. 60 IN MX 1 park-mx.above.com.\n"
)


@pytest.fixture
def work() -> Iterator[Workspace]:
    made = Workspace()
    yield made
    made.close()


def test_the_schema_is_true(work: Workspace, tmp_path: Path) -> None:
    """Every table that a run leaves has the columns that are written down, and none is left out."""
    rows = (
        f"{address},{'2019-01-01' if at % 2 else ''},2026-01-01,{'bounced' if at == 3 else ''}\n"
        for at, address in enumerate(PEOPLE)
    )
    (tmp_path / "list.csv").write_text(f"email,since,seen,status\n{''.join(rows)}", encoding="utf-8")
    told = f"email,bounce_type\ninfo@acme.example,hard\n{'a0' * 64},hard\n"
    (tmp_path / "stop.csv").write_text(told, encoding="utf-8")
    (tmp_path / "result.csv").write_text("email,result\nanna@gmail.com,invalid\n", encoding="utf-8")
    (tmp_path / "w.zone").write_text(ZONE, encoding="utf-8")
    asyncio.run(_run(work, tmp_path))
    found: dict[str, str] = {}
    told = "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ordinal_position"
    for table, column, kind in work.rows(told):
        found[table] = f"{found[table]}, {column} {kind}" if table in found else f"{column} {kind}"
    assert {table: columns_of(table, 3) for table in found} == found
    assert {_VARIABLE.sub("*", table) for table in found} == set(SCHEMA)


async def _run(work: Workspace, folder: Path) -> None:
    campaign = Campaign.model_validate(
        {
            "name": "t",
            "from": "news@acme.example",
            "recipients": {
                "files": [folder / "list.csv"],
                "suppression": [folder / "stop.csv"],
                "verification": [folder / "result.csv"],
                "consent": {"column": "since", "max_age": "3y"},
                "last_engaged": {"column": "seen", "max_age": "1y"},
            },
        }
    )
    plan = list_plan_of(campaign)
    assert plan is not None
    async with open_resolver(zones=[folder / "w.zone"]) as resolver:
        judged = await judge_list(work, plan, resolver)
    decide(judged, NAMES)
    work.run("DROP TABLE removed")
    place_rows(judged, [Part("g", 3, "gmail", is_lane=True), Part("o", judged.found.valid - 3, is_lane=True)])
