"""`mailaudit render`: any format from a saved JSON report, without network."""

from pathlib import Path
from typing import Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.outputs import parse_outputs, write_atomically
from mailaudit.cli.streams import write
from mailaudit.reports.formats import named


@click.command(name="render")
@click.argument("audit", metavar="AUDIT.json", type=click.Path(path_type=Path, allow_dash=True))
@shared.stdout_format
@shared.output
@shared.verbosity
@shared.color
def command(audit: Path, **chosen: Any) -> int:
    """Render the JSON report AUDIT.json (`-` for standard input), of one campaign or of several, in any format.

    The bytes are those that `mailaudit check` would have written. The exit code says only whether that worked.
    """
    from mailaudit.cli.saved_report import load_saved  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.fleet.model import Fleet  # noqa: PLC0415 - as above

    saved = load_saved(audit)
    of = "fleet" if isinstance(saved, Fleet) else "report"
    outputs = parse_outputs(chosen["output"], [audit], of=of)
    shown_as = named(chosen["stdout_format"], of)
    for output in outputs:
        write_atomically(output.path, output.format.render(saved, shared.file_options(chosen)))
    write(shown_as.for_stdout(saved, shared.stdout_options(chosen)), speaks_to_runner=shown_as.speaks_to_runner)
    return 0
