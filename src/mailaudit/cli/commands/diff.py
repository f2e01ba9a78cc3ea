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
    """Tell which findings are new in NEW.json, which are fixed, and which could not be looked for again.

    Of several campaigns in one file, those that changed are told.
    """
    from mailaudit.checks.finding import Severity  # noqa: PLC0415 - keeps --help light
    from mailaudit.cli.saved_report import load_reports  # noqa: PLC0415 - as above
    from mailaudit.reports.diff import diff, render_diff  # noqa: PLC0415 - as above
    from mailaudit.reports.fleet.changes import changes  # noqa: PLC0415 - as above
    from mailaudit.reports.fleet.model import gone  # noqa: PLC0415 - as above

    before, after, look = load_reports(old), load_reports(new), shared.stdout_options(chosen)
    if len(before) == len(after) == 1:
        pairs = [(before[0], after[0])]
        write(render_diff(before[0], after[0], look))
    else:
        known = {report.campaign.file: report for report in before}
        pairs = [(known[one.campaign.file], one) for one in after if one.campaign.file in known]
        missing = gone(known, (one.campaign.file for one in after))
        told = filter(None, (changes(known, after, look), missing and f"{missing}\n"))
        write("\n".join(told) or "Nothing has changed.\n")
    if chosen["fail_on"] == "never":
        return 0
    bar = Severity(chosen["fail_on"]).rank
    return int(any(worst.rank >= bar for pair in pairs if (worst := diff(*pair).worst_new)))
