"""`mailaudit init`: from nothing to a campaign file and a first report."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.environment import option
from mailaudit.cli.outputs import write_atomically
from mailaudit.cli.streams import say
from mailaudit.errors import Complaint, InputError

_LIST_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".parquet", ".csv.gz")


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@option("--from", "sender", metavar="ADDRESS", help="The From address of the campaign.")
@option("--name", metavar="TEXT", help="What you call the campaign.")
@option("--recipients", metavar="FILE", help="The recipient list.")
@option("--suppression", metavar="FILE", help="People who must not be mailed.")
@option(
    "--sample",
    metavar="FILE",
    help="A test message as it was received (.eml): what it shows is filled in.",
)
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

    Questions are asked on a terminal only; every one has an option. DNS is asked what it knows of the domain, so that
    the platform, the DKIM selectors and the web site are filled in where they can be seen.
    """
    target = folder / "campaign.yml"
    _refuse(folder, target, force=chosen["force"])
    answers = _ask(folder, chosen)
    text = _text(folder, answers, chosen)
    _try(folder, text)
    from mailaudit.campaign.draft import SCHEMA_FILE  # noqa: PLC0415 - keeps --help light
    from mailaudit.cli.commands.schema import schema_text  # noqa: PLC0415 - as above

    write_atomically(target, text)
    write_atomically(folder / SCHEMA_FILE, schema_text("campaign"))
    say(f"Wrote {target} and, for your editor, {folder / SCHEMA_FILE}.")
    if chosen["run_check"]:
        return _first_report(target, chosen)
    say(f"Next: mailaudit check {target}")
    return 0


def _refuse(folder: Path, target: Path, *, force: bool) -> None:
    if not folder.is_dir():
        raise InputError(Complaint(f"{folder}: there is no such folder", todo="create it first"))
    if target.exists() and not force:
        todo = "edit it, or give --force to replace it"
        raise InputError(Complaint(f"{target}: exists already", todo=todo))


def _try(folder: Path, text: str) -> None:
    """Load the campaign before it is written where it belongs; raises `InputError` for what an answer got wrong."""
    from mailaudit.api import load_campaign  # noqa: PLC0415 - keeps --help light

    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix=".", suffix=".yml", dir=folder, delete=False
    ) as file:
        file.write(text)
    try:
        load_campaign(file.name, check_zones=False)
    except InputError as error:
        raise InputError(*(Complaint(one.what, todo=one.todo) for one in error.complaints)) from error
    finally:
        Path(file.name).unlink()


def _from(folder: Path, file: str | None) -> str | None:
    """Return a file, named relative to the current folder, as the campaign file names it: relative to its own."""
    if file is None or file == "-" or "://" in file or not Path(file).exists():
        return file
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # another drive
        return str(Path(file).absolute())


def _ask(folder: Path, chosen: dict[str, Any]) -> dict[str, Any]:
    """Fill in what no option gave: by asking on a terminal, by defaults elsewhere."""
    asking = sys.stdin.isatty() and sys.stderr.isatty()
    answers = dict(chosen)
    if chosen["sample"]:
        answers |= _shown_by(Path(chosen["sample"]), answers)
    for name in ("recipients", "suppression", "sample"):
        answers[name] = _from(folder, answers[name])
    if not answers["sender"] and not asking:
        raise click.UsageError("--from is needed (there is no terminal to ask on).")
    if not asking:
        return answers
    if not answers["sender"]:
        answers["sender"] = click.prompt("From address of the campaign", err=True)
    if not answers["recipients"]:
        answers["recipients"] = _prompt("Recipient list (empty: none yet)", _only_list(folder))
    if not answers["platform"]:
        answers["platform"] = _prompt("Platform that sends, none for your own server (empty: look it up)", "")
    if not answers["rate"]:
        answers["rate"] = _prompt("How fast, such as 600/10min (empty: not known yet)", "")
    if not answers["sample"]:
        answers["sample"] = _from(folder, _prompt("A test message as it was received, .eml (empty: none yet)", ""))
    return answers


