"""A line of a crontab that sends so many messages in a run: `*/5 * * * * php bin/console messenger:consume email --limit=50`.

Runs are as far apart as the two nearest ones of a day. Without a number on the line a run sends all that there is.
Source: crontab(5); https://docs.mautic.org, cron jobs.
"""

import re
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings

_LINE = re.compile(r"^[ \t]*(?P<when>(?:[\d*/,-]+[ \t]+){5})(?P<command>\S[^\n]*)$", re.MULTILINE)
_LIMIT = re.compile(
    r"(?<!\S)--(?:message-)?(?:limit|max|batch(?:-size|-limit)?|count|number)[= ](\d{1,9})\b|(?<!\S)-[nl][= ]?(\d{1,9})\b"
)
_SENDS = re.compile(r"mail|send|queue|messenger:consume|newsletter|processqueue", re.IGNORECASE)
_HOUR, _DAY = 60, 1440


def _read(text: str) -> Settings:
    lines = [match for match in _LINE.finditer(text) if _SENDS.search(match["command"])]
    limited = [match for match in lines if _LIMIT.search(match["command"])]
    chosen = next(iter((*limited, *lines)), None)
    if chosen is None:
        raise ValueError("no line that sends")
    line = text.count("\n", 0, chosen.start("when")) + 1
    limit = _LIMIT.search(chosen["command"])
    found = {"when": Setting(" ".join(chosen["when"].split()), line)}
    return found | ({"--limit": Setting(limit[1] or limit[2], line)} if limit else {})


def _pace(settings: Settings) -> Pace | None:
    limit = settings.get("--limit")
    return None if limit is None or not int(limit.value) else Pace(_gap(settings["when"].value), int(limit.value))


def _gap(when: str) -> Fraction:
    """Return the shortest time in seconds between two runs."""
    minutes, hours, *_ = when.split()
    runs = sorted(hour * _HOUR + minute for hour in _values(hours, 24) for minute in _values(minutes, _HOUR))
    gaps = [after - before for before, after in zip(runs, [*runs[1:], runs[0] + _DAY], strict=True)]
    return Fraction(60 * min(gaps))


def _values(field: str, end: int) -> list[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        low = 0 if span == "*" else int(first)
        high = end - 1 if span == "*" or (step and not dash) else int(last) if dash else low
        found.update(range(low, min(high, end - 1) + 1, int(step or 1)))
    if not found:
        raise ValueError(field)
    return sorted(found)


READER = Reader(
    program="cron",
    recognises=lambda text: any(_SENDS.search(match["command"]) for match in _LINE.finditer(text)),
    read=_read,
    pace=_pace,
    line=lambda name, value: f"{value} …" if name == "when" else f"… {name}={value}",
)
