"""What a program's own configuration says of its pace."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod

from msgspec import Struct

from mailaudit.facts.volume.flow.pace import Pace


class Setting(Struct, frozen=True):
    """One setting as the file has it, its line, counted from 1, and the place of its value in the text."""

    value: str
    line: int
    span: tuple[int, int] = (0, 0)


Settings = Mapping[str, Setting]


class Unwritable(Exception):  # noqa: N818 - a reason
    """Why the lines of a file cannot be changed so that its program keeps a pace."""


def as_typed(settings: Settings, typed: Mapping[str, str]) -> Mapping[str, str]:
    """Return what is typed in, where nothing else in a file matters."""
    del settings
    return typed


class Reader(Struct, frozen=True):
    """How the configuration of one program is read, and changed.

    `program` is its limiter's `id`. `recognises` tells from the text whether it is such a file, `read` returns the settings
    that matter by name, `pace` what they come to (nothing: as fast as it can; raises `ValueError` where a value is no pace),
    and `line` how a setting is written in such a file. `wanted` turns what is to be typed in into the settings of this very
    file and `added` puts a setting that it lacks into the text; both raise `Unwritable`. `is_whole` tells that the file alone
    makes the pace. `toml_table` names the table that holds a setting where the program's file may be TOML instead.
    """

    program: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Settings]
    pace: Callable[[Settings], Pace | None]
    line: Callable[[str, str], str]
    added: Callable[[str, str, str], str]
    wanted: Callable[[Settings, Mapping[str, str]], Mapping[str, str]] = as_typed
    is_whole: bool = True
    toml_table: Callable[[str], str] | None = None


class ProgramSettings(Struct, frozen=True):
    """The settings of a program in a file of the sender's; `display` is how a report names the file.

    `pace` is missing when the program sends as fast as it can. `text` is the file's; it may hold passwords.
    """

    # Without a text of its own, which would hold the file's.
    __repr__ = object.__repr__

    reader: Reader
    display: str
    settings: Settings
    pace: Pace | None
    text: str = ""

    @property
    def program(self) -> str:
        """The program's id among the limiters."""
        return self.reader.program

    def changed(self, typed: Mapping[str, str], pace: Pace) -> tuple[str, ...]:
        """Return the lines that differ from what is to be typed in, as `FILE:LINE`, what stands there and what should.

        Only the settings themselves are told: the rest of such a file holds passwords. Raises `Unwritable` unless the changed
        file, read again, says just that, and keeps the pace.
        """
        wanted = self.reader.wanted(self.settings, typed)
        self._prove(wanted, pace)
        lines: list[str] = []
        table_of = self.reader.toml_table if self.display.lower().endswith(".toml") else None
        for name, value in wanted.items():
            table = table_of(name) if table_of else None
            new = f"new, under [{table}]" if table else "new"
            found = self.settings.get(name)
            if found is not None and found.value == value:
                continue
            lines.append(f"{self.display}:{found.line}" if found else f"{self.display} ({new})")
            if found is not None:
                lines.append(f"- {self._line(name, found.value, table)}")
            lines.append(f"+ {self._line(name, value, table)}")
        return tuple(lines)

    def _prove(self, wanted: Mapping[str, str], pace: Pace) -> None:
        """Change the text, read it again, and compare."""
        text = self.text
        known = [(self.settings[name].span, value) for name, value in wanted.items() if name in self.settings]
        for (begin, end), value in sorted(known, reverse=True):
            text = text[:begin] + value + text[end:]
        for name, value in wanted.items():
            if name not in self.settings:
                text = self.reader.added(text, name, value)
        try:
            again = self.reader.read(text)
            kept = self.reader.pace(again)
        except (ValueError, ZeroDivisionError, RecursionError) as error:
            raise Unwritable("something else in it takes no change of a line") from error
        said = all(name in again and again[name].value == value for name, value in wanted.items())
        same = kept is not None and kept.per_second == pace.per_second
        if not said or (self.reader.is_whole and not same):
            raise Unwritable("something else in it sets another pace, which these lines do not change")

    def _line(self, name: str, value: str, table: str | None) -> str:
        if table is None or not name.startswith(f"{table}."):
            return self.reader.line(name, value)
        return f"{name.removeprefix(f'{table}.')} = {value}"


def number(settings: Settings, name: str) -> Fraction:
    """Return a setting as a number, 0 where it is missing or empty; raises `ValueError` when it is none.

    A product such as `60 * 60` counts too.
    """
    found = settings.get(name)
    text = found.value.strip().strip("'\"()").replace("_", "") if found else ""
    if text.lower() in {"", "null", "false"}:
        return Fraction(0)
    factors = re.split(r"\s*\*\s*", text.strip())
    if len(text) > _LONGEST or not all(_NUMBER.fullmatch(factor) for factor in factors):
        raise ValueError(name)
    value = prod(map(Fraction, factors), start=Fraction(1))
    if not 0 <= value <= _LARGEST:
        raise ValueError(name)
    return value


_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Numbers beyond these are no settings, and dear to reckon with.
_LONGEST = 20
_LARGEST = 10**9
