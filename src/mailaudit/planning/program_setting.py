"""The fastest setting of a known program for which even the worst case of its own limiter keeps every limit."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.types import Rate
from mailaudit.facts.volume.flow.pace import Pace, limiter_of
from mailaudit.facts.volume.flow.sending_hours import Opening
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.facts.volume.limiter_worst_case import worst_window
from mailaudit.facts.volume.limits import CampaignLimit
from mailaudit.facts.volume.settings.model import ProgramSettings, Unwritable
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.knowledge.types.volume import Limiter, LimiterKind
from mailaudit.planning.model import SoftwareSetting
from mailaudit.planning.problem import PlanningProblem, reserved
from mailaudit.planning.rate_search import per_second

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# Jobs of cron run in whole minutes that divide an hour, or hours that divide a day: any other step limps at midnight.
_RUNS = tuple(60 * n for n in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440))
_NICE = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, *(60 * n for n in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 60, 120, 180,
         240, 360, 720, 1440)))  # fmt: skip
# Where a program takes any period: every pause up to three minutes, then whole minutes, then hours.
_PAUSES = (*range(1, 180), *range(180, 7200, 60), *range(7200, _DAY + 1, 3600))
# What people like to set, when it is at most a fiftieth slower than the plan: the program's own period, a minute, an hour.
_LIKED = (Fraction(60), Fraction(3600))
_ENOUGH = Fraction(98, 100)
# A period that people know is worth a little more.
_NEAR = Fraction(97, 100)
# Many copies with long pauses are no better than fewer with short ones.
_LONGEST_OF_COPIES = 60
_UNITS = {1: "s", _MINUTE: "min", _HOUR: "h", _DAY: "d"}


def program_setting(problem: PlanningProblem, flows: Flows, rate: Rate, *, stops: bool) -> SoftwareSetting | None:
    """Return the fastest setting of the campaign's program that keeps every limit, 0 of it when there is none.

    `rate` is the plan's own, of each process; a plan that `stops` each day keeps the limits of days by that. Nothing is
    returned when the program is not known, or nothing limits it.
    """
    mailing = problem.plan.mailing
    limiter = limiter_of(mailing.schedule, mailing.program)
    wanted = per_second(rate) * problem.plan.schedule.processes
    limits = [
        limit
        for limit in (*problem.limits, *_of_providers(problem, wanted))
        if not stops or limit.rule.window_s < _DAY // 2
    ]
    if limiter is None or not limits:
        return None
    found: list[_Choice] = []
    for copies in range(1, limiter.copies + 1):
        processes = _processes(mailing.schedule, limiter) * copies
        found.append(_chosen(problem, flows, limits, limiter, processes, copies, wanted))
        if found[-1].pace >= wanted * _ENOUGH:
            break
    choice = max(found, key=lambda one: (one.pace, -one.processes))
    copies = found.index(choice) + 1
    typed = _typed(limiter, choice.count, choice.period, copies) if choice.count else {}
    changed, refused = _changed(mailing.settings, typed, choice.pace * copies / choice.processes)
    if changed and copies > 1 and limiter.copy_file:
        names = (f"pace{number}" for number in range(1, copies + 1))
        changed += (f"{limiter.copy_file} (new)", *(f"+ {limiter.copy_line.format(copy=name)}" for name in names))
    return SoftwareSetting(
        limiter=limiter,
        count=choice.count,
        period_s=float(choice.period),
        processes=choice.processes,
        copies=copies,
        share=float(min(choice.pace / wanted, Fraction(1))),
        typed=typed,
        changed=changed,
        refused=refused,
    )


def _of_providers(problem: PlanningProblem, wanted: Fraction) -> list[CampaignLimit]:
    """Return what the plan sends in each window of a limit on a provider: more in a row may hold too many of its people."""
    one_of_each = {limit.rule.window_s: limit for limit, _ in problem.by_provider}
    return [
        replace(
            limit,
            rule=replace(limit.rule, max=ceil(window * wanted), modifiers=()),
            belongs=lambda _: False,
            has_reserve=False,
        )
        for window, limit in one_of_each.items()
    ]


class _Choice(Struct, frozen=True):
    """So many messages in a period, in each process; `pace` is what all send in a second."""

    count: int
    period: Fraction
    processes: int
    pace: Fraction


def _chosen(  # noqa: PLR0917 - one caller
    problem: PlanningProblem,
    flows: Flows,
    limits: list[CampaignLimit],
    limiter: Limiter,
    processes: int,
    copies: int,
    wanted: Fraction,
) -> _Choice:
    """Return the first setting that people like and that is fast enough, else the fastest."""
    every = [
        _Choice(count, period, processes, _pace(limiter, count, period) * processes)
        for period in _periods(limiter)
        if copies == 1 or period <= _LONGEST_OF_COPIES
        for as_planned in (int(wanted * period / processes) - limiter.overshoot,)
        for count in (_most(problem, flows, limits, limiter, period, processes, max(as_planned, 0)),)
    ]
    best = max(every, key=lambda one: (one.pace, -one.period))
    enough, near = min(wanted * _ENOUGH, best.pace), min(wanted, best.pace) * _NEAR
    liked = (*filter(None, (_own_period(limiter),)), *_LIKED)
    rank = {period: -place for place, period in reversed(list(enumerate(liked)))}
    return max(
        (one for one in every if one.pace >= (near if one.period in _NICE else enough)),
        key=lambda one: (
            rank.get(one.period, -len(liked)) if one.pace >= enough else -len(liked),
            one.period in _NICE,
            one.pace,
            -one.period,
        ),
    )


def _changed(
    settings: ProgramSettings | None, typed: Mapping[str, str], pace: Fraction
) -> tuple[tuple[str, ...], str]:
    """Return the lines of the program's own file that have to change, or why they cannot be told."""
    if settings is None or not typed:
        return (), ""
    try:
        return settings.changed(typed, Pace(1 / pace)), ""
    except Unwritable as reason:
        return (), f"{settings.display} cannot be changed line by line: {reason}"


