"""`mailaudit forward`: the text to send to the person who can mend a finding."""

from pathlib import Path

import click

from mailaudit.cli.streams import tell
from mailaudit.errors import refused
from mailaudit.location import Location


@click.command(name="forward")
@click.argument("audit", metavar="AUDIT.json", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("check", metavar="CHECK")
def command(audit: Path, check: str) -> int:
    """Print the text to forward for each finding of CHECK in the JSON report AUDIT.json (`-` for standard input).

    It says what is wrong, why it matters, what is asked of whom, and the DNS record if there is one.
    """
    from mailaudit.checks.registry import suggest  # noqa: PLC0415 - keeps --help light
    from mailaudit.cli.saved_report import load_report  # noqa: PLC0415 - as above
    from mailaudit.reports.content.letter import letter  # noqa: PLC0415 - as above
    from mailaudit.reports.content.ranking import items, suppressed  # noqa: PLC0415 - as above

    saved = load_report(audit)
    wanted = check.strip().lower().replace("_", "-")
    found = [item for item in (*items(saved), *suppressed(saved)) if item.result.check == wanted]
    if not found:
        if any(result.check == wanted for result in saved.results):
            raise refused(f"{wanted} has no finding in this report", Location(str(audit)))
        meant = suggest(check)
        todo = f"did you mean {meant}?" if meant else "`mailaudit checks` lists the names"
        raise refused(f"{check}: this report knows no such check", Location(str(audit)), todo)
    tell("\n\n---\n\n".join(letter(saved, item).rstrip("\n") for item in found) + "\n")
    return 0
