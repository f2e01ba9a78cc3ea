"""`mailaudit plan`: the fastest schedule that keeps every limit."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from mailaudit.cli import lookups
from mailaudit.cli import options as shared
from mailaudit.cli.outputs import write_atomically
from mailaudit.cli.streams import write
from mailaudit.errors import Complaint, InputError

# Each format, the module that renders it, and the suffix that means it.
FORMATS = {"terminal": ("text", ".txt"), "json": ("document", ".json"), "csv": ("table", ".csv"),
           "ics": ("calendar", ".ics")}  # fmt: skip
DOUBLE = "double"


@click.command(name="plan")
@click.argument(
    "campaign", type=click.Path(path_type=Path), default=Path("campaign.yml"), envvar="MAILAUDIT_CAMPAIGN"
)
@click.option(
    "-f",
    "--format",
    "stdout_format",
    type=click.Choice(list(FORMATS)),
    default="terminal",
    envvar="MAILAUDIT_PLAN_FORMAT",
    help="What goes to stdout.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="MAILAUDIT_PLAN_OUTPUT",
    help="Write the plan to a file too (.txt, .json, .csv, .ics). May be repeated.",
)
@click.option("--start", metavar="WHEN", envvar="MAILAUDIT_START", help="Begin then instead: 2026-12-01T09:00.")
@click.option("--until", metavar="WHEN", envvar="MAILAUDIT_UNTIL", help="Say whether it can be done by then.")
@click.option(
    "--warm-up",
    is_flag=False,
    flag_value=DOUBLE,
    metavar="[SCHEDULE]",
    envvar="MAILAUDIT_WARM_UP",
    help="Spread over days that at most double; or follow a published schedule: conservative, established-domain,"
    " aggressive.",
)
@shared.beside
@shared.recipients
@lookups.options
@shared.dns
def command(campaign: Path, **chosen: Any) -> int:
    """Print the fastest schedule for CAMPAIGN (default: ./campaign.yml) that keeps every limit.

    The schedule leaves the other mail its share, and is projected once more before it is shown. Exit code 0 means
    that there is one, 1 that there is none or that it ends too late, 2 that an input cannot be used.
    """
    outputs = [(path, _renderer(_format_of(path))) for path in chosen["outputs"]]
    from mailaudit.planning.model import NoPlan  # noqa: PLC0415 - keeps --help light

    plan = _plan(campaign, chosen)
    for path, renderer in outputs:
        write_atomically(path, renderer(plan))
    write(_renderer(chosen["stdout_format"])(plan))
    if isinstance(plan, NoPlan):
        return 0 if plan.is_free else 1
    return 1 if plan.deadline is not None and not plan.deadline.is_met else 0


def _plan(campaign: Path, chosen: dict[str, Any]) -> Any:
    from mailaudit.cli.plan_inputs import gather_inputs, instant_of  # noqa: PLC0415 - keeps --help light
    from mailaudit.planning.plan import plan_campaign  # noqa: PLC0415 - as above
    from mailaudit.planning.problem import task_of  # noqa: PLC0415 - as above
    from mailaudit.planning.warm_up import plan_warm_up  # noqa: PLC0415 - as above

    inputs = gather_inputs(
        campaign, tuple(chosen["recipients"]), tuple(chosen["beside"]), shared.dns_options(chosen), chosen
    )
    start = instant_of(chosen["start"], "--start", inputs.campaign)
    task = task_of(inputs.mailing, inputs.recipients, start=start, beside=inputs.beside)
    if chosen["warm_up"] is not None:
        name = None if chosen["warm_up"] == DOUBLE else chosen["warm_up"]
        return plan_warm_up(task, name, inputs.mailing.organizational_domain)
    return plan_campaign(task, instant_of(chosen["until"], "--until", inputs.campaign))


def _format_of(path: Path) -> str:
    for name, (_, suffix) in FORMATS.items():
        if path.suffix == suffix:
            return name
    suffixes = ", ".join(suffix for _, suffix in FORMATS.values())
    raise InputError(Complaint(f"--output {path}: the format cannot be told", todo=f"use a suffix: {suffixes}"))


def _renderer(name: str) -> Any:
    return importlib.import_module(f"mailaudit.reports.plan.{FORMATS[name][0]}").render
