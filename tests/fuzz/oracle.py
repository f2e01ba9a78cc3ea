"""What must hold for every input, however bent: what an audit may raise, say and leave behind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from fuzz.mutations import CANARY
from mailaudit.errors import InputError
from mailaudit.reports.document.types import Document

# An alias that stands beside other records is seen in a file without being asked for.
_SEEN_WITHOUT_ASKING = frozenset({"record-beside-cname"})
_LONGEST_COMPLAINT = 4000
_ALIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def broken_promises_of(document: Document) -> Iterator[str]:
    """Yield each identity of the contract that a report breaks, and each check that crashed."""
    for result in document.results:
        if result.outcome == "crashed":
            yield f"a check crashed: {result.reason}"
        if bool(result.findings) != (result.outcome == "failed"):
            yield f"{result.check} is {result.outcome} with {len(result.findings)} findings"
    people: dict[str, Any] = dict(document.facts.recipients or {})
    if people:
        if people["rows"] != sum(people[kind] for kind in ("valid", "invalid", "unreadable", "missing")):
            yield f"rows do not add up: {people['rows']}"
        if people["valid"] != people["unique"] + people["duplicates"]:
            yield f"valid addresses do not add up: {people['valid']}"


def broken_promises_in(name: str, text: str) -> Iterator[str]:
    """Yield what an output must not hold: a person, or something that is alive in a terminal."""
    if found := CANARY.search(text):
        yield f"{name} shows a person: …{text[max(0, found.start() - 60) : found.end() + 20]}…"
    if found := _ALIVE.search(text.replace("\r\n", "\n")):
        yield f"{name} holds {found.group()!r}"


def broken_promises_by(error: BaseException) -> Iterator[str]:
    """Yield what is wrong with the way an input was refused: nothing, if it was by complaints in one shape."""
    if not isinstance(error, InputError):
        yield f"raised {type(error).__name__}: {error!s:.200}"
        return
    for complaint in error.complaints:
        text = str(complaint)
        if not complaint.what or len(text) > _LONGEST_COMPLAINT:
            yield f"a complaint of {len(text)} characters"
        if CANARY.search(text):
            yield f"a complaint shows a person: {text:.300}"


def silence_judged(whole: Document, silent: Document) -> Iterator[str]:
    """Yield each check that a lost answer made pass unreservedly although it failed, or find what was not there.

    Both are audits of the same files; for `silent` some answers of DNS are missing.
    """
    before = {result.check: result for result in whole.results}
    for result in silent.results:
        if result.check in _SEEN_WITHOUT_ASKING:
            continue
        known = before[result.check]
        # A pass with a reason says what it leaves open.
        if known.outcome == "failed" and result.outcome == "passed" and not result.reason:
            yield f"{result.check} passes because an answer was lost"
        if known.outcome == "passed" and result.outcome == "failed":
            yield f"{result.check} fails because an answer was lost: {result.findings[0].message:.200}"


def differences(one: Document, other: Document) -> Iterator[str]:
    """Yield where the findings of two audits differ that must be the same."""
    first, second = _told(one), _told(other)
    for check in first:
        if first[check] != second.get(check):
            yield f"{check} differs when it is replayed: {first[check]:.300} / {second.get(check, ''):.300}"


def _told(document: Document) -> dict[str, str]:
    shown: list[dict[str, Any]] = document.model_dump(mode="json")["results"]
    return {one["check"]: json.dumps([one["outcome"], one["findings"]], sort_keys=True) for one in shown}
