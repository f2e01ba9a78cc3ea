"""`mailaudit preview`: the template as the rows that hurt most would read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.environment import option
from mailaudit.cli.streams import say, tell
from mailaudit.reports.safe_text import inert

if TYPE_CHECKING:
    from mailaudit.preview.preview import Preview

_MOST_TAGS = 10


@click.command(name="preview")
@shared.campaign_file
@option(
    "--worst", type=click.IntRange(1, 50), default=5, metavar="N", help="How many rows to fill in (default: 5)."
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("preview"),
    metavar="FOLDER",
    envvar="MAILAUDIT_PREVIEW_OUTPUT",
    help="Write here (default: preview/).",
)
@shared.reading
@shared.no_progress
def command(campaign: Path, **chosen: Any) -> int:
    """Fill the template of CAMPAIGN (default: ./campaign.yml) with the rows of its list that hurt most.

    These are rows with empty cells, the longest values, markup, words from right to left, and emoji. Addresses are
    masked. Exit code 0 means done, 2 that an input or the folder cannot be used.
    """
    from mailaudit import api  # noqa: PLC0415 - keeps --help light

    with shared.prepared(campaign, chosen) as ready:
        made = api.preview(ready, chosen["folder"], chosen["worst"])
    tell(_as_text(made))
    left = list(dict.fromkeys(tag for one in made for tag in one.left))
    for tag in left[:_MOST_TAGS]:
        say(inert(f"mailaudit: {tag} was not filled in: no column or a syntax that is not rendered here"))
    return 0


def _as_text(made: tuple[Preview, ...]) -> str:
    if not made:
        return "No row was filled in: no field of the template is joined with a column of the list.\n"
    parts = []
    for one in made:
        files = ", ".join(str(file) for file in one.files)
        faults = [f"    {fault}" for fault in one.faults] or ["    nothing breaks"]
        parts.append("\n".join((f"{one.why} ({one.place}): {files}", *faults)))
    return inert("\n".join(parts) + "\n")
