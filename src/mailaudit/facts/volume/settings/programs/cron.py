"""Lines of a crontab that send so many messages in a run: `*/5 * * * * php bin/console messenger:consume email --limit=50`.

Runs are as far apart as the two nearest ones, of all lines that send; each is taken for the largest. Without a number on the
line a run sends all that there is. A line of /etc/crontab names a user before the command, which changes nothing here.
Source: crontab(5); https://docs.mautic.org, cron jobs.
"""

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings, Unwritable

_LINE = re.compile(
    r"^[ \t]*(?P<when>@[a-z]{1,10}(?=[ \t])|(?:[\d*/,-]+[ \t]+){3}[\w*/,-]+[ \t]+[\w*/,-]+)[ \t]+(?P<command>\S[^\n]*)$",
    re.MULTILINE,
)
_LIMIT = re.compile(
    r"(?<!\S)--(?:message-)?(?:limit|max|batch(?:-size|-limit)?|count|number)[= ](?P<long>\d{1,9})\b"
    r"|(?<!\S)-[nl][= ]?(?P<short>\d{1,9})\b"
)
_SENDS = re.compile(r"mail|send|queue|messenger:consume|newsletter|processqueue", re.IGNORECASE)
_HOUR, _DAY, _WEEK, _MONTH = 60, 1440, 7, 28
_NICKNAMES = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WHEN, LIMIT = "when", "--limit"
_MOST_LINES = 50


def _read(text: str) -> Settings:
    lines = [match for match in _LINE.finditer(text) if _SENDS.search(match["command"])]
    limited = [match for match in lines if _LIMIT.search(match["command"])]
    if len(limited) > _MOST_LINES:
        raise ValueError("too many lines")
    found: dict[str, Setting] = {}
    for place, match in enumerate(limited or lines[:1]):
        line = text.count("\n", 0, match.start("when")) + 1
        again = f" (line {line})" if place else ""
        found[WHEN + again] = Setting(" ".join(match["when"].split()), line, match.span("when"))
        limit = _LIMIT.search(text, match.start("command"), match.end("command"))
        if limit is not None:
            group = "long" if limit["long"] else "short"
            found[LIMIT + again] = Setting(limit[group], line, limit.span(group))
    if not found:
        raise ValueError("no line that sends")
    return found


def _pace(settings: Settings) -> Pace | None:
    runs: Counter[int] = Counter()
    for name, setting in settings.items():
        if name.startswith(WHEN):
            limit = settings.get(LIMIT + name.removeprefix(WHEN))
            if limit is None or not int(limit.value):
                return None
            runs.update(dict.fromkeys(_runs(setting.value), int(limit.value)))
    begins = sorted(runs)
    gaps = [after - before for before, after in zip(begins, [*begins[1:], begins[0] + _CYCLE], strict=True)]
    return Pace(Fraction(60 * min(gaps)), max(runs.values()))


# Four weeks, the shortest month: the days of a week and of a month both come round.
_CYCLE = _MONTH * _DAY


def _runs(when: str) -> list[int]:
    """Return the minutes of four weeks in which a line runs; they begin on a Sunday, the first of a month."""
    minutes, hours, days, months, weekdays = _NICKNAMES.get(when, when).split()
    _values(months, 1, 12, _MONTHS)
    of_month, of_week = _values(days, 1, 31, ()), {day % _WEEK for day in _values(weekdays, 0, 7, _WEEKDAYS)}
    # Where neither is left open, either will do: in some month two such days are neighbours.
    either = not days.startswith("*") and not weekdays.startswith("*")
    open_days = [day for day in range(_MONTH) if either or (day + 1 in of_month and day % _WEEK in of_week)]
    of_day = [h * _HOUR + m for h in _values(hours, 0, 23, ()) for m in _values(minutes, 0, 59, ())]
    return [day * _DAY + minute for day in open_days or [0] for minute in of_day]


def _values(field: str, low: int, high: int, names: tuple[str, ...]) -> set[int]:
    """Return the numbers of a field: `*`, ranges, steps, lists and names; raises `ValueError` for what is none."""
    found: set[int] = set()
    for part in field.lower().split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if span == "*" else _number(first, names)
        end = high if span == "*" or (slash and not dash) else _number(last, names) if dash else begin
        if not low <= begin <= end <= high:
            raise ValueError(field)
        found.update(range(begin, end + 1, int(step or 1)))
    return found


def _number(text: str, names: tuple[str, ...]) -> int:
    return names.index(text) if text and text in names else int(text)


def _wanted(settings: Settings, typed: Mapping[str, str]) -> Mapping[str, str]:
    if sum(name.startswith(WHEN) for name in settings) > 1:
        raise Unwritable("several of its lines send; leave one of them")
    if LIMIT not in settings:
        raise Unwritable("the line that sends names no number of messages for a run")
    return typed


def _added(text: str, name: str, value: str) -> str:
    del text, value
    raise Unwritable(f"the line that sends has no {name}")


READER = Reader(
    program="cron",
    recognises=lambda text: any(_SENDS.search(match["command"]) for match in _LINE.finditer(text)),
    read=_read,
    pace=_pace,
    line=lambda name, value: f"{value} …" if name == WHEN else f"… {name}={value}",
    added=_added,
    wanted=_wanted,
)
