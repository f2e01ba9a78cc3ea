"""A resolver that is told what to answer."""

from __future__ import annotations

import asyncio

from dns.rdata import from_text

from mailaudit.facts.dns.answer import Answer, Status


class Told:
    """A resolver that answers from a table of `name type` and counts what it is asked."""

    def __init__(self, table: dict[str, list[str]], *, other: Status = Status.NXDOMAIN) -> None:
        self.table = table
        self.other = other
        self.asked: list[str] = []

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        self.asked.append(f"{name} {type}")
        await asyncio.sleep(0)
        texts = self.table.get(f"{name} {type}")
        if texts is None:
            exists = any(key.split()[0] == name for key in self.table)
            return Answer(name, type, Status.NODATA if exists else self.other)
        records = tuple(from_text("IN", type, text) for text in texts)
        return Answer(name, type, Status.ANSWER, records=records)
