"""The streams of a campaign: its own messages, and the other mail that counts with them."""

from __future__ import annotations

from datetime import UTC, datetime, time, tzinfo
from fractions import Fraction

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from mailaudit.campaign.schedule import OtherMail, Schedule
from mailaudit.campaign.values.start import dated
from mailaudit.campaign.values.types import Address
from mailaudit.errors import refused
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.volume.flow.clock import Clock, make_clock
from mailaudit.facts.volume.flow.pace import LONGEST_S, Pace, expected_length, pace_of, runs_of, steady_runs
from mailaudit.facts.volume.flow.sending_hours import DAY, Opening
from mailaudit.facts.volume.flow.stages import MOST_STAGES, staged_runs
from mailaudit.facts.volume.flow.stream_math import Runs
from mailaudit.facts.volume.flow.waves import Wave, wave_runs
from mailaudit.facts.volume.mailing import Beside, Mailing

# Without a start the projection needs some Monday, so that hours and weekdays mean something.
_SOME_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
_USUAL_BEGIN = time(9)
_MILLI = 1000
_YEARS = range(1980, 2200)


class Party(Struct, frozen=True):
    """Who sends some mail; `address` is in lower case, and both are missing when it is the campaign's own address."""

    address: str | None
    domain: str | None

    @classmethod
    def of(cls, address: Address | None) -> Party:
        """Return the sender at an address, or the campaign's own."""
        return cls(str(address).lower(), address.domain) if address else cls(None, None)


class OtherFlow(Struct, frozen=True):
    """Mail that leaves anyway, from its `party`.

    `open_a_week` is how many seconds of a week it flows, 0 when it is not regular; `open_a_day` how many of a day at most.
    """

    name: str
    party: Party
    pace: Pace
    stream: Runs
    is_campaign: bool = False
    open_a_week: int = 0
    open_a_day: int = DAY


class Flows(Struct, frozen=True):
    """The campaign's stream and the others on one clock; `dated` is false when the start is only assumed.

    `abreast` is how many of the campaign's messages leave in step with each other, batches aside: of its processes and waves.
    """

    clock: Clock
    dated: bool
    pace: Pace
    campaign: Runs
    others: tuple[OtherFlow, ...]
    abreast: int = 1

    def instant(self, tick: int | None) -> datetime | None:
        """Return the local time of a tick, or nothing when the start is only assumed."""
        return self.clock.instant(tick) if self.dated and tick is not None else None

    def of_domain(self, domain: str) -> list[Runs]:
        """Return the other mail that leaves from a domain or below it, or from the campaign's own address."""
        return [other.stream for other in self.others if is_at_or_under(other.party.domain or domain, domain)]

    @property
    def seconds(self) -> float:
        """The time from the campaign's first message to its last."""
        return (self.last_tick - self.first_tick) / self.clock.per_second

    @property
    def first_tick(self) -> int:
        """The instant of the campaign's first message."""
        return self.campaign.first_tick

    @property
    def last_tick(self) -> int:
        """The instant of the campaign's last message."""
        return self.campaign.last_tick


class Plan(Struct, frozen=True):
    """What is laid out: the campaign, what leaves beside it, and how far around it other mail matters.

    `stretch_s` is how much later than at its pace it may end. `grain` is a fraction of a second that the clock must be able
    to tell. `waves` begin each at their own instant.
    """

    mailing: Mailing
    schedule: Schedule
    messages: int
    reach_s: int
    beside: tuple[Beside, ...] = ()
    stretch_s: int = 0
    grain: Fraction | None = None
    waves: tuple[Wave, ...] = ()

    @property
    def opening(self) -> Opening:
        """When the campaign may be sent."""
        schedule = self.schedule
        return Opening(
            schedule.hours, schedule.days, schedule.timezone or (schedule.start and schedule.start.tzinfo) or UTC
        )


