"""listmonk: its settings as `GET /api/settings` gives them out (keys such as `app.message_rate`), or listmonk.toml.

Each of `concurrency` workers sends `message_rate` messages and then rests for a second. The sliding window is one of fixed
steps: once `message_sliding_window_rate` messages are counted it waits until the duration is over, and the message that opens
the next window is not counted. It works for durations of more than a second.
Source: github:knadh/listmonk, internal/manager/pipe.go and manager.go.
"""

import json
import re
import tomllib
from fractions import Fraction
from typing import Any

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings, number

_NAMES = ("concurrency", "message_rate", "message_sliding_window", "message_sliding_window_rate",
          "message_sliding_window_duration")  # fmt: skip
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)")
_UNITS = {"ms": Fraction(1, 1000), "s": Fraction(1), "m": Fraction(60), "h": Fraction(3600), "d": Fraction(86_400)}
_USUAL = 10


def _read(text: str) -> Settings:
    given: Any = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    given = given.get("data", given)
    section = given.get("app", {})
    found = {}
    for name in _NAMES:
        value = given.get(f"app.{name}", section.get(name) if isinstance(section, dict) else None)
        if isinstance(value, bool | int | str):
            begin, end = _place(text, name)
            found[f"app.{name}"] = Setting(json.dumps(value), text.count("\n", 0, begin) + 1, (begin, end))
    return found


def _place(text: str, name: str) -> tuple[int, int]:
    """Return where the value of a key stands, quotes included; raises `ValueError` where it is written in no usual way."""
    match = re.search(rf"(?<![\w])(?:app\.)?{name}\b\"?\s*[:=]\s*(\"[^\"\n]*\"|'[^'\n]*'|[\w.+-]+)", text)
    if match is None:
        raise ValueError(name)
    return match.span(1)


def _added(text: str, name: str, value: str) -> str:
    """Put a key at the begin of the settings, or of the table `[app]`."""
    if text.lstrip().startswith("{"):
        data = re.search(r'"data"\s*:\s*\{', text)
        place = data.end() if data else text.index("{") + 1
        return f'{text[:place]}"{name}": {value}, {text[place:]}'
    told = f"{name.removeprefix('app.')} = {value}"
    table = re.search(r"^[ \t]*\[app\][^\n]*$", text, re.MULTILINE)
    if table is None:
        return f"{text}\n[app]\n{told}\n"
    return f"{text[: table.end()]}\n{told}{text[table.end() :]}"


def _pace(settings: Settings) -> Pace | None:
    workers = int(number(settings, "app.concurrency")) or _USUAL
    rate = int(number(settings, "app.message_rate")) or _USUAL
    free = Pace(Fraction(1), workers * rate)
    window = settings.get("app.message_sliding_window")
    size = int(number(settings, "app.message_sliding_window_rate"))
    duration = settings.get("app.message_sliding_window_duration")
    if window is None or window.value != "true" or not size or duration is None:
        return free
    period = _seconds(duration.value.strip('"'))
    slower = Pace(period, size + 1)
    return slower if period > 1 and slower.per_second < free.per_second else free


def _seconds(text: str) -> Fraction:
    parts = list(_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        raise ValueError(text)
    return sum((Fraction(part[1]) * _UNITS[part[2]] for part in parts), Fraction(0))


READER = Reader(
    program="listmonk",
    recognises=lambda text: '"app.message_rate"' in text or re.search(r"^\[app\]", text, re.MULTILINE) is not None,
    read=_read,
    pace=_pace,
    line=lambda name, value: f'"{name}": {value}',
    added=_added,
    toml_table=lambda _: "app",
)
