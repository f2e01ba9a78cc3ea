"""`mailaudit explain`: the documentation of a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mailaudit.cli import options as shared
from mailaudit.cli.commands.completion import complete_checks
from mailaudit.cli.markdown_page import rendered
from mailaudit.cli.streams import write
from mailaudit.errors import refused
from mailaudit.language.parts import paragraphs
from mailaudit.language.spoken import ENGLISH, said, spoken, word
from mailaudit.reports.content.check_page import section, words_only
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from mailaudit.checks.registry import Check


@click.command(name="explain")
@click.argument("check", shell_complete=complete_checks)
@shared.color
def command(check: str, color: str) -> int:
    """Show what CHECK looks for, why it matters and how to put it right; `spf` lists the checks of that kind."""
    from mailaudit.checks.registry import find, suggest  # noqa: PLC0415 - keeps --help light

    declared = find(check)
    group = [] if declared else _group(check)
    if group:
        lines = (f"- `{one.name}` ({one.severity.value}): {one.title}" for one in group)
        write(rendered(f"# {check}: {numbered(len(group), 'check')}\n\n" + "\n".join(lines) + "\n", color))
        return 0
    if declared is None:
        likely = suggest(check)
        todo = f"did you mean {likely}?" if likely else "`mailaudit checks` lists every name"
        raise refused(f"{check}: no such check", todo=todo)
    needs = f" · needs {', '.join(declared.needs)}" if declared.needs else ""
    kind = f"{declared.family} · {declared.severity.value}{needs}"
    write(rendered(f"# {declared.name}\n\n{said(kind)}\n\n" + _said(declared.doc) + "\n", color))
    return 0


def _said(doc: str) -> str:
    """Return a page in the language that is spoken; what it refers to keeps its title."""
    if spoken() == ENGLISH:
        return doc
    title, rest = doc.split("\n", 1)
    for heading, plain in (("Why it matters", words_only), ("How to fix", str)):
        text = section(doc, heading)
        told = ((mark, said(plain(part))) for mark, part in paragraphs(text))
        lines = (f"{mark}{part}" if mark else f"\n{part}" for mark, part in told)
        rest = rest.replace(text, "\n".join(lines).strip())
    for heading in ("Why it matters", "How to fix", word("References")):
        rest = rest.replace(f"## {heading}\n", f"## {said(heading)}\n")
    return f"{said(title)}\n{rest}"


def _group(name: str) -> list[Check]:
    """Return the checks whose names begin with a word, or that belong to a family or match a glob."""
    from mailaudit.checks.registry import all_checks, matches  # noqa: PLC0415 - keeps --help light

    return [one for one in all_checks().values() if matches(one, (name, f"{name}-*"))]