def flows_of(plan: Plan, pace: Pace, *, alone: bool = False) -> Flows:
    """Lay out every message on one clock, or only the campaign's; raises `InputError` when the plan makes no sense."""
    mailing, schedule, messages = plan.mailing, plan.schedule, plan.messages
    opening, zone = plan.opening, plan.opening.zone
    if opening.open_seconds_a_week <= 0:
        raise refused("schedule: no weekday is left on which mail may leave", todo="name some days")
    start = min((wave.begins_at for wave in plan.waves), default=_opens(opening, _start(schedule, zone)))
    length = (
        expected_length(pace, opening, messages)
        + 2 * plan.reach_s
        + plan.stretch_s
        + (1 + max((wave.day for wave in plan.waves), default=0)) * DAY
    )
    if schedule.most_a_day:
        # Of a week, at most one day in seven may be open.
        length += -(-messages // schedule.most_a_day) * 7 * DAY
    neighbours = [] if alone else _neighbours(plan)
    strangers = () if alone else mailing.other_mail
    paces = (pace, *(other for _, other in neighbours), *(Pace(_step(other)) for other in strangers))
    steps = [one.step for one in paces] + ([plan.grain] if plan.grain else [])
    clock = make_clock(start, zone, steps, length)
    stream = (
        wave_runs(pace, clock, plan.waves)
        if plan.waves
        else _campaign(schedule, pace, opening, clock, clock.tick(start), messages)
    )
    last = stream.runs[-1].first + stream.runs[-1].beats * stream.runs[-1].step if stream.runs else 0
    reach = clock.ticks(plan.reach_s)
    until = last + reach + clock.ticks(plan.stretch_s)
    others = [_other(other, zone, clock, clock.tick(start) - reach, until) for other in strangers]
    others += [_neighbour(beside, beside_pace, zone, clock) for beside, beside_pace in neighbours]
    in_waves = max((run.size for run in stream.runs), default=pace.size) // pace.size if plan.waves else 1
    return Flows(
        clock,
        dated(schedule.start) is not None,
        pace,
        stream,
        tuple(others),
        schedule.processes * max(in_waves, 1),
    )


def recorded_flows(plan: Plan, seconds: NDArray[np.float64]) -> Flows:
    """Lay out what was recorded as if it began at the planned start; `seconds` count from the first message.

    Messages of one millisecond leave together.
    """
    length = int(seconds[-1]) + 1
    flows = flows_of(replace(plan, grain=Fraction(1, _MILLI)), Pace(Fraction(length, plan.messages)))
    first, scale = flows.first_tick, flows.clock.per_second
    ticks = first + np.round(seconds * _MILLI).astype(np.int64) * scale // _MILLI
    beats, sizes = np.unique(ticks, return_counts=True)
    return replace(flows, campaign=Runs.of_beats(beats, sizes))


def _campaign(  # noqa: PLR0917 - as `runs_of`
    schedule: Schedule, pace: Pace, opening: Opening, clock: Clock, begin: int, messages: int
) -> Runs:
    if schedule.most_a_day is None:
        return runs_of(pace, opening, clock, begin, messages)
    found = (
        staged_runs(pace, opening, clock, begin, messages, schedule.most_a_day) if schedule.most_a_day else None
    )
    if found is None:
        what = f"schedule.most_a_day: {messages:,} messages take more than {MOST_STAGES:,} days"
        raise refused(what, todo="write a larger number")
    return found


def _start(schedule: Schedule, zone: tzinfo) -> datetime:
    if schedule.start is None:
        begin = schedule.hours.begin if schedule.hours else _USUAL_BEGIN
        return datetime.combine(_SOME_MONDAY.date(), begin, zone)
    if schedule.start.year not in _YEARS:
        raise refused(
            f"schedule.start: the year {schedule.start.year} is not a year to plan for",
            todo="write a start such as 2026-12-01T09:00",
        )
    return schedule.start if schedule.start.tzinfo else schedule.start.replace(tzinfo=zone)


def _opens(opening: Opening, start: datetime) -> datetime:
    """Return when the first message leaves: mail without hours is laid out from there, wherever the schedule waits for it."""
    begin = int(start.timestamp())
    first = next((low for low, _ in opening.stretches(begin, begin + LONGEST_S)), begin)
    return datetime.fromtimestamp(first, opening.zone) if first > begin else start


def _step(other: OtherMail) -> Fraction:
    if other.rate.count <= 0:
        raise refused(f"other_mail: the rate of “{other.name}” is not positive", todo="write at least 1")
    return Fraction(other.rate.per.seconds, other.rate.count)


def _neighbours(plan: Plan) -> list[tuple[Beside, Pace]]:
    """Return the campaigns beside this one whose times are known, each with its pace."""
    if plan.schedule.start is None:
        return []
    found = []
    for beside in plan.beside:
        schedule = beside.schedule
        pace = pace_of(schedule, beside.messages) if schedule and schedule.start else None
        if pace is not None and beside.messages:
            found.append((beside, pace))
    return found


def _neighbour(beside: Beside, pace: Pace, zone: tzinfo, clock: Clock) -> OtherFlow:
    schedule = beside.schedule
    if schedule is None or schedule.start is None:
        raise ValueError("a campaign without a start cannot be laid out beside another")
    opening = Opening(schedule.hours, schedule.days, schedule.timezone or zone)
    begin = clock.tick(_start(schedule, zone))
    stream = _campaign(schedule, pace, opening, clock, begin, beside.messages)
    return OtherFlow(name=beside.name, party=Party.of(beside.address), pace=pace, stream=stream, is_campaign=True)


def _other(other: OtherMail, zone: tzinfo, clock: Clock, begin: int, end: int) -> OtherFlow:
    opening = Opening(other.hours, other.days, zone)
    pace = Pace(_step(other))
    opens, closes = opening.span()
    return OtherFlow(
        name=other.name,
        party=Party.of(other.from_.address if other.from_ else None),
        pace=pace,
        stream=steady_runs(pace, opening, clock, begin, end),
        open_a_week=opening.open_seconds_a_week,
        open_a_day=closes - opens,
    )