def _processes(schedule: Schedule | None, limiter: Limiter) -> int:
    """Return how many send at once: as many as the campaign says, else as the program starts by itself."""
    said = schedule is not None and "processes" in schedule.model_fields_set
    return schedule.processes if schedule is not None and said else limiter.processes


def _periods(limiter: Limiter) -> tuple[Fraction, ...]:
    if limiter.periods_s:
        return tuple(map(Fraction, limiter.periods_s))
    lengths = (
        _PAUSES if limiter.most == 1 else _RUNS if limiter.typed_kind is LimiterKind.BATCH else (*_NICE, *_PAUSES)
    )
    own = _own_period(limiter)
    return tuple(dict.fromkeys((*((own,) if own and limiter.most is None else ()), *map(Fraction, lengths))))


def _own_period(limiter: Limiter) -> Fraction | None:
    return Fraction(limiter.every_ms, 1000) if limiter.every_ms else None


def _pace(limiter: Limiter, count: int, period: Fraction) -> Fraction:
    return (count + limiter.overshoot) / period if count else Fraction(0)


def _most(  # noqa: PLR0917 - one caller
    problem: PlanningProblem,
    flows: Flows,
    limits: list[CampaignLimit],
    limiter: Limiter,
    period: Fraction,
    processes: int,
    most: int,
) -> int:
    """Return the most messages in a period, of each process, up to some, with which no window goes over its limit."""
    plan, count = problem.plan, min(limiter.most or most, most)
    opening = None if plan.waves else plan.opening
    for limit in limits:
        other = other_at_most(limit, flows)
        low, high = 0, count + 1
        while high - low > 1:
            middle = (low + high) // 2
            sent = middle + limiter.overshoot, period
            kept = _keeps(limiter.typed_kind, sent, processes, limit, other, plan.messages, opening)
            low, high = (middle, high) if kept else (low, middle)
        count = low
    return count


def _keeps(  # noqa: PLR0917 - one caller
    kind: LimiterKind,
    sent: tuple[int, Fraction],
    processes: int,
    limit: CampaignLimit,
    other: int,
    messages: int,
    opening: Opening | None,
) -> bool:
    """Say whether a limiter keeps a limit in its worst case, and with the reserve free while it sends without a pause."""
    window, room = limit.rule.window_s, reserved(limit).rule.max - other
    # Processes are not in step with each other.
    worst = min(worst_window(kind, sent, window, opening) * processes, messages)
    if kind is not LimiterKind.TUMBLING:
        return worst <= room
    # The end of one window and the begin of the next meet only after a pause; else every window is as full as the others.
    running = min(worst_window(LimiterKind.BATCH, sent, window, opening) * processes, messages)
    return running <= room and worst <= limit.rule.max - other


def _typed(limiter: Limiter, count: int, period: Fraction, copies: int) -> Mapping[str, str]:
    """Return the settings as a person types them in."""
    seconds = int(period)
    told = {
        "count": count,
        "seconds": seconds,
        "minutes": max(seconds // _MINUTE, 1),
        "duration": _duration(seconds),
        "unit": _UNITS.get(seconds, "s"),
        "cron": _cron(seconds),
        "copies": ", ".join(f"pace{number}:" for number in range(1, copies + 1)),
    }
    return {one.name: one.value.format_map(told) for one in limiter.typed if copies > 1 or not one.for_copies}


def _duration(seconds: int) -> str:
    for length, unit in ((_HOUR, "h"), (_MINUTE, "m")):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _cron(seconds: int) -> str:
    if seconds <= _MINUTE:
        return "* * * * *"
    if seconds < _HOUR:
        return f"*/{seconds // _MINUTE} * * * *"
    if seconds == _HOUR:
        return "0 * * * *"
    return f"0 */{seconds // _HOUR} * * *" if seconds < _DAY else "0 0 * * *"
