"""Options that several commands share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mailaudit.cli import lookups
from mailaudit.cli.environment import file_option, flag, joined, option
from mailaudit.cli.streams import on_runner, say, stdout_is_unicode
from mailaudit.reports.formats import RenderOptions

if TYPE_CHECKING:
    from mailaudit.campaign.of_domain import Domain
    from mailaudit.options import DnsOptions, Options
    from mailaudit.prepare import Prepared

_PIPED_WIDTH = 80

_STDOUT = "mailaudit.stdout"


def files(context: click.Context, _: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files to write; `FORMAT=-` is none, but what `on_stdout` then answers."""
    context.meta[_STDOUT] = [value.removesuffix("=-") for value in values if value.endswith("=-")]
    return tuple(value for value in values if value != "-" and not value.endswith("=-"))


def on_stdout(context: click.Context, _: click.Parameter, chosen: str) -> str:
    """Return the one format that goes to stdout, of `-f` or of `-o FORMAT=-`; raises `UsageError` for several."""
    asked = set(context.meta[_STDOUT])
    if asked and context.get_parameter_source("stdout_format") is ParameterSource.COMMANDLINE:
        asked.add(chosen)
    if len(asked) > 1:
        raise click.UsageError(f"stdout takes one format; {', '.join(sorted(asked))} are asked for.")
    return asked.pop() if asked else chosen


campaign_file = click.argument(
    "campaign", type=click.Path(path_type=Path), default=Path("campaign.yml"), envvar="MAILAUDIT_CAMPAIGN"
)
stdout_format = option(
    "-f",
    "--format",
    "stdout_format",
    default="terminal",
    metavar="FORMAT",
    callback=on_stdout,
    help="What goes to stdout: terminal (default), json, html, sarif, junit, github, markdown, csv, lines, zone.",
)
output = option(
    "-o",
    "--output",
    multiple=True,
    metavar="[FORMAT=]FILE",
    is_eager=True,
    callback=files,
    help="Write a report file too; the format follows from the suffix. May be repeated.",
)
verbosity = joined(
    option("-v", "--verbose", count=True, help="Say more."),
    flag("-q", "--quiet", help="Say only what is wrong."),
)
no_progress = flag("-q", "--quiet", help="Show no progress.")
color = option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour on stdout; auto means on a terminal, unless NO_COLOR is set.",
)
knowledge = file_option("--knowledge", help="Extend the knowledge base by the files of this folder.")
# What tells about the world.
world = joined(
    knowledge,
    file_option("--replay", help="Answer DNS from a recording only."),
    file_option("--record", help="Write every DNS answer to this file."),
    flag("--offline", help="Use no network at all."),
    option("--dns-server", "servers", multiple=True, metavar="ADDRESS[:PORT]", help="Ask this DNS server."),
    file_option("--zone", "zones", multiple=True, help="Answer DNS from this zone file only."),
)
# How a campaign is read, in which world.
reading = joined(
    world,
    lookups.options,
    file_option(
        "--beside",
        multiple=True,
        metavar="CAMPAIGN",
        help="Another campaign of yours that is sent too. May be repeated.",
    ),
    file_option("--recipients", multiple=True, help="Use this list instead of the campaign's."),
    option(
        "--set",
        "changes",
        multiple=True,
        metavar="KEY=VALUE",
        help="Give a key of the campaign file another value: schedule.rate=40/h. May be repeated.",
    ),
    file_option(
        "--policy", help="Judge by this file (fail_on, ignore, allow) and not by what the campaign file says."
    ),
    flag(
        "--untrusted",
        help="A stranger wrote the campaign file: no query, database, SMTP session or file outside its folder.",
    ),
)


@contextmanager
def prepared(campaign: Path | Domain, chosen: dict[str, Any], **more: Any) -> Iterator[Prepared]:
    """Yield the campaign as the command line wants it read, with the options of an audit; raises `InputError`."""
    from mailaudit.api import prepare  # noqa: PLC0415 - keeps --help light

    with audit_options(chosen, **more) as options, prepare(campaign, options) as ready:
        yield ready


@contextmanager
def audit_options(chosen: dict[str, Any], **more: Any) -> Iterator[Options]:
    """Yield how campaigns are read and audited; raises `UsageError`."""
    from mailaudit.api import Options  # noqa: PLC0415 - keeps --help light

    dns = dns_options(chosen)
    with lookups.look_ups(chosen) as asked:
        yield Options(
            dns=dns,
            recipients=tuple(chosen["recipients"]),
            knowledge=chosen["knowledge"],
            beside=tuple(chosen["beside"]),
            changes=chosen["changes"],
            policy=chosen["policy"],
            untrusted=chosen["untrusted"],
            lookups=asked,
            **more,
        )


def confine(campaigns: Sequence[Prepared], writable: list[Path]) -> None:
    """Take from an untrusted run what it has no use for, or say on stderr that this system cannot."""
    if not campaigns[0].options.untrusted:
        return
    from mailaudit.reach.confinement import confine as take_away  # noqa: PLC0415 - only for untrusted campaigns

    reads = tuple(dict.fromkeys(path for ready in campaigns for path in ready.reads))
    ports = [ready.ports for ready in campaigns]
    some = tuple(sorted({port for of_one in ports if of_one is not None for port in of_one}))
    problem = take_away(reads, writable, None if None in ports else some)
    if problem is not None:
        say(f"mailaudit: --untrusted could not confine itself: {problem}")


def dns_options(chosen: dict[str, Any]) -> DnsOptions:
    """Return the DNS options of the command line; raises `UsageError` when they contradict each other."""
    from mailaudit.options import DnsOptions  # noqa: PLC0415 - keeps --help light

    if chosen["replay"] and (chosen["zones"] or chosen["servers"]):
        raise click.UsageError("--replay answers DNS from the recording alone; leave out --zone and --dns-server.")
    if chosen["record"] and chosen.get("drafts"):
        raise click.UsageError("--diff-zone asks twice; record without it.")
    if chosen["offline"] and chosen["servers"]:
        raise click.UsageError("--offline forbids the network; leave out --dns-server.")
    return DnsOptions(
        zones=chosen["zones"],
        servers=chosen["servers"],
        drafts=chosen.get("drafts", ()),
        offline=chosen["offline"],
        record=chosen["record"],
        replay=chosen["replay"],
    )


def stdout_options(chosen: dict[str, Any]) -> RenderOptions:
    """Return how to render for stdout."""
    root, here = _repository(chosen.get("campaigns") or ())
    width = shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns if sys.stdout.isatty() else _piped_width()
    return RenderOptions(
        width=width,
        color=_wants_color(chosen["color"]),
        unicode=stdout_is_unicode(),
        verbosity=_verbosity(chosen),
        on_runner=on_runner(),
        root=root,
        here=here,
    )


def file_options(chosen: dict[str, Any]) -> RenderOptions:
    """Return how to render for a file: plain, wide enough to read anywhere."""
    root, here = _repository(chosen.get("campaigns") or ())
    return RenderOptions(width=_PIPED_WIDTH, verbosity=_verbosity(chosen), root=root, here=here)


def _repository(campaigns: Iterable[str]) -> tuple[str, str]:
    """Return the folder in which `.git` lies, of this folder or of a campaign, and this one as seen from there."""
    here = Path.cwd()
    for place in (here, *(here / campaign for campaign in campaigns)):
        root = next((folder for folder in (place, *place.parents) if (folder / ".git").exists()), None)
        if root is not None:
            return root.as_posix(), os.path.relpath(here, root).replace(os.sep, "/")
    return "", ""


def _piped_width() -> int:
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
