"""The parts of a plan as text: its waves, its lanes, and what is to be typed into the program."""

from collections.abc import Iterable, Iterator, Sequence

from mailaudit.facts.volume.model import Peak
from mailaudit.knowledge.receivers import provider_named
from mailaudit.language.spoken import Pasted, form, said
from mailaudit.planning.model import Lane, LanePlan, NoPlan, SendingPlan, SoftwareSetting
from mailaudit.reports.content.words import share
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain, to_ascii
from mailaudit.wording import length, moment, numbered, rate_words, zone_of

_MOST_WAVES = 40
# A program's setting that is slower than this says so.
_NEAR = 0.95


def waves(plan: SendingPlan) -> Iterator[str]:
    """Yield what leaves to which time zone, and when."""
    days = max(wave.day for wave in plan.waves)
    over = f", over {numbered(days, 'day')}" if days > 1 else ""
    yield f"Each zone gets it at its own time, as a list of its own, all at this rate{over}:"
    rows = []
    for wave in plan.waves[:_MOST_WAVES]:
        begins = wave.begins_at.astimezone(plan.starts_at.tzinfo) if plan.starts_at else None
        shown = f"{moment(begins)} ({zone_of(begins)})" if begins else f"{wave.begins_at:%H:%M}"
        rows.append([wave.zone, f"{wave.messages:,}", shown])
    shape = (("  ", "<", 32), (" ", ">", 9), ("   ", "<", 0))
    yield from table(shape, list(map(column, ("zone", "mails", "from"))), rows)
    left = plan.waves[_MOST_WAVES:]
    if left:
        yield f"  and {numbered(len(left), 'wave')} more (-f json)"
    for wave in plan.waves:
        if wave.unknown and wave.day == 1:
            whose = (
                "Of one person nobody knows" if wave.unknown == 1 else f"Of {wave.unknown:,} people nobody knows"
            )
            yield ""
            yield f"{whose} in which zone they live: they get it at the time of {wave.zone}."


def lanes(plan: LanePlan) -> Iterator[str]:
    """Yield the lanes, the slowest first."""
    why = "keep the doubtful limits of providers too" if plan.doubtful else "end sooner"
    yield f"To {why}, send in lanes: a list of its own for each of these providers, all at the same time."
    rows = []
    for lane in plan.lanes:
        until = moment(lane.ends_at.replace(microsecond=0)) if lane.ends_at else ""
        at_once = f"at most {numbered(lane.connections, 'connection')}" if lane.connections else ""
        rows.append([lane_name(lane), f"{lane.messages:,}", rate_words(lane.rate), until, at_once])
    shape = (("  ", "<", 22), (" ", ">", 9), ("   ", "<", 14), (" ", "<", 28), (" ", "<", 0))
    yield from table(shape, [*map(column, ("lane", "mails", "rate", "until")), ""], rows)
    yield f"The slowest is {lane_name(plan.slowest)}, which takes {length(plan.slowest.seconds)}."


def column(name: str) -> str:
    """Return what stands above a column."""
    return form("column", name)


def table(shape: Sequence[tuple[str, str, int]], head: list[str], rows: list[list[str]]) -> Iterator[Pasted]:
    """Yield the lines of a table; of each column the blanks before it, the side on which it stands, its least width."""
    told = [head, *([said(cell) for cell in row] for row in rows)]
    widths = [max(least, *(len(row[place]) for row in told)) for place, (_, _, least) in enumerate(shape)]
    for row in told:
        cells = zip(shape, widths, row, strict=True)
        line = "".join(f"{gap}{cell:{side}{width}}" for (gap, side, _), width, cell in cells)
        yield Pasted(line.rstrip())


def whose(peak: Peak) -> str:
    """Return whose mail a limit counts: a sender's, or that of a server to a provider."""
    server, to, provider = peak.key.rpartition(" to ")
    known = provider_named(provider) if to else None
    return f"{server} {form('joint', 'to')} {known.name}" if known else peak.key


def lane_name(lane: Lane) -> str:
    """Return whose mail a lane carries."""
    if lane.provider is None:
        return "everybody else"
    known = provider_named(lane.provider)
    return known.name if known else lane.provider


def software(setting: SoftwareSetting, plan: SendingPlan) -> Iterator[str]:
    """Yield what is to be typed into the program that sends."""
    name = setting.limiter.name
    if not setting.count:
        yield (
            f"{name} cannot be set so slowly that it keeps every limit. Let it hand its mail to a server that paces it "
            "(Postfix, KumoMTA), or send with another program."
        )
        yield f"  {setting.limiter.setting}"
        return
    of_what = setting.limiter.copied if setting.copies > 1 else "process"
    each = f" in each of {numbered(setting.processes, of_what)}" if setting.processes > 1 else ""
    slower = (
        f" That is {share(setting.share)} of the plan's pace, the nearest that it takes."
        if setting.share < _NEAR
        else ""
    )
    yield f"{name}: set at most {setting.count:,} per {length(setting.period_s)}{each}.{slower}"
    yield f"  {setting.limiter.setting}"
    for typed, value in setting.typed.items():
        yield Pasted(f"  {typed} = {value}")
    if plan.rate is not None and (len(plan.days) > 1 or any(wave.day > 1 for wave in plan.waves)):
        when = f"after {plan.most_a_day:,} a day" if plan.most_a_day else "where the table above stops"
        yield f"This setting does not keep the limit of days: stop the program {when}, or send in parts (--split)."


def changes(plan: SendingPlan | NoPlan, options: RenderOptions) -> str:
    """Return the lines of the program's own configuration that have to change for the plan."""
    setting = None if isinstance(plan, NoPlan) else plan.software
    if setting is None or not setting.count:
        return said("No setting of the program keeps the plan.") + "\n"
    if setting.refused:
        return f"{setting.refused}.\n" if options.unicode else f"{to_ascii(plain(setting.refused))}.\n"
    told = setting.changed or (said("The program is set as the plan asks; nothing has to change."),)
    return "".join(f"{line if options.unicode else to_ascii(line)}\n" for line in _places_once(map(plain, told)))


def _places_once(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines that go and come, each place in the file before all of its own."""
    place = None
    for line in lines:
        if line.startswith(("+ ", "- ")):
            yield line
        elif line != place:
            place = line
            yield line
