"""One list that several audits use is read once, and only where they ask the same of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailaudit.campaign.load import load_campaign
from mailaudit.errors import InputError
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.offline import OfflineSource
from mailaudit.facts.recipients import observe
from mailaudit.facts.recipients.list_plan import ListPlan, list_plan_of
from mailaudit.facts.recipients.shared_lists import SharedLists

NOW = datetime(2026, 11, 28, tzinfo=UTC)
PLAIN = "from: news@acme.example\nrecipients: {files: [../list.csv]}\n"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The lists that are really read."""
    lists: list[object] = []

    async def observed(plan: ListPlan, dns: CachingResolver, **_: object) -> str:
        lists.extend(plan.lists.files)
        told = f"facts {len(lists)}"
        await dns.query("acme.example", "MX")
        if any(isinstance(file, Path) and not file.stat().st_size for file in plan.lists.files):
            raise InputError
        return told

    monkeypatch.setattr(observe, "observe_recipients", observed)
    return lists


def found(folder: Path, *texts: str, fields: tuple[dict[str, None] | None, ...] = (None, None)) -> list[Any]:
    async def together() -> list[Any]:
        lists, dns = SharedLists(), CachingResolver(OfflineSource())
        asked = []
        for number, (text, wanted) in enumerate(zip(texts, fields, strict=True)):
            (folder / f"c{number}").mkdir(exist_ok=True)
            file = folder / f"c{number}" / "campaign.yml"
            file.write_text(text, encoding="utf-8")
            part = dns.share()
            plan = list_plan_of(load_campaign(file)[0], NOW)
            assert plan is not None
            asked.append((lists.observe(plan, part, None, wanted), part))
        seen = await asyncio.gather(*(one for one, _ in asked), return_exceptions=True)
        assert all([answer.name for answer in part.answers()] == ["acme.example"] for _, part in asked)
        return seen

    return asyncio.run(together())


def test_what_is_the_same_is_read_once_and_its_questions_are_listed_by_all(
    tmp_path: Path, read: list[object]
) -> None:
    (tmp_path / "list.csv").write_text("email\na@acme.example\n", encoding="utf-8")
    assert found(tmp_path, PLAIN, PLAIN.replace("news", "post")) == ["facts 1", "facts 1"]
    assert len(read) == 1


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace("[../list.csv]", "[../list.csv], column: email"),
        PLAIN.replace("[../list.csv]", "[../list.csv], suppression: [../list.csv]"),
        PLAIN.replace("../list.csv", "../other.csv"),
        f"{PLAIN}schedule: {{start: 2026-12-01T09:00, timezone: UTC, rate: 1/h}}\n",
    ],
)
def test_what_differs_is_read_for_each(tmp_path: Path, read: list[object], other: str) -> None:
    for name in ("list.csv", "other.csv"):
        (tmp_path / name).write_text("email\na@acme.example\n", encoding="utf-8")
    assert found(tmp_path, PLAIN, other) == ["facts 1", "facts 2"]
    assert len(read) == 2


def test_other_fields_of_the_message_are_other_questions(tmp_path: Path, read: list[object]) -> None:
    (tmp_path / "list.csv").write_text("email\na@acme.example\n", encoding="utf-8")
    assert found(tmp_path, PLAIN, PLAIN, fields=({"name": None}, {"city": None})) == ["facts 1", "facts 2"]
    assert len(read) == 2


def test_databases_that_differ_in_what_is_not_shown_are_two(tmp_path: Path, read: list[object]) -> None:
    text = PLAIN.replace("[../list.csv]", "['sqlite:///shop.db?mode=ro'], table: people")
    assert found(tmp_path, text, text.replace("=ro", "=rw")) == ["facts 1", "facts 2"]
    assert len(read) == 2


def test_a_list_that_cannot_be_used_is_told_to_each(tmp_path: Path, read: list[object]) -> None:
    (tmp_path / "list.csv").touch()
    assert [type(one) for one in found(tmp_path, PLAIN, PLAIN)] == [InputError, InputError]
    assert len(read) == 1
