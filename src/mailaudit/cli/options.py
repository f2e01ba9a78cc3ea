"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from mailaudit.reports.formats import RenderOptions

F = TypeVar("F", bound=Callable[..., Any])

_PIPED_WIDTH = 80


def stdout_format(function: F) -> F:
    """Add -f/--format."""
    return click.option(
        "-f",
        "--format",
        "stdout_format",
        default="terminal",
        metavar="FORMAT",
        envvar="MAILAUDIT_FORMAT",
        help="What goes to stdout: terminal (default), json, html, sarif, junit, github, markdown, zone.",
    )(function)


def output(function: F) -> F:
    """Add -o/--output."""
    return click.option(
        "-o",
        "--output",
        multiple=True,
        metavar="[FORMAT=]FILE",
        envvar="MAILAUDIT_OUTPUT",
        help="Write a report file too; the format follows from the suffix. May be repeated.",
    )(function)


def knowledge(function: F) -> F:
    """Add --knowledge."""
    return click.option(
        "--knowledge",
        type=click.Path(path_type=Path),
        envvar="MAILAUDIT_KNOWLEDGE",
        help="Extend the knowledge base by the files of this folder.",
    )(function)


def recipients(function: F) -> F:
    """Add --recipients."""
    return click.option(
        "--recipients",
        multiple=True,
        type=click.Path(path_type=Path),
        envvar="MAILAUDIT_RECIPIENTS",
        help="Use this list instead of the campaign's.",
    )(function)


def beside(function: F) -> F:
    """Add --beside."""
    return click.option(
        "--beside",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="CAMPAIGN",
        envvar="MAILAUDIT_BESIDE",
        help="Another campaign of yours that is sent too. May be repeated.",
    )(function)


def dns(function: F) -> F:
    """Add --zone, --dns-server and --offline."""
    for option in (
        click.option("--offline", is_flag=True, envvar="MAILAUDIT_OFFLINE", help="Use no network at all."),
        click.option(
            "--dns-server",
            "servers",
            multiple=True,
            metavar="ADDRESS[:PORT]",
            envvar="MAILAUDIT_DNS_SERVER",
            help="Ask this DNS server.",
        ),
        click.option(
            "--zone",
            "zones",
            multiple=True,
            type=click.Path(path_type=Path),
            envvar="MAILAUDIT_ZONE",
            help="Answer DNS from this zone file only.",
        ),
    ):
        function = option(function)
    return function


def dns_options(chosen: dict[str, Any]) -> Any:
    """Return the DNS options of the command line alone."""
    from mailaudit.api import DnsOptions  # noqa: PLC0415 - keeps --help light

    return DnsOptions(zones=chosen["zones"], servers=chosen["servers"], offline=chosen["offline"])


def verbosity(function: F) -> F:
    """Add -q and -v."""
    function = click.option("-v", "--verbose", count=True, envvar="MAILAUDIT_VERBOSE", help="Say more.")(function)
    return click.option("-q", "--quiet", is_flag=True, envvar="MAILAUDIT_QUIET", help="Say only what is wrong.")(
        function
    )


def color(function: F) -> F:
    """Add --color."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        envvar="MAILAUDIT_COLOR",
        help="Colour on stdout; auto means on a terminal, unless NO_COLOR is set.",
    )(function)


def stdout_options(chosen: dict[str, Any], *, width: int, unicode: bool) -> RenderOptions:
    """Return how to render for stdout."""
    return RenderOptions(
        width=width,
        color=_wants_color(chosen["color"]),
        unicode=unicode,
        verbosity=_verbosity(chosen),
    )


def file_options(chosen: dict[str, Any]) -> RenderOptions:
    """Return how to render for a file: plain, wide enough to read anywhere."""
    return RenderOptions(width=_PIPED_WIDTH, verbosity=_verbosity(chosen))


def piped_width() -> int:
    """Return the width of a report that goes to a pipe: COLUMNS when it is set, else 80."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 0 else _PIPED_WIDTH


def split(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return names given once or several times, separated by commas or not."""
    return tuple(name.strip() for pattern in patterns for name in pattern.split(",") if name.strip())


def _verbosity(chosen: dict[str, Any]) -> int:
    return -1 if chosen["quiet"] else int(chosen["verbose"])


def _wants_color(choice: str) -> bool:
    if choice == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"
