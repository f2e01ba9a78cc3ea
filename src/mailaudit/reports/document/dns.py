"""The part of the report that lists the DNS answers used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field

from mailaudit.reports.document.base import Part, Text
from mailaudit.reports.safe_text import plain, shorten

if TYPE_CHECKING:
    # Only types: reading a saved report loads nothing of what observes or judges.
    from mailaudit.facts.dns.answer import Answer

MAX_ANSWERS = 1_000
MAX_RECORDS = 50
MAX_RECORD_LENGTH = 1_000


class AnswerEntry(Part):
    """One answer; a time to live is left out, because it differs from one second to the next."""

    name: Text
    type: str
    status: str
    records: tuple[Text, ...] = ()
    size: int | None = Field(None, description="octets of the whole response message")
    tcp: bool = False
    source: Text = ""


class DnsSection(Part):
    """How many questions were asked, and their answers, ordered by name; `omitted` counts those left out."""

    queries: int = 0
    answers: tuple[AnswerEntry, ...] = ()
    omitted: int = 0


def dns_section(answers: Sequence[Answer]) -> DnsSection:
    """Return the answers ordered by name and type: at most 1,000, of 50 records of 1,000 characters."""
    entries = sorted(
        (_entry(_Same(answer)) for answer in answers), key=lambda e: (e.name, e.type, e.source, e.status)
    )
    return DnsSection(
        queries=len(entries), answers=tuple(entries[:MAX_ANSWERS]), omitted=max(0, len(entries) - MAX_ANSWERS)
    )


class _Same:
    """An answer, equal to nothing but itself: reports of one run list the very same ones."""

    __slots__ = ("answer",)

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.answer is self.answer

    def __hash__(self) -> int:
        return id(self.answer)


@lru_cache(maxsize=MAX_ANSWERS)
def _entry(same: _Same) -> AnswerEntry:
    answer = same.answer
    texts = sorted(plain(record.to_text()) for record in answer.records)
    shown = [shorten(text, MAX_RECORD_LENGTH) for text in texts[:MAX_RECORDS]]
    if len(texts) > MAX_RECORDS:
        shown.append(f"… {len(texts) - MAX_RECORDS} more records")
    return AnswerEntry.of(answer, name=plain(answer.name), records=tuple(shown), source=plain(answer.source))
