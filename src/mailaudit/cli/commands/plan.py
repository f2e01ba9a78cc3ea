"""`mailaudit plan`: the fastest schedule that keeps every limit."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.environment import option
from mailaudit.cli.machine_zone import offer_zone
from mailaudit.cli.outputs import check_target, parse_outputs, write_atomically
from mailaudit.cli.streams import say, write
from mailaudit.errors import InputError, refused
from mailaudit.language.spoken import said
from mailaudit.reports.formats import named
from mailaudit.reports.safe_text import inert
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from mailaudit.api import Prepared
    from mailaudit.cleaning.split import SplitFile
    from mailaudit.planning.model import NoPlan, SendingPlan


def _no_campaign(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse a campaign file that stands where the name of a schedule would."""
    if value and Path(value).exists():
        raise refused(f"--warm-up: {value} is no schedule", todo=f"write mailaudit plan {value} --warm-up")
    return value


@click.command(name="plan")
@shared.campaign_file
@click.option(
    "-f",
    "--format",
    "stdout_format",
    default="terminal",
    metavar="FORMAT",
    callback=shared.on_stdout,
    envvar="MAILAUDIT_PLAN_FORMAT",
    help="What goes to stdout: terminal (default), json, csv, ics.",
)
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="[FORMAT=]FILE",
    is_eager=True,
    callback=shared.files,
    envvar="MAILAUDIT_PLAN_OUTPUT",
    help="Write the plan to a file too (.txt, .json, .csv, .ics). May be repeated.",
)
@option("--start", metavar="WHEN", help="Begin then instead: 2026-12-01T09:00.")
@option("--until", metavar="WHEN", help="Say whether it can be done by then.")
@option(
    "--warm-up",
    is_flag=False,
    flag_value="double",
    metavar="[SCHEDULE]",
    callback=_no_campaign,
    help="Spread over days that at most double; or follow a published schedule: conservative, established-domain,"
    " aggressive.",
)
@option(
    "--apply",
    "copy",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Write the schedule into a copy of the campaign file beside it, comments kept (CAMPAIGN.planned.yml).",
)
@click.option(
    "--split",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="MAILAUDIT_SPLIT",
    help="Write the list in parts into this folder, one for each day (or lane) of the plan, in its own format.",
)
@click.option(
    "--write",
    "changed_lines",
    is_flag=True,
    envvar="MAILAUDIT_WRITE",
    help="Print the lines of the program's own configuration (sending.settings) that have to change, too.",
)
@shared.reading
@shared.verbosity
@shared.color
def command(campaign: Path, **chosen: Any) -> int:
    """Print the fastest schedule for CAMPAIGN (default: ./campaign.yml) that keeps every limit.

    The schedule leaves the other mail its share, and is projected once more before it is shown. Exit code 0 means
    that there is one, 1 that there is none or that it ends too late, 2 that an input cannot be used.
    """
    from mailaudit import schedules  # noqa: PLC0415 - keeps --help light
    from mailaudit.planning.model import NoPlan  # noqa: PLC0415 - as above

    shown_as = named(chosen["stdout_format"], "plan")
    parse_outputs(chosen["output"], of="plan")  # a slip is told before anything is read
    with shared.prepared(campaign, chosen) as ready:
        offer_zone(ready.campaign)
        outputs = parse_outputs(chosen["output"], ready.files, "plan")
        if chosen["changed_lines"] and ready.campaign.sending.settings is None:
            todo = "name the program's configuration in the campaign file: sending: {settings: config.php}"
            raise refused("--write: the campaign names no configuration", todo=todo)
        copy = None if chosen["copy"] is None else _copy_of(ready.source.path, chosen["copy"], ready.files)
        folder: Path | None = chosen["folder"]
        targets = [output.path for output in outputs] + ([copy] if copy else [])
        if folder is not None:
            _make(folder)
        shared.confine(
            [ready], [target.absolute().parent for target in targets] + ([folder.absolute()] if folder else [])
        )
        found = schedules.plan(
            ready,
            start=chosen["start"],
            until=chosen["until"],
            warm_up=chosen["warm_up"],
            with_reminders="ics" in {shown_as.name, *(output.format.name for output in outputs)},
        )
        for output in outputs:  # what cannot be shown is told before anything is written
            output.format.render(found, shared.file_options(chosen))
        shown_as.for_stdout(found, shared.stdout_options(chosen))
        if not found.serves and isinstance(found, NoPlan):
            copy = folder = None
        split = schedules.split(ready, found, folder) if folder is not None else ()
        found = schedules.as_split(found, [file.parts for file in split]) if folder is not None else found
        unwritten = _write_copy(ready, found, copy, with_start=chosen["start"] is not None) if copy else None
    for output in outputs:
        write_atomically(output.path, output.format.render(found, shared.file_options(chosen)))
    told = shown_as.for_stdout(found, shared.stdout_options(chosen))
    if chosen["changed_lines"] and shown_as.name == "terminal":
        from mailaudit.reports.plan.parts import changes  # noqa: PLC0415 - on request

        told += "\n" + changes(found, shared.stdout_options(chosen))
    for file in split:
        if shown_as.name == "terminal":
            told += "\n" + said(_accounted(file))
        else:
            say(_accounted(file).rstrip())
    write(told)
    if unwritten is not None:
        raise unwritten
    return 0 if found.serves else 1


def _write_copy(
    ready: Prepared, found: SendingPlan | NoPlan, copy: Path, *, with_start: bool
) -> InputError | None:
    """Write the schedule down, or return why that cannot be: the plan itself is shown all the same."""
    from mailaudit import schedules  # noqa: PLC0415 - keeps --help light

    try:
        text = schedules.applied(ready, found, with_start=with_start)
    except InputError as error:
        return error
    write_atomically(copy, text)
    say(f"wrote {copy}")
    return None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"--split {folder}: cannot be made ({error.strerror or error})"
        raise refused(what, todo="choose another folder") from error


def _copy_of(campaign: Path, name: str, taken: Iterable[Path]) -> Path:
    """Return where the copy goes: its paths are relative, so that it stands beside the campaign file."""
    copy = campaign.with_name(f"{campaign.stem}.planned{campaign.suffix}") if not name else Path(name)
    check_target("--apply", copy, taken)
    if copy.absolute().parent.resolve() != campaign.parent.resolve():
        raise refused(
            f"--apply {copy}: the paths in the campaign file are relative to its folder",
            todo=f"name a file in {campaign.parent}",
        )
    if os.path.lexists(copy):  # a link that leads nowhere would be followed
        raise refused(f"--apply {copy}: exists already", todo="remove it, or name another file")
    return copy


def _accounted(file: SplitFile) -> str:
    """Return where the rows of one list went."""
    sent, left = sum(file.parts.values()), sum(file.left_out.values())
    lists = numbered(len(file.parts), "list")
    lines = [f"{file.name}: {file.rows:,} rows = {sent:,} in {lists} + {left:,} left out"]
    lines += [f"  {count:>9,}  {file.written[label]}" for label, count in file.parts.items()]
    lines += [f"  {count:>9,}  {kind}" for kind, count in file.left_out.items()]
    return inert("\n".join(lines)) + "\n"
