"""A plan for sending, as a person reads it."""

import textwrap
from collections.abc import Iterator, Mapping
from itertools import accumulate

from mailaudit.campaign.values.types import Rate, Unit
from mailaudit.facts.volume.model import Peak
from mailaudit.language.spoken import Pasted, said
from mailaudit.planning.model import Deadline, LeftOut, NoPlan, Outside, PlannedDay, SendingPlan
from mailaudit.planning.schedule_keys import pace_keys, rate_key, start_key
from mailaudit.reports.content.words import share
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.plan.parts import column, lanes, software, table, waves, whose
from mailaudit.reports.safe_text import plain, to_ascii
from mailaudit.wording import clock_time, length, moment, numbered, rate_words, zone_of

_MINUTE = 60
_WIDTH = 80
# A plan that uses less than this of every limit could not be much faster anyway.
_HELD_BACK = 0.9
_MOST_DAYS = 40
_SHOWN = 8
_BY_DAY = (
    ("  ", ">", 3),
    ("  ", "<", 10),
    (" ", ">", 7),
    (" ", ">", 10),
    (" ", ">", 9),
    ("   ", "<", 5),
    ("  ", "<", 0),
)
_RATE = 4


def render(plan: SendingPlan | NoPlan, options: RenderOptions) -> str:
    """Return the plan as text, without colour; sentences are wrapped, what is to be copied is not."""
    told = map(plain, map(said, _no_plan(plan) if isinstance(plan, NoPlan) else _plan(plan)))
    lines = told if options.unicode else map(to_ascii, told)
    width = min(options.width, _WIDTH)
    wrapped = (
        line if line.startswith("  ") else textwrap.fill(line, width, break_on_hyphens=False) for line in lines
    )
    return "\n".join(wrapped) + "\n"


def _plan(plan: SendingPlan) -> Iterator[str]:
    yield f"{plan.name}: {numbered(plan.messages, 'mail')}"
    yield ""
    yield from _told_first(plan)
    yield _sending(plan)
    if plan.rate is not None and not plan.warm_up and (len(plan.days) < 2 or plan.most_a_day):  # noqa: PLR2004 - the first day, and more
        keys = pace_keys(plan)
        yield _schedule_line(_schedule(plan, keys))
        if plan.software is not None and plan.typed is not None:
            yield f"                         ({keys['rate']} is what {plan.software.limiter.name} sends, set as below)"
    yield from _times(plan)
    if plan.waves:
        yield ""
        yield from waves(plan)
    if plan.at_night and not plan.is_moved:
        yield ""
        leave = "leaves" if plan.at_night == 1 else "leave"
        yield (
            f"{numbered(plan.at_night, 'mail')} of {plan.messages:,} {leave} between 21:00 and 07:00, when nobody watches: "
            'daily hours under `schedule` (hours: "09:00-18:00") keep mail out of the night.'
        )
    if len(plan.days) > 1 or plan.rate is None:
        yield ""
        yield from _days(plan.days)
    yield ""
    yield from _why(plan)
    yield from _outside(plan.outside)
    yield from _doubtful(plan.left_out)
    if plan.lanes is not None:
        yield ""
        yield from lanes(plan.lanes)
    yield from _other_ways(plan)
    if plan.deadline is not None:
        yield ""
        yield from _deadline(plan, plan.deadline)


def _told_first(plan: SendingPlan) -> Iterator[str]:
    """Yield what is to be known before the plan itself."""
    if plan.late_s and plan.starts_at:
        began = f"{moment(plan.starts_at)} ({zone_of(plan.starts_at)})"
        yield f"The start lies in the past: {began} was {length(plan.late_s)} ago. Give the real one (--start WHEN)."
        yield ""
    if plan.is_moved:
        yield "In its hours the other mail leaves no room for even one message, so this is sent when it rests."
        yield ""
    if plan.warm_up_asked:
        yield _asked(plan.warm_up_asked)
        yield ""


def _sending(plan: SendingPlan) -> str:
    """Return how to send, in one sentence."""
    if plan.rate is None:
        return f"Warm up over {numbered(len(plan.days), 'day')}, each at its own steady rate."
    each = f" from each of the {plan.processes} processes" if plan.processes > 1 else ""
    if len(plan.days) > 1:
        pace = "" if _is_slow(plan.rate) else f"{rate_words(plan.rate)}{each}, evenly, "
        at_first = numbered(plan.days[0].messages, "mail")
        return f"Send {pace}{at_first} at first; then stop, and go on when a limit of days is free again:"
    if plan.hours and _is_slow(plan.rate):  # a day of few hours has not room for so many
        return f"Send one mail every {_seconds(plan.rate)}{each}, within {plan.hours}."
    return f"Send {rate_words(plan.rate)}{each}, evenly: one mail every {_seconds(plan.rate)}."


