"""KumoMTA's shaping.toml: throttles such as "39/min", of everything (`additional_message_rate_throttles`) or to each site.

`max_message_rate` holds for each source and destination, so that only the additional throttles of "default", which are
shared by name, pace everything. Maps of a more special block are merged into those of "default"; `replace_base` forgets them.
A throttle is a generic cell rate algorithm; `max_burst=1` forbids to save up.
Source: https://docs.kumomta.com/reference/kumo/make_throttle, …/make_egress_path/additional_message_rate_throttles, and
https://docs.kumomta.com/userguide/trafficshaping/shapingfiles/.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings.model import Reader, Setting, Settings, Unwritable

SHARED = "additional_message_rate_throttles"
# As the name of a table of its own.
OWN_TABLE = f'"default".{SHARED}'
_SPEC = re.compile(
    r"(?:local:)?([\d_,]{1,15}?)/(s|sec|second|m|min|minute|h|hr|hour|d|day)(?:,max_burst=(\d{1,9}))?"
)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DEFAULT = re.compile(r"^[ \t]*\[[ \t]*(?:default|\"default\"|'default')[ \t]*\][^\n]*$", re.MULTILINE)
_TABLE = re.compile(
    rf"^[ \t]*\[[ \t]*(?:default|\"default\"|'default')[ \t]*\.[ \t]*\"?{SHARED}\"?[ \t]*\][^\n]*$", re.MULTILINE
)
_SECTION = re.compile(r"^[ \t]*\[", re.MULTILINE)
_INLINE = re.compile(rf"^[ \t]*{SHARED}[ \t]*=[ \t]*(\{{[^{{}}\n]*\}})", re.MULTILINE)


def _read(text: str) -> Settings:
    blocks = tomllib.loads(text)
    shared = _throttles(blocks.get("default"))
    found = {}
    prefix = OWN_TABLE if _TABLE.search(text) else SHARED
    for name, spec in shared.items():
        place = _place(text, name, spec)
        line = text.count("\n", 0, place[0]) + 1
        found[f"{prefix}.{name}"] = Setting(f'"{spec}"', line, place)
    inline = _inline(text)
    if inline is not None:
        found[SHARED] = Setting(inline[1], text.count("\n", 0, inline.start(1)) + 1, inline.span(1))
    for name, block in _blocks(blocks):
        loose = block.get("replace_base") is True
        for key, spec in shared.items():
            own = _throttles(block).get(key, "" if loose else spec)
            if own != spec:
                # What is paced otherwise for some is no pace of everything.
                found[f"{prefix}.{key}"] = Setting("", text.count("\n", 0, max(text.find(name), 0)) + 1)
    return found


def _inline(text: str) -> re.Match[str] | None:
    """Return the throttles of the defaults where they stand in one line, braces included."""
    default = _DEFAULT.search(text)
    if default is None:
        return None
    after = _SECTION.search(text, default.end())
    return _INLINE.search(text, default.end(), after.start() if after else len(text))


def _blocks(blocks: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the tables for domains and providers, each with the sources below it."""
    for name, block in blocks.items():
        if name != "default" and isinstance(block, dict):
            yield name, block
        for below in block.values() if isinstance(block, dict) else ():
            if isinstance(below, dict):
                yield name, below
                yield from ((name, one) for one in below.values() if isinstance(one, dict))


def _throttles(block: object) -> dict[str, str]:
    shared = block.get(SHARED) if isinstance(block, dict) else None
    return {key: spec for key, spec in shared.items() if isinstance(spec, str)} if isinstance(shared, dict) else {}


def _place(text: str, name: str, spec: str) -> tuple[int, int]:
    """Return where the value of a throttle of the defaults stands, quotes included."""
    for header in (*_TABLE.finditer(text), *_DEFAULT.finditer(text)):
        after = _SECTION.search(text, header.end())
        end = after.start() if after else len(text)
        match = re.compile(rf"\b{re.escape(name)}['\"]?[ \t]*=[ \t]*(['\"]){re.escape(spec)}\1").search(
            text, header.end(), end
        )
        if match is not None:
            return match.start(1), match.end()
    raise ValueError(name)


def _pace(settings: Settings) -> Pace | None:
    return min(
        (_throttle(one.value.strip('"')) for name, one in settings.items() if name != SHARED and one.value),
        key=lambda one: one.per_second,
        default=None,
    )


def _throttle(spec: str) -> Pace:
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ValueError(spec)
    count = int(re.sub(r"[_,]", "", match[1]))
    return Pace(Fraction(_UNITS[match[2][0]], count))


def _wanted(settings: Settings, typed: Mapping[str, str]) -> Mapping[str, str]:
    if any(not one.value for one in settings.values()):
        raise Unwritable("a domain, provider or source in it has throttles of its own (or replace_base)")
    if any(name.startswith(OWN_TABLE) for name in settings):
        return {name.replace(SHARED, OWN_TABLE, 1): value for name, value in typed.items()}
    if SHARED not in settings:
        return typed
    line = settings[SHARED].value
    for name, value in typed.items():
        key = name.removeprefix(f"{SHARED}.")
        known = re.search(rf"(?<![\w-]){re.escape(key)}['\"]?[ \t]*=[ \t]*(\"[^\"]*\"|'[^']*')", line)
        more = f"{{ {key} = {value}, {line[1:].lstrip()}" if line[1:-1].strip() else f"{{ {key} = {value} }}"
        line = f"{line[: known.start(1)]}{value}{line[known.end(1) :]}" if known else more
    return {SHARED: line}


def _added(text: str, name: str, value: str) -> str:
    """Put a throttle into the table of the defaults, which is made where there is none."""
    told = f"{name.rpartition('.')[2]} = {value}"
    table, default = _TABLE.search(text), _DEFAULT.search(text)
    if table is not None:
        return f"{text[: table.end()]}\n{told}{text[table.end() :]}"
    if default is None:
        return f'{text}\n["default"]\n{SHARED} = {{ {told} }}\n'
    return f"{text[: default.end()]}\n{SHARED} = {{ {told} }}{text[default.end() :]}"


def _line(name: str, value: str) -> str:
    if name.startswith(f"{SHARED}."):
        return f"{SHARED} = {{ {name.removeprefix(f'{SHARED}.')} = {value} }}"
    return f"{name.removeprefix(f'{OWN_TABLE}.')} = {value}"


READER = Reader(
    program="kumomta",
    recognises=lambda text: (
        re.search(r"^\[(?:\"[\w.*-]+\"|default)(?:\.sources\.\"[^\"\n]+\")?\]", text, re.MULTILINE) is not None
        and ("max_message_rate" in text or "connection_limit" in text or SHARED in text)
    ),
    read=_read,
    pace=_pace,
    line=_line,
    added=_added,
    wanted=_wanted,
    toml_table=lambda name: OWN_TABLE if name.startswith(OWN_TABLE) else '"default"',
)
