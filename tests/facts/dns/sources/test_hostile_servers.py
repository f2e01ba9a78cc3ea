"""Whatever a server does, what is known is what the table in docs/dns.md says, and all modes together are over soon."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.live import LiveSource
from support.dns_server import serving
from support.hostile_dns import MODES, NOTHING, RECORD, UNVERIFIED, ZONE, table

PAGE = Path(__file__).parents[4] / "docs" / "dns.md"
KNOWN = {Status.ANSWER: RECORD, Status.NODATA: NOTHING, Status.NXDOMAIN: NOTHING}


async def _ask(name: str) -> Answer:
    async with serving(ZONE, **MODES[name].behaviour) as server:
        return await CachingResolver(LiveSource([server.server], timeout=1.5)).query("acme.example", "TXT")


@pytest.mark.slow
def test_what_is_known_after_each_mode_is_what_the_page_says() -> None:
    async def main() -> list[Answer]:
        return await asyncio.gather(*map(_ask, MODES))

    answers = dict(zip(MODES, asyncio.run(main()), strict=True))
    found = {name: KNOWN.get(answer.status, UNVERIFIED) for name, answer in answers.items()}
    assert found == {name: mode.known for name, mode in MODES.items()}
    assert {answer.texts() for answer in answers.values() if answer.status is Status.ANSWER} == {(b"v=spf1 -all",)}
    assert table() in PAGE.read_text(encoding="utf-8")
