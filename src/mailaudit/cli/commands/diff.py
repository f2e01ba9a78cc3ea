"""`mailaudit diff`: what changed between two saved JSON reports."""

from pathlib import Path
from typing import Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.streams import write


@click.command(name="diff")
@click.argument("old", metavar="OLD.json", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW.json", type=click.Path(path_type=Path))
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="never",
    envvar="MAILAUDIT_DIFF_FAIL_ON",
    help="Exit 1 when a new finding has this severity or worse (default: never).",
)
@shared.verbosity
@shared.color
def command(old: Path, new: Path, **chosen: Any) -> int:
    """Tell which findings are new in NEW.json, which are fixed, and which could not be looked for again."""
    from mailaudit.checks.finding import Severity  # noqa: PLC0415 - keeps --help light
    from mailaudit.cli.saved_report import load_report  # noqa: PLC0415 - as above
    from mailaudit.reports.diff import diff, render_diff  # noqa: PLC0415 - as above

    before, after = load_report(old), load_report(new)
    write(render_diff(before, after, shared.stdout_options(chosen)))
    worst = diff(before, after).worst_new
    bar = chosen["fail_on"]
    return int(bar != "never" and worst is not None and worst.rank >= Severity(bar).rank)
