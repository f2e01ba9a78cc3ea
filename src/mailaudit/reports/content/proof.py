"""What a proposed record does, in words: who gains, who loses, and how a panel wants it typed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailaudit.checks.remedy import Action, Stage
from mailaudit.reports.content.words import listed
from mailaudit.reports.document.fix import FixEntry, ProofEntry, RecordEntry
from mailaudit.wording import clock_time, length, numbered, zone_of

_MOST = 7
_LONGEST = 60


def proof_sentence(proof: ProofEntry) -> str:
    """Return who may send by a new SPF record who could not, who may no longer, its cost, and what is not proven."""
    if proof.unverified and not (proof.gains or proof.loses or proof.lookups):
        return f"What is not proven: nobody could look up {listed(proof.unverified, _MOST)}."
    gains = f"lets in {listed(proof.gains, _MOST)}" if proof.gains else "lets in nobody new"
    loses = f"shuts out {listed(proof.loses, _MOST)}" if proof.loses else "shuts out nobody"
    cost = f"needs {numbered(proof.lookups, 'look-up')}"
    if proof.unverified:
        return f"It {gains}, {loses}, {cost} and nobody could look up {listed(proof.unverified, _MOST)}."
    return f"It {gains}, {loses} and {cost}."


def stage_sentence(fix: FixEntry) -> str:
    """Return when the records are to be published; empty when that is now."""
    if fix.stage in {None, Stage.NOW} or not fix.condition:
        return ""
    return f"{'Later' if fix.stage is Stage.LATER else 'If you like'}, and only when {fix.condition}."


def remembered_sentence(fix: FixEntry, at: datetime | None = None) -> str:
    """Return how long receivers may go by the record that is replaced, from a moment on; empty when nothing is."""
    seconds = max((one.old_ttl or 0 for one in fix.dns_records if one.action is Action.REPLACE), default=0)
    if not seconds:
        return ""
    until = _until(at, seconds) if at and fix.stage is Stage.NOW else ""
    return f"Receivers may remember the old record {until or f'for {length(seconds)}'}."


def _until(at: datetime, seconds: int) -> str:
    try:
        over = (at + timedelta(seconds=seconds + 59)).replace(second=0)
    except OverflowError:  # a saved report may hold any number
        return ""
    return f"until {clock_time(over, at)} {zone_of(at)} (for {length(seconds)})"


def panel_fields(record: RecordEntry) -> list[tuple[str, str]]:
    """Return what to type into which field of a panel, one pair each."""
    old = [("In place of", record.old_value)] if record.old_value else []
    return [("Name", record.name), ("Type", record.type), ("TTL", str(record.ttl)), ("Value", record.value), *old]


def panel_lines(fix: FixEntry) -> list[str]:
    """Return each record as a line for a panel: what to do, where, and the value without quotes."""
    return [line for record in fix.dns_records for line in _record_lines(record)] + list(fix.panel)


def _record_lines(record: RecordEntry) -> Iterator[str]:
    yield (
        f"{record.action.capitalize()} in the zone {record.zone}: name {record.name}, type {record.type}, "
        f"TTL {record.ttl}, value {record.value}"
    )
    old = record.old_value or ""
    if old:  # of several records, which one goes: as much of it as tells
        yield f"  in place of {old if len(old) <= _LONGEST else f'{old[:_LONGEST]}…'}"