def _shown_by(sample: Path, answers: dict[str, Any]) -> dict[str, Any]:
    """Return what a sample tells where no option did; the selectors that sign it stand before those that DNS shows."""
    from mailaudit.api import witness  # noqa: PLC0415 - keeps --help light

    seen = witness(sample)
    return {
        "sender": answers["sender"] or seen.author,
        "ips": answers["ips"] or tuple(map(str, seen.addresses[:1])),
        "return_path": seen.mail_from_domain,
        "signing": seen.selectors,
        "software": seen.software,
    }


def _prompt(question: str, default: str | None) -> str | None:
    return click.prompt(question, default=default or "", show_default=bool(default), err=True) or None


def _only_list(folder: Path) -> str | None:
    lists = [path.name for path in sorted(folder.iterdir()) if path.name.lower().endswith(_LIST_SUFFIXES)]
    return lists[0] if len(lists) == 1 else None


def _text(folder: Path, answers: dict[str, Any], chosen: dict[str, Any]) -> str:
    from mailaudit.api import Options, first_look, parse_sender  # noqa: PLC0415 - keeps --help light
    from mailaudit.campaign.draft import Draft, campaign_text  # noqa: PLC0415 - as above

    domain = parse_sender(answers["sender"]).address.domain
    look = first_look(domain, Options(dns=shared.dns_options(chosen), knowledge=chosen["knowledge"]))
    platform = answers["platform"] or (look.platforms[0] if len(look.platforms) == 1 else None)
    remarks = [f"Mail to {domain} is kept by {look.mailbox_service}." if look.mailbox_service else ""]
    if not answers["platform"] and look.platforms:
        remarks.append(f"Seen in DNS: {', '.join(look.platforms)}. Check that this is what sends the campaign.")
    remarks += [f"Not seen: {reason}." for reason in look.unanswered]
    return campaign_text(
        Draft(
            sender=answers["sender"],
            name=answers["name"] or folder.resolve().name or "campaign",
            recipients=answers["recipients"],
            suppression=answers["suppression"],
            platform=platform,
            ips=answers["ips"],
            selectors=answers.get("signing")
            or tuple((item.selector, domain) for item in look.selectors if _fits(item.platform, platform)),
            website=look.website,
            start=answers["start"],
            timezone=answers["timezone"] or _local_timezone(),
            rate=answers["rate"],
            return_path=answers.get("return_path") if answers.get("return_path") != domain else None,
            message=answers["sample"],
            software=answers.get("software"),
            remarks=tuple(" ".join(remark.split()) for remark in remarks if remark),
        )
    )


def _fits(selector_platform: str | None, platform: str | None) -> bool:
    """Keep the selectors of the platform that sends; the mailbox service's own key signs other mail."""
    return platform is None or platform == "none" or selector_platform in {None, platform}


def _local_timezone() -> str | None:
    """Return the IANA name of this machine's time zone, where it can be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named:
        return named
    try:
        link = str(Path("/etc/localtime").readlink())
    except OSError:
        return None
    _, found, name = link.partition("zoneinfo/")
    return name if found and "/" in name and not name.startswith("Etc/") else None


def _first_report(target: Path, chosen: dict[str, Any]) -> int:
    from mailaudit.cli.commands.check import command as check  # noqa: PLC0415 - keeps --help light

    args = [str(target), "--color", chosen["color"]]
    for name in ("knowledge", "record", "replay"):
        args += [f"--{name}", str(chosen[name])] if chosen[name] else []
    for name, values in (("zone", chosen["zones"]), ("dns-server", chosen["servers"])):
        args += [part for value in values for part in (f"--{name}", str(value))]
    args += ["--offline"] if chosen["offline"] else []
    return int(check.main(args, standalone_mode=False))
