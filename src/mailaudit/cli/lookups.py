"""How much is asked about the domains of a list, and a bar that shows it on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mailaudit.cli.streams import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from mailaudit.options import LookUps

F = TypeVar("F", bound=Callable[..., Any])

# Fewer domains are done before anybody could read a bar.
_WORTH_A_BAR = 200


def options(function: F) -> F:
    """Add --max-domains, --lookup-time and --dns-cache."""
    for option in (
        click.option(
            "--dns-cache",
            type=click.Choice(["auto", "on", "off"]),
            default="auto",
            envvar="MAILAUDIT_DNS_CACHE",
            help="Remember what recipient domains answer, within their time to live; auto (default): but for"
            " --dns-server on this machine.",
        ),
        click.option(
            "--lookup-time",
            type=click.FloatRange(min=0),
            metavar="SECONDS",
            envvar="MAILAUDIT_LOOKUP_TIME",
            help="Look up recipient domains for at most so long (default: 120).",
        ),
        click.option(
            "--max-domains",
            type=click.IntRange(min=0),
            metavar="N",
            envvar="MAILAUDIT_MAX_DOMAINS",
            help="Look up only the N most frequent recipient domains (default: all).",
        ),
    ):
        function = option(function)
    return function


@contextmanager
def look_ups(chosen: dict[str, Any]) -> Iterator[LookUps]:
    """Yield the limits that were chosen; a bar shows the progress when stderr is a terminal and nobody wants quiet."""
    from mailaudit.options import LookUps  # noqa: PLC0415 - keeps --help light

    is_quiet = bool(chosen.get("quiet"))
    bar = None if is_quiet or not sys.stderr.isatty() else _Bar()
    reused: list[int] = []
    advance = bar.advance if bar else None
    try:
        yield LookUps(chosen["max_domains"], chosen["lookup_time"], chosen["dns_cache"], advance, reused.append)
    finally:
        if bar:
            bar.close()
    if reused and not is_quiet:
        say(
            f"mailaudit: {max(reused):,} recipient domains answered earlier and were not asked again within the time to "
            "live of their answers (--dns-cache off asks anew)"
        )


class _Bar:
    """A bar on stderr that appears with the first step of a long run, and leaves nothing behind."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def advance(self, done: int, total: int) -> None:
        """Show how many domains of how many are done."""
        if total < _WORTH_A_BAR:
            return
        if self._progress is None or self._task is None:
            self._progress, self._task = _begin(total)
        self._progress.update(self._task, completed=done, total=total)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()


def _begin(total: int) -> tuple[Progress, TaskID]:
    from rich.console import Console  # noqa: PLC0415 - only for long lists on a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    progress.start()
    return progress, progress.add_task("Looking up recipient domains", total=total)
