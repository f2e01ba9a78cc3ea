"""`mailaudit checks`: every check with its name, family, severity and needs."""

import json

import click

from mailaudit.cli.streams import write
from mailaudit.language.spoken import said


@click.command(name="checks")
@click.option(
    "-f",
    "--format",
    "listed_as",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    envvar="MAILAUDIT_CHECKS_FORMAT",
    help="terminal (default) or json.",
)
def command(listed_as: str) -> int:
    """List every check."""
    from mailaudit.checks.registry import all_checks  # noqa: PLC0415 - keeps --help light

    declared = list(all_checks().values())
    if listed_as == "json":
        entries = [
            {
                "name": item.name,
                "family": item.family,
                "severity": item.severity.value,
                "needs": list(item.needs),
                "title": item.title,
                "aliases": list(item.aliases),
            }
            for item in declared
        ]
        write(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = max(len(item.name) for item in declared)
    family = ""
    lines: list[str] = []
    for item in declared:
        if item.family != family:
            family = item.family
            lines.append(f"{'' if not lines else chr(10)}{family}")
        lines.append(f"  {item.name:<{width}}  {item.severity.value:<7}  {said(item.title)}")
    lines += ["", said("`mailaudit explain NAME` tells why a check matters and how to put it right.")]
    write("\n".join(lines) + "\n")
    return 0
