"""`mailaudit forward`: the text to send to the person who can do a task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailaudit.cli.streams import tell
from mailaudit.errors import refused
from mailaudit.language.spoken import naming
from mailaudit.location import Location
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from mailaudit.reports.document.types import Document


@click.command(name="forward")
@click.argument("audit", metavar="AUDIT.json", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("which", metavar="[TASK|CHECK]", default="")
def command(audit: Path, which: str) -> int:
    """Print the text to forward for a task of the JSON report AUDIT.json (`-` for standard input), by its number.

    Without a number it is one text for each task to do first; with the name of a check, one for each of its findings.
    A text says what is wrong, why it matters, what is asked of whom, and the DNS record if there is one.
    """
    from mailaudit.cli.saved_report import load_report  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.formats import given  # noqa: PLC0415 - as above

    saved = load_report(audit)
    where = Location(str(audit))
    by_number = not which or which.isdecimal()
    letters = _of_tasks(saved, which, where) if by_number else _of_check(saved, which, where)
    with naming(given(saved)):
        tell("\n\n---\n\n".join(one.rstrip("\n") for one in letters) + "\n")
    return 0


def _of_tasks(saved: Document, which: str, where: Location) -> list[str]:
    from mailaudit.reports.content.letter import letter_of_task  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.tasks.tasks import now, settled, tasks  # noqa: PLC0415 - as above

    known = tasks(saved)
    chosen = [one for number, one in enumerate(known, 1) if str(number) == which] if which else list(now(saved))
    if not any(settled(saved, one) for one in chosen):
        what = f"this report has no task {which}" if which else "this report has no task to do first"
        raise refused(what, where, f"it has {numbered(len(known), 'task')}")
    return [letter_of_task(saved, one) for one in chosen]


def _of_check(saved: Document, check: str, where: Location) -> list[str]:
    from mailaudit.checks.registry import suggest  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.content.letter import letter  # noqa: PLC0415 - as above
    from mailaudit.reports.content.ranking import items, suppressed  # noqa: PLC0415 - as above

    wanted = check.strip().lower().replace("_", "-")
    found = [item for item in (*items(saved), *suppressed(saved)) if item.result.check == wanted]
    if not found:
        if any(result.check == wanted for result in saved.results):
            raise refused(f"{wanted} has no finding in this report", where)
        meant = suggest(check)
        todo = f"did you mean {meant}?" if meant else "`mailaudit checks` lists the names"
        raise refused(f"{check}: this report knows no such check", where, todo)
    return [letter(saved, item) for item in found]
