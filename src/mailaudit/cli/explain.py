"""`mailaudit explain`: the documentation of a check."""

from __future__ import annotations

import shutil
import sys

import click

from mailaudit.cli import options as shared
from mailaudit.cli.completion import complete_checks
from mailaudit.cli.streams import write
from mailaudit.errors import Complaint, InputError


@click.command(name="explain")
@click.argument("check", shell_complete=complete_checks)
@shared.color
def command(check: str, color: str) -> int:
    """Show what CHECK looks for, why it matters and how to put it right."""
    from mailaudit.checks.registry import find, suggest  # noqa: PLC0415 - keeps --help light

    declared = find(check)
    if declared is None:
        likely = suggest(check)
        todo = f"did you mean {likely}?" if likely else "`mailaudit checks` lists every name"
        raise InputError(Complaint(f"{check}: no such check", todo=todo))
    needs = f" · needs {', '.join(declared.needs)}" if declared.needs else ""
    head = f"# {declared.name}\n\n{declared.family} · {declared.severity.value}{needs}\n\n"
    write(_rendered(head + declared.doc + "\n", color))
    return 0


def _rendered(markdown: str, color: str) -> str:
    """Render for a terminal; a pipe gets the Markdown itself."""
    if not sys.stdout.isatty() and color != "always":
        return markdown
    from io import StringIO  # noqa: PLC0415 - keeps --help light

    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.markdown import Markdown  # noqa: PLC0415 - as above

    page = StringIO()
    width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    Console(file=page, width=width, force_terminal=color != "never", no_color=color == "never").print(
        Markdown(markdown)
    )
    return page.getvalue()
