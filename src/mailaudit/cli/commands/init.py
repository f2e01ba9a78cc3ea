"""`mailaudit init`: from nothing to a campaign file and a first report."""

import sys
from pathlib import Path
from typing import Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.environment import option
from mailaudit.cli.first_campaign.answers import FirstAnswers
from mailaudit.cli.first_campaign.questions import ask, forget, take_options
from mailaudit.cli.first_campaign.trial import try_out
from mailaudit.cli.outputs import write_atomically
from mailaudit.cli.streams import say
from mailaudit.errors import refused


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@option("--from", "sender", metavar="ADDRESS", help="The From address of the campaign.")
@option("--domain", metavar="DOMAIN", help="The domain of the From address, where the address is not known yet.")
@option("--name", metavar="TEXT", help="What you call the campaign.")
@option("--recipients", metavar="FILE", help="The recipient list.")
@option("--suppression", metavar="FILE", help="People who must not be mailed.")
@option("--sample", metavar="FILE", help="A test message as it was received (.eml): what it shows is filled in.")
@option("--platform", metavar="NAME", help="The platform that sends, or none.")
@option("--ip", "ips", metavar="ADDRESS", multiple=True, help="Where the mail leaves from.")
@option("--start", metavar="DATETIME", help="When the send begins: 2026-12-01T09:00.")
@option("--timezone", metavar="ZONE", help="Default: this machine's.")
@option("--rate", metavar="RATE", help="How fast: 600/10min, 40/h.")
@option("--force", is_flag=True, help="Replace a campaign.yml that is there.")
@option("--check/--no-check", "run_check", default=True, help="Audit it at once (default).")
@shared.world
@shared.color
def command(folder: Path, **chosen: Any) -> int:
    """Write a commented campaign.yml into DIR (default: this folder), and audit it.

    Questions are asked on a terminal only; every one has an option, and each answer is checked at once. After Ctrl-C the
    answers are offered again. DNS is asked what it knows of the domain, so that the platform, the DKIM selectors and the
    web site are filled in where they can be seen.
    """
    target = folder / "campaign.yml"
    _refuse(folder, target, force=chosen["force"])
    answers = FirstAnswers(folder, chosen)
    take_options(answers)
    if sys.stdin.isatty() and sys.stderr.isatty():
        ask(answers)
    elif answers.sender is None:
        raise click.UsageError(
            "--from is needed (there is no terminal to ask on); --sample or --domain tell it too."
        )
    from mailaudit.campaign.draft import SCHEMA_FILE, campaign_text  # noqa: PLC0415 - keeps --help light
    from mailaudit.cli.commands.schema import schema_text  # noqa: PLC0415 - as above

    text = campaign_text(answers.draft())
    try_out(folder, text)
    write_atomically(target, text)
    write_atomically(folder / SCHEMA_FILE, schema_text("campaign"))
    forget(folder)
    say(f"Wrote {target} and, for your editor, {folder / SCHEMA_FILE}.")
    if chosen["run_check"]:
        return _first_report(target, chosen)
    say(f"Next: mailaudit check {target}")
    return 0


def _refuse(folder: Path, target: Path, *, force: bool) -> None:
    if not folder.is_dir():
        raise refused(f"{folder}: there is no such folder", todo="create it first")
    if target.exists() and not force:
        todo = "edit it, or give --force to replace it"
        raise refused(f"{target}: exists already", todo=todo)


def _first_report(target: Path, chosen: dict[str, Any]) -> int:
    from mailaudit.cli.commands.check import command as check  # noqa: PLC0415 - keeps --help light

    args = [str(target), "--color", chosen["color"]]
    for name in ("knowledge", "record", "replay"):
        args += [f"--{name}", str(chosen[name])] if chosen[name] else []
    for name, values in (("zone", chosen["zones"]), ("dns-server", chosen["servers"])):
        args += [part for value in values for part in (f"--{name}", str(value))]
    args += ["--offline"] if chosen["offline"] else []
    return int(check.main(args, standalone_mode=False))
