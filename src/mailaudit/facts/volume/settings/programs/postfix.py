"""Postfix's main.cf: a delay after each delivery, over one transport or to one destination.

`default_transport_rate_delay` holds for everything that a transport delivers, `default_destination_rate_delay` for one
destination, which is everything when a `relayhost` takes all mail. With a delay deliveries do not overlap. Delays are whole
numbers with a unit, s by default. Otherwise Postfix sends as fast as it can.
Source: https://www.postfix.org/postconf.5.html, transport_destination_rate_delay and transport_transport_rate_delay.
"""

import re
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.assignments import found_by
from mailaudit.facts.volume.settings.model import Reader, Settings

_PARAMETER = re.compile(r"^(?P<name>[a-z][a-z0-9_]*)[ \t]*=[ \t]*(?P<value>[^\n]{0,500})", re.MULTILINE)
_MARK = re.compile(
    r"^(?:my(?:hostname|origin|destination|networks)|relayhost|smtpd?_\w+|\w+_rate_delay)[ \t]*=", re.MULTILINE
)
_DELAY = re.compile(r"(\d{1,9})\s*([smhdw]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_MATTER = ("relayhost", "default_relayhost")


def _read(text: str) -> Settings:
    found = found_by(_PARAMETER, text)
    return {name: one for name, one in found.items() if name in _MATTER or name.endswith("_rate_delay")}


def _pace(settings: Settings) -> Pace | None:
    delay = _delay(settings, "smtp_transport_rate_delay", "default_transport_rate_delay")
    relay = settings.get("relayhost")
    if relay is not None and relay.value:
        delay = max(delay, _delay(settings, "smtp_destination_rate_delay", "default_destination_rate_delay"))
    return Pace(Fraction(delay)) if delay else None


def _delay(settings: Settings, own: str, default: str) -> int:
    for name in (own, default):
        found = settings.get(name)
        if found is not None and not found.value.startswith("$"):
            match = _DELAY.fullmatch(found.value)
            if match is None:
                raise ValueError(name)
            return int(match[1]) * _UNITS[match[2]]
    return 0


READER = Reader(
    program="postfix",
    recognises=lambda text: _MARK.search(text) is not None,
    read=_read,
    pace=_pace,
    line=lambda name, value: f"{name} = {value}",
)
