"""`mailaudit check`: audit a campaign before it is sent."""

from __future__ import annotations

import gc
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli import lookups
from mailaudit.cli import options as shared
from mailaudit.cli.commands.completion import complete_checks
from mailaudit.cli.outputs import named_format, parse_outputs, refuse_input, write_atomically
from mailaudit.cli.streams import stdout_is_unicode, write

if TYPE_CHECKING:
    from mailaudit.api import DnsOptions
    from mailaudit.campaign.model import Campaign
    from mailaudit.campaign.yaml.source import Source
    from mailaudit.policy import Report
    from mailaudit.reports.document.types import Document

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


@click.command(name="check")
@click.argument(
    "campaign", type=click.Path(path_type=Path), default=Path("campaign.yml"), envvar="MAILAUDIT_CAMPAIGN"
)
@shared.stdout_format
@shared.output
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    envvar="MAILAUDIT_FAIL_ON",
    help="Exit 1 for findings of this severity or worse (default: the campaign's fail_on, else error).",
)
@click.option(
    "--select",
    multiple=True,
    metavar="NAME",
    envvar="MAILAUDIT_SELECT",
    shell_complete=complete_checks,
    help="Run only these checks, families or globs.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="NAME",
    envvar="MAILAUDIT_IGNORE",
    shell_complete=complete_checks,
    help="Do not run these checks, families or globs.",
)
@shared.dns
@click.option(
    "--diff-zone",
    "drafts",
    multiple=True,
    type=click.Path(path_type=Path),
    envvar="MAILAUDIT_DIFF_ZONE",
    help="Tell what this draft zone file would change: audits with and without it.",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    envvar="MAILAUDIT_RECORD",
    help="Write every DNS answer to this file.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    envvar="MAILAUDIT_REPLAY",
    help="Answer DNS from a recording only.",
)
@shared.knowledge
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    envvar="MAILAUDIT_BASELINE",
    help="Fail only on findings that this JSON report does not have.",
)
@shared.recipients
@lookups.options
@shared.beside
@click.option(
    "--allow-http",
    is_flag=True,
    envvar="MAILAUDIT_ALLOW_HTTP",
    help="Fetch the logo (BIMI), its certificate and the MTA-STS policy over HTTPS to look into them.",
)
@click.option(
    "--second-opinion",
    is_flag=True,
    envvar="MAILAUDIT_SECOND_OPINION",
    help="Have checkdmarc judge SPF and DMARC over the same answers, and tell where it differs.",
)
@shared.verbosity
@shared.color
def command(campaign: Path, **chosen: Any) -> int:
    """Audit CAMPAIGN (default: ./campaign.yml) and print a report.

    Nothing is sent to anybody. Exit code 0 means ready, 1 that there are findings at or above --fail-on,
    2 that an input cannot be used, 3 that something that matters could not be checked.
    """
    # Most of what a run allocates lives until its end: looking for cycles so often would take a tenth of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    shown_as = named_format(chosen["stdout_format"])
    _refuse_contradictions(chosen)
    plan, source = _load(campaign, chosen)
    taken = _inputs(campaign, plan, chosen)
    if chosen["record"]:
        refuse_input("--record", chosen["record"], taken)
        taken.append(chosen["record"])
    outputs = parse_outputs(chosen["output"], taken)
    report, built = _audit(plan, source, chosen, chosen["drafts"])
    for output in outputs:
        write_atomically(output.path, output.format.render(built, shared.file_options(chosen)))
    look = shared.stdout_options(chosen, width=_width(), unicode=stdout_is_unicode())
    if chosen["drafts"] and shown_as.name == "terminal":
        from mailaudit.reports.diff import render_diff  # noqa: PLC0415 - keeps --help light

        _, today = _audit(plan, source, chosen, ())
        write(render_diff(today, built, look))
    else:
        write(shown_as.render(built, look))
    return int(report.exit_code)


def _load(campaign: Path, chosen: dict[str, Any]) -> tuple[Campaign, Source]:
    from mailaudit.api import load_campaign  # noqa: PLC0415 - keeps --help light

    zones_answer = not (chosen["replay"] or chosen["zones"] or chosen["servers"])
    return load_campaign(campaign, recipients=tuple(chosen["recipients"]) or None, check_zones=zones_answer)


def _inputs(campaign: Path, plan: Campaign, chosen: dict[str, Any]) -> list[Path]:
    """Return every file that the audit reads, none of which a report may replace."""
    people = plan.recipients
    lists = (*people.files, *people.suppression, *people.verification) if people else ()
    bodies = (plan.message.eml, plan.message.html, plan.message.text) if plan.message else ()
    named = (chosen["baseline"], chosen["replay"], *chosen["zones"], *chosen["drafts"], *chosen["beside"])
    return [Path(file) for file in (campaign, *lists, *bodies, *plan.dns.zones, *named) if isinstance(file, Path)]


def _audit(
    plan: Campaign, source: Source, chosen: dict[str, Any], drafts: tuple[Path, ...]
) -> tuple[Report, Document]:
    from mailaudit import api  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.document.build import document  # noqa: PLC0415 - as above

    dns = _dns(chosen, plan, drafts)
    with lookups.limits(chosen, dns.servers) as limits:
        report = api.audit(
            plan,
            source,
            api.Options(
                dns=dns,
                fail_on=chosen["fail_on"],
                select=shared.split(chosen["select"]),
                ignore=shared.split(chosen["ignore"]),
                baseline=_baseline(chosen["baseline"]),
                knowledge=chosen["knowledge"],
                allow_http=chosen["allow_http"],
                second_opinion=chosen["second_opinion"],
                lookups=limits,
                beside=tuple(api.load_campaign(other, check_zones=False)[0] for other in chosen["beside"]),
            ),
        )
    return report, document(report)


def _baseline(file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    from mailaudit.cli.baseline import fingerprints  # noqa: PLC0415 - only with --baseline

    return fingerprints(file)


def _dns(chosen: dict[str, Any], plan: Campaign, drafts: tuple[Path, ...]) -> DnsOptions:
    """DNS options of the command line replace the campaign's `dns` part."""
    from mailaudit.api import DnsOptions  # noqa: PLC0415 - keeps --help light

    given = chosen["zones"] or chosen["servers"]
    return DnsOptions(
        zones=chosen["zones"] if given else plan.dns.zones,
        servers=chosen["servers"] if given else plan.dns.servers,
        drafts=drafts,
        offline=chosen["offline"],
        record=chosen["record"],
        replay=chosen["replay"],
    )


def _refuse_contradictions(chosen: dict[str, Any]) -> None:
    if chosen["replay"] and (chosen["zones"] or chosen["servers"]):
        raise click.UsageError("--replay answers DNS from the recording alone; leave out --zone and --dns-server.")
    if chosen["record"] and chosen["drafts"]:
        raise click.UsageError("--diff-zone asks twice; record without it.")
    if chosen["offline"] and chosen["servers"]:
        raise click.UsageError("--offline forbids the network; leave out --dns-server.")


def _width() -> int:
    return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else shared.piped_width()
