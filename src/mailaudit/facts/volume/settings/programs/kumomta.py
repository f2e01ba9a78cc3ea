"""KumoMTA's shaping.toml: throttles such as "39/min", of everything (`additional_message_rate_throttles`) or to each site.

`max_message_rate` holds for each source and destination, so that only the additional throttles of "default", which are
shared by name, pace everything. A throttle is a generic cell rate algorithm; `max_burst=1` forbids to save up.
Source: https://docs.kumomta.com/reference/kumo/make_throttle and …/make_egress_path/additional_message_rate_throttles.
"""

import re
import tomllib
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings

SHARED = "additional_message_rate_throttles"
_SPEC = re.compile(
    r"(?:local:)?([\d_,]{1,15}?)/(s|sec|second|m|min|minute|h|hr|hour|d|day)(?:,max_burst=(\d{1,9}))?"
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def _read(text: str) -> Settings:
    default = tomllib.loads(text).get("default", {})
    shared = default.get(SHARED, {}) if isinstance(default, dict) else {}
    line = _line_of(text)
    return {
        f"{SHARED}.{name}": Setting(f'"{spec}"', line) for name, spec in shared.items() if isinstance(spec, str)
    }


def _line_of(text: str) -> int:
    place = text.find(SHARED)
    return text.count("\n", 0, max(place, 0)) + 1


def _pace(settings: Settings) -> Pace | None:
    return min(
        (_throttle(one.value.strip('"')) for one in settings.values()),
        key=lambda one: one.per_second,
        default=None,
    )


def _throttle(spec: str) -> Pace:
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ValueError(spec)
    count = int(re.sub(r"[_,]", "", match[1]))
    return Pace(Fraction(_UNITS[match[2][0]], count))


READER = Reader(
    program="kumomta",
    recognises=lambda text: (
        re.search(r"^\[\"[\w.*-]+\"(?:\.sources\.\"[^\"\n]+\")?\]", text, re.MULTILINE) is not None
        and ("max_message_rate" in text or "connection_limit" in text or SHARED in text)
    ),
    read=_read,
    pace=_pace,
    line=lambda name, value: f"{SHARED} = {{ {name.removeprefix(f'{SHARED}.')} = {value} }}",
)
