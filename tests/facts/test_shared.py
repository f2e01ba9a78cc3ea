"""What several audits observe is observed once, and only where they ask the same of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mailaudit.api import audit_each
from mailaudit.campaign.load import load_campaign
from mailaudit.errors import InputError
from mailaudit.facts import gather
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.offline import OfflineSource
from mailaudit.facts.recipients import observe
from mailaudit.facts.recipients.list_plan import ListPlan
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.facts.shared import SharedFacts
from mailaudit.options import DnsOptions, Options
from mailaudit.policy import Report

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
        told, dns = gather.Circumstances(NOW, shared=SharedFacts()), CachingResolver(OfflineSource())
        asked = []
        for number, (text, wanted) in enumerate(zip(texts, fields, strict=True)):
            (folder / f"c{number}").mkdir(exist_ok=True)
            file = folder / f"c{number}" / "campaign.yml"
            file.write_text(text, encoding="utf-8")
            part = dns.share()
            message = asyncio.get_running_loop().create_future()
            message.set_result(SimpleNamespace(wishes=lambda _, wanted=wanted: wanted))
            asked.append((gather._recipients(load_campaign(file)[0], part, told, message), part))
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


def test_a_sender_is_looked_at_once_for_campaigns_that_say_the_same_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    async def counted(claims: SenderClaims, *others: Any) -> SenderFacts:
        looked_at.append(str(claims.from_address))
        return await observe_sender(claims, *others)

    monkeypatch.setattr(gather, "observe_sender", counted)
    (tmp_path / "m.eml").write_text("From: a@acme.example\nSubject: Hello\n\nHello\n", encoding="utf-8")
    files = []
    for name, text in enumerate(("a@acme.example", "A <a@acme.example>", "b@other.example")):
        files.append(tmp_path / f"{name}.yml")
        files[-1].write_text(f"name: c{name}\nfrom: {text}\nmessage: m.eml\n", encoding="utf-8")
    reports = audit_each(files, Options(dns=DnsOptions(offline=True)))
    assert looked_at == ["a@acme.example", "b@other.example"]
    answers = [report.facts.dns_answers for report in reports if isinstance(report, Report)]
    assert len(answers) == len(files)
    assert answers[0] == answers[1] != answers[2]
