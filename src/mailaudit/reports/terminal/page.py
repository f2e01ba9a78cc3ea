"""A page of terminal text: wrapped lines with hanging indents, and lines that are never wrapped."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cached_property
from io import StringIO
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len
from rich.text import Text

from mailaudit.language.spoken import said
from mailaudit.reports.safe_text import plain, to_ascii

if TYPE_CHECKING:
    from rich.console import Console

MIN_WIDTH = 24
MAX_PROSE = 100
MAX_WORD = 100
# A blank that must not break, before a French sign, holds a word together; so does one between a number and its sign.
_WORD = re.compile(r"[\S\u00a0\u202f]*\d %\S*|[\S\u00a0\u202f]+")
_RISING = " ▁▂▃▄▅▆▇█"
_RISING_ASCII = " .:#"
_EIGHTHS = " ▏▎▍▌▋▊▉"


class Signs(Struct, frozen=True):
    """The few signs of the report, in Unicode or in ASCII."""

    error: str
    warning: str
    note: str
    passed: str
    open: str
    arrow: str
    back: str
    dot: str
    rule: str
    full: str
    more: str


UNICODE = Signs("✗", "▲", "•", "✓", "?", "→", "←", " · ", "─", "█", "…")
ASCII = Signs("x", "!", "*", "+", "?", "->", "<-", " - ", "-", "#", "...")


class Page:
    """Collects lines; every text that goes in is made harmless first."""

    def __init__(self, *, width: int, color: bool, unicode: bool) -> None:
        self.width = max(MIN_WIDTH, width)
        self.prose = min(self.width, MAX_PROSE)
        self.signs = UNICODE if unicode else ASCII
        self._unicode = unicode
        self._color = color
        self._buffer = StringIO()
        self._blank = True

    def __str__(self) -> str:
        """Return the page, ending in exactly one line break."""
        return self._buffer.getvalue().rstrip("\n") + "\n"

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console  # noqa: PLC0415 - plain text does without

        return Console(
            file=self._buffer,
            width=self.width,
            color_system="standard" if self._color else None,
            force_terminal=self._color,
            no_color=not self._color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )

    def clean(self, text: str) -> str:
        """Return a text as this page may show it, in the language that is spoken."""
        shown = plain(said(text))
        return shown if self._unicode else to_ascii(shown)

    def blank(self) -> None:
        """Leave one line free, never two."""
        if not self._blank:
            self._buffer.write("\n")
        self._blank = True

    def heading(self, title: str) -> None:
        """Write a section's title with a thin line behind it."""
        self.blank()
        text = Text(self.clean(title), style="bold")
        rest = self.prose - cell_len(text.plain) - 1
        if rest > 0:
            text.append(" ").append(self.signs.rule * rest, style="not bold dim")
        self._put(text)
        self.blank()

    def write(self, *spans: tuple[str, str], first: tuple[str, str] = ("", ""), indent: int = 0) -> None:
        """Write spans of (text, style) as one wrapped paragraph; `first` stands in its indent."""
        text = Text()
        for words, style in spans:
            text.append(self.clean(words), style=style)
        sign, style = first
        head = f"{self.clean(sign):>{max(0, indent - 1)}} " if sign else " " * indent
        indent = max(indent, cell_len(head)) if sign else indent
        for number, line in enumerate(self._wrap(text, max(10, self.prose - indent))):
            before = (head, style) if number == 0 and sign else (" " * indent, "")
            self._put(Text.assemble(before, line))

    def verbatim(self, line: str, style: str = "") -> None:
        """Write one line as it is: from the first column, never wrapped, whatever the width."""
        shown = plain(line)
        if not self._unicode:
            shown = shown.encode("ascii", "backslashreplace").decode("ascii")
        self._put(Text(shown, style=style))

    def height(self, text: str, indent: int) -> int:
        """Return on how many lines a text stands."""
        return len(list(self._wrap(Text(self.clean(text)), self.prose - indent)))

    def bar(self, fraction: float, width: int) -> str:
        """Return a bar of at most `width` cells; anything above nothing is seen."""
        filled = min(1.0, max(0.0, fraction)) * width
        if not self._unicode:
            return self.signs.full * max(round(filled), 1 if fraction > 0 else 0)
        whole = int(filled)
        part = _EIGHTHS[int((filled - whole) * 8)].strip()
        return self.signs.full * whole + part or (_EIGHTHS[1] if fraction > 0 else "")

    def column(self, level: float) -> str:
        """Return one cell of a column chart that is filled to a level between 0 and 1."""
        steps = _RISING if self._unicode else _RISING_ASCII
        return steps[min(len(steps) - 1, max(0, math.ceil(level * (len(steps) - 1))))]

    def chart(self, cells: Iterable[tuple[str, bool]], *, indent: int, mark: str = "") -> None:
        """Write one line of a chart: cells, each alarming or not, and a mark behind them."""
        line = Text(" " * indent)
        for cell, alarming in cells:
            line.append(cell, style="red" if alarming else "cyan")
        line.append(mark, style="dim")
        line.rstrip()
        self._put(line)

    def _wrap(self, text: Text, width: int) -> Iterable[Text]:
        """Break between words only: one that is wider than the page stays whole, so that it can be copied."""
        words = [match.span() for match in _WORD.finditer(text.plain)]
        if any(end - start > MAX_WORD for start, end in words):
            broken = text.wrap(self._console, width)
            for line in broken:
                line.rstrip()
            return broken
        lines: list[tuple[int, int]] = []
        for start, end in words:
            if lines and cell_len(text.plain[lines[-1][0] : end]) <= width:
                lines[-1] = (lines[-1][0], end)
            else:
                lines.append((start if lines else 0, end))
        return [text[start:end] for start, end in lines]

    def _put(self, text: Text) -> None:
        if self._color:
            self._console.print(text, soft_wrap=True, no_wrap=True, overflow="ignore", crop=False)
        else:
            self._buffer.write(f"{text.plain}\n")
        self._blank = False