def _asked(steps: tuple[int, ...]) -> str:
    shown = ", ".join(f"{count:,}" for count in steps[:_SHOWN]) + (" …" if len(steps) > _SHOWN else "")
    return (
        "Receivers do not know the sender for so much mail in a day. Recommended instead: over "
        f"{numbered(len(steps), 'day')}, {shown} (mailaudit plan --warm-up). Without a warm-up, this keeps every limit:"
    )


def _schedule_line(keys: str) -> Pasted:
    """Return the line of the campaign file, and where it is to be written."""
    return Pasted(f"  {said('in the campaign file')}   schedule: {{{keys}}}")


def _flow(keys: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in keys.items())


def _schedule(plan: SendingPlan, keys: Mapping[str, str]) -> str:
    start = start_key(plan)
    told = {"start": start, **keys} if start else {**keys}
    if plan.processes > 1:
        told["processes"] = str(plan.processes)
    if plan.order != "list":
        told["order"] = plan.order
    if plan.hours:
        told["hours"] = f'"{plan.hours}"'
    if plan.weekdays:
        told["days"] = plan.weekdays
    return _flow(told)


def _times(plan: SendingPlan) -> Iterator[str]:
    if plan.starts_at and plan.ends_at:
        yield f"  first mail             {moment(plan.starts_at)} ({zone_of(plan.starts_at)})"
        yield f"  last mail              {moment(plan.ends_at.replace(microsecond=0))} ({zone_of(plan.ends_at)})"
    yield f"  takes                  {length(plan.seconds)}"
    if plan.typed is not None and plan.typed.seconds > plan.seconds:
        at = plan.typed.ends_at
        lasts = length(plan.typed.seconds)
        ends = (
            said(f"last mail {moment(at.replace(microsecond=0))} ({zone_of(at)}), takes {lasts}") if at else lasts
        )
        yield f"  {'at ' + rate_key(plan.typed.rate):<22} {ends}"


def _days(days: tuple[PlannedDay, ...]) -> Iterator[str]:
    slow = all(_is_slow(day.rate) for day in days)  # a rate in days says nothing beside what leaves on each day
    shape = [one for place, one in enumerate(_BY_DAY) if not (slow and place == _RATE)]
    totals = accumulate(day.messages for day in days)
    rows = [_cells(day, total, slow=slow) for day, total in zip(days[:_MOST_DAYS], totals, strict=False)]
    rate = [] if slow else [_heading(days[0].rate)]
    yield from table(
        shape, [*map(column, ("day", "date", "mails", "in all")), *rate, column("from"), column("to")], rows
    )
    left = days[_MOST_DAYS:]
    if left:
        yield f"  and so on, {numbered(len(left), 'day')} more; the calendar (-o plan.ics) has them all"


def _is_slow(rate: Rate) -> bool:
    return rate.per.unit is Unit.DAY


def _heading(rate: Rate) -> str:
    return said(rate_words(rate)).partition(" ")[2]


def _cells(day: PlannedDay, total: int, *, slow: bool) -> list[str]:
    times = (f"{at:%H:%M}" if at else "" for at in (day.begins_at, day.ends_at))
    rate = [] if slow else [f"{day.rate.count:,}"]
    date = day.day.isoformat() if day.day else ""
    return [str(day.number), date, f"{day.messages:,}", f"{total:,}", *rate, *times]


