"""A slow and obvious projection, to hold the fast one against: every message is a fraction of a second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

Instant = Fraction  # seconds since 1970


@dataclass(frozen=True)
class Opening:
    """When mail may leave; hours are minutes after midnight, days ISO weekdays."""

    zone: ZoneInfo
    hours: tuple[int, int] | None = None
    days: frozenset[int] | None = None


def is_open(epoch: int, opening: Opening) -> bool:
    """Whether mail may leave in the second that begins at `epoch`."""
    local = datetime.fromtimestamp(epoch, UTC).astimezone(opening.zone)
    minute = local.hour * 60 + local.minute
    begin, end = opening.hours or (0, 24 * 60)
    if end <= begin:  # into the next morning, which belongs to the evening before
        if minute < end:
            local -= timedelta(days=1)
        elif minute < begin:
            return False
    elif not begin <= minute < end:
        return False
    return opening.days is None or local.isoweekday() in opening.days


def next_open(at: Instant, opening: Opening) -> Instant:
    """The first instant from `at` on at which mail may leave, looking minute by minute."""
    if is_open(int(at // 1), opening):
        return at
    minute = int(at // 60 + 1) * 60
    while not is_open(minute, opening):
        minute += 60
    return Fraction(minute)


def instants(start: Instant, step: Fraction, size: int, count: int, opening: Opening) -> list[Instant]:
    """Every message of a campaign, one after the other."""
    sent: list[Instant] = []
    due = start
    while len(sent) < count:
        due = next_open(due, opening)
        sent.extend([due] * min(size, count - len(sent)))
        due += step
    return sent


def project(
    own: list[Instant], other: list[Instant], window: Fraction, limit: int
) -> tuple[int, Instant | None, int | None, int, int]:
    """Peak, its window's first message, first message in breach (from 1), how many of ours and theirs are over.

    A window ends at each message and holds at least one message of the campaign; at one instant the other mail
    counts first.
    """
    events = sorted([(at, 1, place) for place, at in enumerate(own)] + [(at, 0, -1) for at in other])
    peak, opens, breach, over, over_other = 0, None, None, 0, 0
    for last, (at, kind, place) in enumerate(events):
        inside = [event for event in events[: last + 1] if event[0] > at - window]
        if not any(event[1] for event in inside):
            continue
        if len(inside) > peak:
            peak, opens = len(inside), inside[0][0]
        if len(inside) > limit:
            if kind:
                over += 1
                breach = place + 1 if breach is None else breach
            else:
                over_other += 1
    return peak, opens, breach, over, over_other
