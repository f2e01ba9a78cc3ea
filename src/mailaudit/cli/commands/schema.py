"""`mailaudit schema`: the JSON Schema of the campaign file or of the report."""

import json
from typing import Any

import click

from mailaudit.cli.streams import write


@click.command(name="schema")
@click.argument("what", metavar="campaign|report", type=click.Choice(["campaign", "report"]))
def command(what: str) -> int:
    """Print the JSON Schema (2020-12) of the campaign file or of the JSON report."""
    write(schema_text(what))
    return 0


def schema_text(what: str) -> str:
    """Return the schema as JSON text."""
    return json.dumps(_schema(what), indent=2, ensure_ascii=False) + "\n"


def _schema(what: str) -> dict[str, Any]:
    if what == "campaign":
        from mailaudit.campaign.schema import campaign_schema  # noqa: PLC0415 - keeps --help light

        return campaign_schema()
    from mailaudit.reports.document.render import report_schema  # noqa: PLC0415 - as above

    return report_schema()
