"""Postfix's main.cf: a delay after each delivery, over one transport or to one destination.

`default_transport_rate_delay` holds for everything that a transport delivers, `default_destination_rate_delay` for one
destination, which is everything when a `relayhost` takes all mail; a parameter that begins with the transport's name stands
in for the default. With a delay deliveries do not overlap. Delays are whole numbers with a unit, s by default. A `randmap` in
`sender_dependent_default_transport_maps` spreads mail for other servers at random over transports, each with its own delay,
and leaves the relayhost as it is. Otherwise Postfix sends as fast as it can. A line that begins with white space goes
on with the one before it, the last value of a parameter counts.
Source: https://www.postfix.org/postconf.5.html, transport_destination_rate_delay and transport_transport_rate_delay;
sender_dependent_default_transport_maps; https://www.postfix.org/DATABASE_README.html, randmap.
"""

import re
from collections.abc import Mapping
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings, Unwritable

_PARAMETER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)[ \t]*=")
_MARK = re.compile(
    r"^(?:my(?:hostname|origin|destination|networks)|relayhost|smtpd?_\w+|\w+_rate_delay)[ \t]*=", re.MULTILINE
)
_DELAY = re.compile(r"(\d{1,9})\s*([smhdw]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_MAPS = "sender_dependent_default_transport_maps"
_MATTER = ("relayhost", "default_transport", _MAPS)
_OTHER = re.compile(r"\$[({]?(\w+)[)}]?")
_RANDOM = re.compile(r"randmap:\s*\{(?P<transports>[^{}]*)\}")
_DEPTH = 10


def _read(text: str) -> Settings:
    found: dict[str, Setting] = {}
    name, place = "", 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        begin, place = place, place + len(line)
        match = _PARAMETER.match(line)
        if line.lstrip().startswith("#") or not line.strip():
            continue
        if line[0] in " \t" and name:
            before = found[name]
            found[name] = Setting(
                f"{before.value} {line.strip()}".strip(), before.line, _till(before, begin, line)
            )
        elif match is not None:
            name, value = match["name"], line[match.end() :]
            start = begin + match.end() + len(value) - len(value.lstrip(" \t"))
            found[name] = Setting(value.strip(), number, (start, start + len(value.strip())))
        else:
            name = ""
    whole = {key: Setting(_resolved(one.value, found), one.line, one.span) for key, one in found.items()}
    return {key: one for key, one in whole.items() if key in _MATTER or key.endswith("_rate_delay")}


def _till(before: Setting, begin: int, line: str) -> tuple[int, int]:
    return before.span[0], begin + len(line.rstrip())


def _resolved(value: str, found: Settings) -> str:
    """Return the value of the parameter that a value is nothing but a name of; an unknown one stays."""
    for _ in range(_DEPTH):
        match = _OTHER.fullmatch(value)
        if match is None or match[1] not in found:
            break
        value = found[match[1]].value
    return value


def _pace(settings: Settings) -> Pace | None:
    transports = _transports(settings)
    paces = {_of(settings, transport) for transport in transports}
    if not all(paces):
        return None
    return Pace(Fraction(min(paces)), len(transports))


def _of(settings: Settings, transport: str) -> int:
    delay = _delay(settings, transport, "transport_rate_delay")
    relay = settings.get("relayhost")
    if relay is not None and relay.value:
        delay = max(delay, _delay(settings, transport, "destination_rate_delay"))
    return delay


def _transports(settings: Settings) -> tuple[str, ...]:
    """Return the transports that take mail for other servers: those of a random choice, else the default one."""
    maps, default = settings.get(_MAPS), settings.get("default_transport")
    match = _RANDOM.fullmatch(maps.value) if maps is not None else None
    if match is not None:
        names = [one.partition(":")[0] for one in match["transports"].replace(",", " ").split()]
        return tuple(filter(None, names)) or ("smtp",)
    return ((default.value.partition(":")[0] if default is not None else "") or "smtp",)


def _delay(settings: Settings, transport: str, parameter: str) -> int:
    for name in (f"{transport}_{parameter}", f"default_{parameter}"):
        found = settings.get(name)
        if found is not None and not found.value.startswith("$"):
            match = _DELAY.fullmatch(found.value)
            if match is None:
                raise ValueError(name)
            return int(match[1]) * _UNITS[match[2]]
    return 0


def _wanted(settings: Settings, typed: Mapping[str, str]) -> Mapping[str, str]:
    """Return the delays for the defaults, and for each transport that has one of its own."""
    maps = settings.get(_MAPS)
    chosen = _RANDOM.fullmatch(typed.get(_MAPS, ""))
    if maps is not None and chosen is not None and _RANDOM.fullmatch(maps.value) is None:
        raise Unwritable(f"its {_MAPS} say already where mail goes; name the transports there")
    own = {
        name: value
        for parameter, value in typed.items()
        for name in settings
        if name.endswith(parameter.removeprefix("default")) and parameter != _MAPS
    }
    if chosen is None and maps is not None and _RANDOM.fullmatch(maps.value) is not None:
        own[_MAPS] = ""
    return {**typed, **own}


READER = Reader(
    program="postfix",
    recognises=lambda text: _MARK.search(text) is not None,
    read=_read,
    pace=_pace,
    line=lambda name, value: f"{name} = {value}",
    added=lambda text, name, value: f"{text}\n{name} = {value}\n",
    wanted=_wanted,
)
