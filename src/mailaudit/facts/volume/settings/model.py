"""What a program's own configuration says of its pace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.facts.volume.flow.pace import Pace


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the file has it, and its line, counted from 1."""

    value: str
    line: int


Settings = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the configuration of one program is read.

    `program` is its limiter's `id`. `recognises` tells from the text whether it is such a file, `read` returns the settings
    that matter by name, `pace` what they come to (nothing: as fast as it can; raises `ValueError` where a value is no pace),
    and `line` how a setting is written in such a file. `toml_section` is the table that holds the settings where the
    program's file may be TOML instead.
    """

    program: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Settings]
    pace: Callable[[Settings], Pace | None]
    line: Callable[[str, str], str]
    toml_section: str | None = None


@dataclass(frozen=True, slots=True)
class ProgramSettings:
    """The settings of a program in a file of the sender's; `display` is how a report names the file.

    `pace` is missing when the program sends as fast as it can.
    """

    reader: Reader
    display: str
    settings: Settings
    pace: Pace | None

    @property
    def program(self) -> str:
        """The program's id among the limiters."""
        return self.reader.program

    def changed(self, wanted: Mapping[str, str]) -> tuple[str, ...]:
        """Return the lines that differ from what is wanted, as `FILE:LINE`, what stands there and what should.

        Only the settings themselves are told: the rest of such a file holds passwords.
        """
        lines: list[str] = []
        section = self.reader.toml_section if self.display.lower().endswith(".toml") else None
        new = f"new, under [{section}]" if section else "new"
        for name, value in wanted.items():
            found = self.settings.get(name)
            if found is not None and found.value == value:
                continue
            lines.append(f"{self.display}:{found.line}" if found else f"{self.display} ({new})")
            if found is not None:
                lines.append(f"- {self._line(name, found.value, section)}")
            lines.append(f"+ {self._line(name, value, section)}")
        return tuple(lines)

    def _line(self, name: str, value: str, section: str | None) -> str:
        if section is None:
            return self.reader.line(name, value)
        return f"{name.removeprefix(f'{section}.')} = {value}"


def number(settings: Settings, name: str) -> Fraction:
    """Return a setting as a number, 0 where it is missing or empty; raises `ValueError` when it is none."""
    found = settings.get(name)
    text = found.value.strip().strip("'\"").replace("_", "") if found else ""
    if text.lower() in {"", "null", "false"}:
        return Fraction(0)
    if len(text) > _LONGEST:
        raise ValueError(name)
    value = Fraction(text)
    if not 0 <= value <= _LARGEST:
        raise ValueError(name)
    return value


# Numbers beyond these are no settings, and dear to reckon with.
_LONGEST = 20
_LARGEST = 10**9
