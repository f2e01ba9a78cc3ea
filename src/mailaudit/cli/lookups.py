"""How much is asked about the domains of a list, and a line on a terminal that says what is done to the list."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli.environment import joined, option
from mailaudit.cli.streams import say
from mailaudit.language.spoken import said, speaking, spoken

if TYPE_CHECKING:
    from rich.progress import Progress

    from mailaudit.options import LookUps

# What takes no longer needs no line.
_SOON_S = 0.7


options = joined(
    option("--no-progress", is_flag=True, help="Show no line on a terminal that says what is being done."),
    option(
        "--dns-cache",
        type=click.Choice(["auto", "on", "off"]),
        default="auto",
        help="Remember what recipient domains answer, within their time to live; auto (default): but for"
        " --dns-server on this machine.",
    ),
    option(
        "--lookup-time",
        type=click.FloatRange(min=0),
        metavar="SECONDS",
        help="Look up recipient domains for at most so long (default: 120).",
    ),
    option(
        "--max-domains",
        type=click.IntRange(min=0),
        metavar="N",
        help="Look up only the N most frequent recipient domains (default: all).",
    ),
)


@contextmanager
def look_ups(chosen: dict[str, Any]) -> Iterator[LookUps]:
    """Yield the limits that were chosen; a line shows the progress when stderr is a terminal and nobody wants quiet."""
    from mailaudit.options import LookUps  # noqa: PLC0415 - keeps --help light

    is_quiet = bool(chosen.get("quiet"))
    line = _Line() if sys.stderr.isatty() and not is_quiet and not chosen["no_progress"] else None
    reused: list[int] = []
    try:
        yield LookUps(
            chosen["max_domains"],
            chosen["lookup_time"],
            chosen["dns_cache"],
            line.tell if line else None,
            reused.append,
        )
    finally:
        if line:
            line.close()
    if reused and not is_quiet:
        say(
            f"mailaudit: {max(reused):,} recipient domains answered earlier and were not asked again within the time to "
            "live of their answers (--dns-cache off asks anew)"
        )


class _Line:
    """A line on stderr that says what a long run is doing; it appears soon, and leaves nothing behind."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._told: tuple[str, int, int | None] | None = None
        self._lock = Lock()
        self._language = spoken()
        self._is_due = False
        self._timer = Timer(_SOON_S, self._begin)
        self._timer.daemon = True
        self._timer.start()

    def tell(self, phase: str, done: int, total: int | None) -> None:
        """Show what is done, how much of it, how fast, and what remains when the whole is known."""
        with self._lock, speaking(self._language):  # whoever tells may be another thread
            phase = said(phase)
            before, self._told = self._told, (phase, done, total)
            if self._is_due and self._progress is None:
                self._show()
            elif before is not None and self._progress is not None:
                task = self._progress.task_ids[0]
                if before[0] != phase:
                    self._progress.reset(task, description=phase, completed=done, total=total)
                self._progress.update(task, completed=done, total=total)

    def _begin(self) -> None:
        with self._lock:
            self._is_due = True
            if self._told is not None and self._progress is None:
                self._show()

    def _show(self) -> None:
        phase, done, total = self._told or ("", 0, None)
        self._progress = _made()
        self._progress.add_task(phase, completed=done, total=total)
        self._progress.start()

    def close(self) -> None:
        """Take the line away."""
        self._timer.cancel()
        with self._lock:
            self._told = None
            if self._progress is not None:
                self._progress.stop()


def _short(number: float) -> str:
    """Return a number in few characters: 950, 12k, 3.4M."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.{1 if number < 10 * size else 0}f}{unit}"
    return f"{number:.0f}"


def _made() -> Progress:
    from rich.console import Console  # noqa: PLC0415 - only for long lists on a terminal
    from rich.progress import (  # noqa: PLC0415 - as above
        BarColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text  # noqa: PLC0415 - as above

    class Amount(ProgressColumn):
        """How much is done, of how much, and how fast."""

        def render(self, task: Task) -> Text:
            """Return nothing while nothing is counted."""
            whole = f"/{_short(task.total)}" if task.total else ""
            pace = f", {_short(task.speed)}/s" if task.speed else ""
            return Text(f"{_short(task.completed)}{whole}{pace}" if task.completed else "", no_wrap=True)

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(10), Amount())
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, *times, console=Console(stderr=True), transient=True)
