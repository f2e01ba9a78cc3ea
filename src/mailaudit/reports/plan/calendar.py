"""A plan for sending as a calendar file (iCalendar, RFC 5545): one event for each day of sending."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from mailaudit.errors import refused
from mailaudit.language.spoken import form, said
from mailaudit.planning.model import NoPlan, SendingPlan
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.plan.parts import lane_name
from mailaudit.reports.safe_text import plain
from mailaudit.wording import numbered, rate_words

_LONGEST_LINE = 75
_SHORTEST_S = 60


def render(plan: SendingPlan | NoPlan, options: RenderOptions) -> str:
    """Return the calendar; raises `InputError` without a plan or without a start, for then there is nothing to enter."""
    del options
    if isinstance(plan, NoPlan) or plan.starts_at is None or plan.ends_at is None:
        raise refused("a calendar needs a plan with a start", todo="give --start 2026-12-01T09:00")
    name = plain(plan.name)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mailaudit//plan//EN", "CALSCALE:GREGORIAN"]
    for number, (begins, ends, messages, rate, whom) in enumerate(_events(plan), start=1):
        key = hashlib.sha256(f"{name}\x1f{plan.starts_at.isoformat()}\x1f{number}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{key}@mailaudit.invalid",
            # The plan is the same whenever it is made, and so is its calendar.
            f"DTSTAMP:{_utc(plan.starts_at)}",
            f"DTSTART:{_utc(begins)}",
            f"DTEND:{_utc(ends)}",
            "SUMMARY:" + _text(f"{said(_summary(messages, plain(whom)))}{form('joint', ': ')}{name}"),
            "DESCRIPTION:" + _text(_description(rate, plan.messages)),
            "END:VEVENT",
        ]
    for number, reminder in enumerate(plan.reminders, start=1):
        key = hashlib.sha256(f"{name}\x1freminder\x1f{number}\x1f{plain(reminder.what)}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{key}@mailaudit.invalid",
            f"DTSTAMP:{_utc(plan.starts_at)}",
            f"DTSTART;VALUE=DATE:{reminder.on:%Y%m%d}",
            "SUMMARY:" + _text(said(f"After {name}: {plain(reminder.what)}")),
            "DESCRIPTION:" + _text(said(f"Only when {plain(reminder.condition)}. Audit again first.")),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _summary(messages: int, whom: str) -> str:
    mails = numbered(messages, "mail")
    return f"Send {mails} to {whom}" if whom else f"Send {mails}"


def _description(rate: str, in_all: int) -> str:
    return " ".join(map(said, (f"At most {rate}, evenly.", f"{numbered(in_all, 'mail')} in all.")))


def _events(plan: SendingPlan) -> Iterator[tuple[datetime, datetime, int, str, str]]:
    if plan.waves and plan.rate is not None:
        step = plan.rate.per.seconds / (plan.rate.count * plan.processes)
        for wave in plan.waves:
            ends = wave.opening.after(wave.begins_at, wave.messages * step)
            lasting = wave.begins_at, _later(wave.begins_at, ends)
            yield *lasting, wave.messages, rate_words(plan.rate), wave.zone
        return
    if plan.lanes is not None and plan.lanes.is_split and plan.starts_at:
        for lane in plan.lanes.lanes:
            ends = _later(plan.starts_at, lane.ends_at or plan.starts_at)
            yield plan.starts_at, ends, lane.messages, rate_words(lane.rate), lane_name(lane)
        return
    for day in plan.by_day:
        if day.begins_at and day.ends_at:
            yield day.begins_at, _later(day.begins_at, day.ends_at), day.messages, rate_words(day.rate), ""


def _later(begins: datetime, ends: datetime) -> datetime:
    """Give an event some length, or calendars do not show it."""
    shortest = begins.astimezone(UTC).timestamp() + _SHORTEST_S
    return ends if ends.timestamp() >= shortest else datetime.fromtimestamp(shortest, UTC)


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    for special in ("\\", ";", ","):
        text = text.replace(special, f"\\{special}")
    return text.replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of at most 75 octets, never inside a character (RFC 5545, section 3.1)."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > _LONGEST_LINE:
            yield piece
            piece = " "
        piece += letter
    yield piece