def _why(plan: SendingPlan) -> Iterator[str]:
    if plan.binding is None:
        yield "No limit holds it back."
        return
    peak = plan.binding
    key = whose(peak)
    what = "What holds it back" if plan.rate is not None and peak.share >= _HELD_BACK else "The nearest limit"
    yield (
        f"{what}: at most {_limit(peak)} for {key}. "
        f"The fullest window holds {peak.peak:,} ({share(peak.share)})"
        + (f", {peak.other_in_peak:,} of them other mail." if peak.other_in_peak else ".")
    )
    if plan.gives_up:
        yield "Less than usual stays free, for otherwise there would be no plan: any late or further mail may break a limit."
    if peak.rule.provider and plan.order == "list":
        yield "Mix the list, so that this provider's mail is spread evenly, and plan again with `order: interleaved`."
    if plan.bound_s is None or plan.is_moved:  # outside the hours it may well be faster
        return
    gap = plan.seconds - plan.bound_s
    end = f" ({clock_time(plan.bound_at, plan.ends_at)})" if plan.bound_at else ""
    if gap <= 0:
        yield "No schedule can be faster."
    else:
        yield (
            f"No schedule, not even one in bursts to the second and without other mail, can end more than "
            f"{length(gap)} earlier{end}."
        )


def _outside(outside: Outside | None) -> Iterator[str]:
    if outside is None:
        return
    ends = f", on {moment(outside.ends_at.replace(microsecond=0))}" if outside.ends_at else ""
    yield ""
    yield f"Where the other mail rests, the campaign can go faster, and ends sooner{ends}:"
    yield _schedule_line(_flow({"rate": rate_key(outside.rate), "hours": f'"{outside.hours}"'}))


def _doubtful(left_out: tuple[LeftOut, ...]) -> Iterator[str]:
    for left in left_out:
        peak = left.peak
        key = whose(peak)
        keeps = f"{rate_words(left.rate)} would keep it too" if left.rate else "no steady rate keeps it"
        yield ""
        yield (
            f"Not kept, for its source is doubtful: at most {_limit(peak)} for {key} ({peak.rule.name}; "
            f"{peak.rule.source}). {keeps[:1].upper()}{keeps[1:]}."
        )


def _other_ways(plan: SendingPlan) -> Iterator[str]:
    if plan.batching is not None:
        batch = plan.batching
        ends = f", until {moment(batch.ends_at)}" if batch.ends_at else ""
        minutes, seconds = divmod(batch.every_s, _MINUTE)
        every = f"{batch.every_s}s" if seconds else f"{minutes}min"
        yield ""
        yield f"If your software knows only batches: {batch.size:,} every {length(batch.every_s)}{ends}."
        yield _schedule_line(f"batch: {{size: {batch.size}, every: {every}}}")
        yield "  The pause is long enough for a batch that comes a little early or late."
    if plan.software is not None:
        yield ""
        yield from software(plan.software, plan)


def _deadline(plan: SendingPlan, deadline: Deadline) -> Iterator[str]:
    if deadline.is_met:
        yield f"It ends before {moment(deadline.at)}."
        return
    yield f"It cannot be done by {moment(deadline.at)}: {deadline.sent:,} of {plan.messages:,} mails have left by then."
    yield "What would have to change, any one of these:"
    if plan.starts_at and plan.ends_at:
        late = plan.ends_at.replace(tzinfo=None) - deadline.at.replace(tzinfo=None)
        yield f"  - start {length(late.total_seconds())} earlier (within the same hours)"
    if deadline.rate_needed is not None and plan.binding is not None:
        limit, key = _limit(plan.binding), whose(plan.binding)
        yield f"  - {rate_words(deadline.rate_needed)} would do, but {limit} are allowed for {key}"
    if deadline.sent:
        yield f"  - a list of at most {deadline.sent:,} people"
    yield "  - a platform that is made for campaigns"


def _no_plan(plan: NoPlan) -> Iterator[str]:
    yield f"{plan.name}: {numbered(plan.messages, 'mail')}"
    yield ""
    if plan.is_free:
        yield "No limit is known for this way of sending: keep the pace that your platform chooses."
        yield "Limits of your own (`limits` in the campaign file) are kept when you name them."
        yield from _doubtful(plan.left_out)
        return
    if plan.limit is None:
        yield f"No plan: {plan.reason}."
        return
    key = whose(plan.limit)
    yield (
        f"No plan: {plan.reason}. {plan.limit.other_in_peak:,} other mails of {key} meet a limit of "
        f"{_limit(plan.limit)} ({plan.limit.rule.source})."
    )
    yield "Send the campaign from another address or through a sending platform."


def _limit(peak: Peak) -> str:
    return f"{peak.limit:,} in {length(peak.rule.window_s)}"


def _seconds(rate: Rate) -> str:
    seconds = rate.per.seconds / rate.count
    return f"{seconds:.3g} seconds" if seconds < _MINUTE else length(seconds)
