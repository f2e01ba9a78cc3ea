"""`mailaudit check`: audit a campaign before it is sent."""

from __future__ import annotations

import gc
import re
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.commands.completion import complete_checks
from mailaudit.cli.environment import option
from mailaudit.cli.machine_zone import offer_zone
from mailaudit.cli.outputs import parse_outputs, refuse_input, write_atomically
from mailaudit.cli.streams import write
from mailaudit.reports.formats import named

if TYPE_CHECKING:
    from mailaudit.baseline import Accepted
    from mailaudit.policy import Report
    from mailaudit.prepare import Prepared
    from mailaudit.reports.document.types import Document

_OBJECTS_BETWEEN_COLLECTIONS = 100_000


@click.command(name="check")
@click.argument(
    "campaign", type=click.Path(path_type=Path), default=Path("campaign.yml"), envvar="MAILAUDIT_CAMPAIGN"
)
@shared.stdout_format
@shared.output
@option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    help="Exit 1 for findings of this severity or worse (default: the campaign's fail_on, else error).",
)
@option(
    "--select",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_checks,
    help="Run only these checks, families or globs.",
)
@option(
    "--ignore",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_checks,
    help="Do not run these checks, families or globs.",
)
@shared.reading
@option(
    "--diff-zone",
    "drafts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Tell what this draft zone file would change: audits with and without it.",
)
@option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="Fail only on findings that this baseline or JSON report does not have, or has smaller.",
)
@option(
    "--write-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what is found as a baseline; beside --baseline only what that one covers, so that it tightens.",
)
@option(
    "--capture",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Judge the pace, people and headers of this dry run (mailaudit capture) instead of the planned ones.",
)
@option(
    "--allow-http",
    is_flag=True,
    help="Fetch the logo (BIMI), its certificate and the MTA-STS policy over HTTPS to look into them.",
)
@option(
    "--second-opinion",
    is_flag=True,
    help="Have checkdmarc judge SPF and DMARC over the same answers, and tell where it differs.",
)
@option(
    "--links",
    is_flag=True,
    help="Ask the web server of each link of the message once (HEAD), but never a personal link.",
)
@option(
    "--spamassassin",
    is_flag=True,
    help="Have the SpamAssassin of this machine judge the message.",
)
@option(
    "--rspamd",
    metavar="URL",
    help="Have a running rspamd judge the message: http://127.0.0.1:11333.",
)
@option(
    "--allow-private",
    is_flag=True,
    help="Let sending.smtp lead to loopback, private and link-local addresses.",
)
@option(
    "--no-history",
    is_flag=True,
    help="Neither remember what is to be done nor tell what is done since the last run.",
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
    shown_as = named(chosen["stdout_format"])
    look = shared.stdout_options(chosen)
    with _prepared(campaign, chosen) as ready:
        if not chosen["quiet"]:
            offer_zone(ready.campaign)
        taken = [*ready.files, *filter(None, (chosen["policy"], *chosen["drafts"]))]
        if chosen["write_baseline"]:
            refuse_input("--write-baseline", chosen["write_baseline"], taken)
            taken.append(chosen["write_baseline"])
        if chosen["baseline"] != chosen["write_baseline"]:
            taken += filter(None, [chosen["baseline"]])
        if chosen["record"]:
            refuse_input("--record", chosen["record"], taken)
            taken.append(chosen["record"])
        outputs = parse_outputs(chosen["output"], taken)
        written = (*(output.path for output in outputs), chosen["record"], chosen["write_baseline"])
        shared.confine(ready, [path.absolute().parent for path in written if path])
        report, built = _audit(ready)
        _write_baseline(chosen["write_baseline"], report, ready.gate.baseline)
        for output in outputs:
            write_atomically(output.path, output.format.render(built, shared.file_options(chosen)))
        if chosen["drafts"] and shown_as.name == "terminal":
            from mailaudit.reports.diff import render_diff  # noqa: PLC0415 - keeps --help light

            _, today = _audit(ready.without_drafts())
            write(render_diff(today, built, look))
        else:
            progress = _progress(ready, built, chosen) if shown_as.name == "terminal" else ""
            write(shown_as.for_stdout(built, replace(look, progress=progress)))
    return int(report.exit_code)


def _prepared(campaign: Path, chosen: dict[str, Any]) -> AbstractContextManager[Prepared]:
    return shared.prepared(
        campaign,
        chosen,
        fail_on=chosen["fail_on"],
        select=shared.split(chosen["select"]),
        ignore=shared.split(chosen["ignore"]),
        baseline=_baseline(chosen["baseline"]),
        allow_private=chosen["allow_private"],
        allow_http=chosen["allow_http"],
        second_opinion=chosen["second_opinion"],
        **_probes(chosen),
        capture=chosen["capture"],
    )


def _probes(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be asked about the message; raises `UsageError` for what contradicts it."""
    asking = [name for name in ("links", "rspamd") if chosen[name]]
    if chosen["offline"] and asking:
        raise click.UsageError(f"--offline forbids the network; leave out --{asking[0]}.")
    if chosen["rspamd"] and not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", chosen["rspamd"]):
        raise click.UsageError("--rspamd takes the address of a running rspamd, such as http://127.0.0.1:11333.")
    return {name: chosen[name] for name in ("links", "spamassassin", "rspamd")}


def _audit(ready: Prepared) -> tuple[Report, Document]:
    from mailaudit.api import audit_prepared  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.document.build import document  # noqa: PLC0415 - as above

    report = audit_prepared(ready)
    return report, document(report)


def _progress(ready: Prepared, built: Document, chosen: dict[str, Any]) -> str:
    """Return what is done since the last run, where that can be compared and this run may leave a trace."""
    options = ready.options
    if chosen["no_history"] or options.untrusted or options.select or options.ignore or options.dns.drafts:
        return ""
    from mailaudit.cli.history import progress  # noqa: PLC0415 - keeps --help light

    told = (ready.source.path, options.dns, options.recipients, options.changes, options.policy, options.baseline)
    return progress(built, told)


def _baseline(file: Path | None) -> tuple[Accepted, ...]:
    if file is None:
        return ()
    from mailaudit.cli.baseline import accepted_in  # noqa: PLC0415 - only with --baseline

    return accepted_in(file)


def _write_baseline(file: Path | None, report: Report, known: tuple[Accepted, ...]) -> None:
    if file is None:
        return
    from mailaudit.baseline import accepted, dumps  # noqa: PLC0415 - only with --write-baseline

    found = [finding for result in report.results for finding in result.findings]
    write_atomically(file, dumps(accepted(found, known, report.generated_at.date())))
