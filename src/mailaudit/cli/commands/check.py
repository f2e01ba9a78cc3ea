"""`mailaudit check`: audit a campaign before it is sent."""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.auditing.single import Audited, audit_one
from mailaudit.cli.auditing.targets import targets
from mailaudit.cli.commands.completion import complete_checks
from mailaudit.cli.environment import file_option, flag, option
from mailaudit.cli.streams import write

if TYPE_CHECKING:
    from mailaudit.baseline import Accepted

_OBJECTS_BETWEEN_COLLECTIONS = 300_000


@click.command(name="check")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN...]", envvar="MAILAUDIT_CAMPAIGN")
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
@file_option(
    "--diff-zone",
    "drafts",
    multiple=True,
    help="Tell what this draft zone file would change: audits with and without it.",
)
@file_option(
    "--baseline", help="Fail only on findings that this baseline or JSON report does not have, or has smaller."
)
@file_option(
    "--write-baseline",
    metavar="FILE",
    help="Write what is found as a baseline; beside --baseline only what that one covers, so that it tightens.",
)
@file_option(
    "--capture",
    metavar="FOLDER",
    help="Judge the pace, people and headers of this dry run (mailaudit capture) instead of the planned ones.",
)
@flag(
    "--allow-http",
    help="Fetch the logo (BIMI), its certificate and the MTA-STS policy over HTTPS to look into them.",
)
@flag(
    "--second-opinion",
    help="Have checkdmarc judge SPF and DMARC over the same answers, and tell where it differs.",
)
@flag("--links", help="Ask the web server of each link of the message once (HEAD), but never a personal link.")
@flag("--spamassassin", help="Have the SpamAssassin of this machine judge the message.")
@option("--rspamd", metavar="URL", help="Have a running rspamd judge the message: http://127.0.0.1:11333.")
@flag("--allow-private", help="Let sending.smtp lead to loopback, private and link-local addresses.")
@file_option(
    "--since",
    metavar="OLD.json",
    help="Tell in the summary of several campaigns what changed since this JSON report.",
)
@option(
    "--watch",
    metavar="DURATION",
    help="Audit again every so often (1h), and end when something has changed, or go on with --exec.",
)
@option(
    "--exec",
    "execute",
    metavar="COMMAND",
    help="Run this program on a change that --watch sees, with what changed on its standard input; no shell reads it.",
)
@flag("--no-history", help="Neither remember what is to be done nor tell what is done since the last run.")
@shared.verbosity
@shared.color
def command(campaigns: tuple[str, ...], **chosen: Any) -> int:
    """Audit CAMPAIGN (default: ./campaign.yml) and print a report.

    A CAMPAIGN is a file, - for standard input, a folder (every campaign.yml below it), or a bare domain, whose sender
    side alone is audited; several give one summary and each report.

    Nothing is sent to anybody. Exit code 0 means ready, 1 that there are findings at or above --fail-on,
    2 that an input cannot be used, 3 that something that matters could not be checked.
    """
    # Most of what a run allocates lives until its end: looking for cycles so often would take a tenth of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if chosen["execute"] and not chosen["watch"]:
        raise click.UsageError("--exec runs on a change that --watch sees.")
    if chosen["execute"] and chosen["untrusted"]:
        raise click.UsageError("--untrusted starts no command; leave out --exec.")
    chosen["campaigns"] = campaigns

    def audited() -> Audited:
        found = targets(campaigns)
        with shared.audit_options(chosen, **_own(chosen)) as options:
            if len(found) > 1 or chosen["since"]:
                from mailaudit.cli.auditing.fleet import audit_fleet  # noqa: PLC0415 - only for several

                return audit_fleet(found, chosen, options)
            return audit_one(found[0], chosen, options)

    if chosen["watch"]:
        from mailaudit.cli.auditing.watch import watch  # noqa: PLC0415 - only with --watch

        return watch(audited, chosen["watch"], chosen["execute"], shared.stdout_options(chosen))
    done = audited()
    write(done.text, speaks_to_runner=done.speaks_to_runner)
    return done.exit_code


def _own(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return the options of an audit that only this command has."""
    return {
        "fail_on": chosen["fail_on"],
        "select": shared.split(chosen["select"]),
        "ignore": shared.split(chosen["ignore"]),
        "baseline": _baseline(chosen["baseline"]),
        "allow_private": chosen["allow_private"],
        "allow_http": chosen["allow_http"],
        "second_opinion": chosen["second_opinion"],
        **_probes(chosen),
        "capture": chosen["capture"],
    }


def _probes(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be asked about the message; raises `UsageError` for what contradicts it."""
    asking = [name for name in ("links", "rspamd") if chosen[name]]
    if chosen["offline"] and asking:
        raise click.UsageError(f"--offline forbids the network; leave out --{asking[0]}.")
    if chosen["rspamd"] and not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", chosen["rspamd"]):
        raise click.UsageError("--rspamd takes the address of a running rspamd, such as http://127.0.0.1:11333.")
    return {name: chosen[name] for name in ("links", "spamassassin", "rspamd")}


def _baseline(file: Path | None) -> tuple[Accepted, ...]:
    if file is None:
        return ()
    from mailaudit.baseline import loads  # noqa: PLC0415 - only with --baseline
    from mailaudit.cli.saved_report import read_text  # noqa: PLC0415 - as above

    return loads(read_text(file), str(file))
