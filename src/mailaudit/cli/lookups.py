"""How much is asked about the domains of a list, and a bar that shows it on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mailaudit.cli.streams import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from mailaudit.facts.recipients.receiving.limits import LookUpLimits

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
def limits(chosen: dict[str, Any], servers: Iterable[str]) -> Iterator[LookUpLimits]:
    """Yield the limits that were chosen; a bar shows the progress when stderr is a terminal and nobody wants quiet.

    `servers` are the DNS servers that are named, none for those of this machine.
    """
    from mailaudit.facts.recipients.receiving.limits import BUDGET_S, LookUpLimits  # noqa: PLC0415 - keeps --help light

    is_quiet = bool(chosen.get("quiet"))
    bar = None if is_quiet or not sys.stderr.isatty() else _Bar()
    reused: list[int] = []
    try:
        yield LookUpLimits(
            chosen["max_domains"],
            BUDGET_S if chosen["lookup_time"] is None else chosen["lookup_time"],
            progress=bar.advance if bar else None,
            memory=_memory(chosen["dns_cache"], servers),
            reused=reused.append,
        )
    finally:
        if bar:
            bar.close()
    if reused and not is_quiet:
        say(
            f"mailaudit: {max(reused):,} recipient domains answered earlier and were not asked again within the time to "
            "live of their answers (--dns-cache off asks anew)"
        )


def _memory(choice: str, servers: Iterable[str]) -> Path | None:
    """Return the file that remembers answers, if it is wanted.

    A server on this machine that somebody names answers at once, and often serves records that are being tried out.
    """
    if choice == "off" or (choice == "auto" and any(map(_is_on_this_machine, servers))):
        return None
    from platformdirs import user_cache_path  # noqa: PLC0415 - keeps --help light

    from mailaudit.facts.dns.answer_cache import FILE_NAME  # noqa: PLC0415 - as above

    folder = user_cache_path("mailaudit", appauthor=False)
    return folder / FILE_NAME if folder.is_absolute() else None  # without a home there is no place


def _is_on_this_machine(server: str) -> bool:
    from mailaudit.facts.dns.sources.servers import parse_server  # noqa: PLC0415 - keeps --help light

    return ip_address(parse_server(server).address.partition("%")[0]).is_loopback


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
