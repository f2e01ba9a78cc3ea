"""`mailaudit explain`: the documentation of a check."""

from __future__ import annotations

import click

from mailaudit.cli import options as shared
from mailaudit.cli.commands.completion import complete_checks
from mailaudit.cli.markdown_page import rendered
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
    write(rendered(head + declared.doc + "\n", color))
    return 0
