"""`mailaudit capture`: a dry run of the sender's own software against a server that delivers nothing."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli.environment import file_option, flag, option
from mailaudit.cli.outputs import write_atomically
from mailaudit.cli.streams import say, tell, write
from mailaudit.errors import refused
from mailaudit.wording import ending, numbered

if TYPE_CHECKING:
    from mailaudit.capture.run import Progress

_PROGRAM = "mailaudit.program"
_LINE_AGAIN = "\r\x1b[K"
_ENDINGS = {
    "background": "the program ended, and left others behind that still run; nothing came of them for a while",
    "command": "the program ended",
    "for": "the time was over",
    "idle": "nothing more came",
    "interrupted": "you stopped it",
    "messages": "so many messages had come",
}


class _WithProgram(click.Command):
    """A command whose arguments after `--` are a program to run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put aside what stands after `--`."""
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_PROGRAM] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


@click.command(name="capture", cls=_WithProgram)
@click.argument("campaign", type=click.Path(path_type=Path), required=False, envvar="MAILAUDIT_CAMPAIGN")
@option("--port", type=click.IntRange(0, 65535), default=2525, help="Plain SMTP (2525).")
@option("--starttls-port", type=click.IntRange(0, 65535), default=2587, help="SMTP that offers STARTTLS (2587).")
@option("--tls-port", type=click.IntRange(0, 65535), default=2465, help="SMTP over TLS (2465).")
@option("--for", "most_time", metavar="DURATION", help="Stop after so long: 10min.")
@option("--messages", type=click.IntRange(1), metavar="N", help="Stop after so many messages.")
@option("--idle", metavar="DURATION", help="Stop when nothing came for so long after a message: 60s.")
@file_option(
    "--out", default=Path("capture"), metavar="FOLDER", help="Write here, into a new or empty folder (capture/)."
)
@option(
    "--answer",
    metavar="PROVIDER",
    help="Answer as this mailbox provider would by its published limits, or each as its own does (mixed).",
)
@flag("--sendmail", help="Print the sendmail_path for PHP and stop.")
@flag("-q", "--quiet", help="Show no settings and no progress.")
@click.pass_context
def command(ctx: click.Context, /, campaign: Path | None, **chosen: Any) -> int:
    """Record on loopback what your own software would send, to whom and how fast; nothing is delivered.

    Point the software at the port that is shown and run it, or let this run it: `mailaudit capture -- php send.php`.
    Addresses are kept as keyed hashes, passwords not at all; at most twenty messages are kept whole. Then judge it with
    `mailaudit check --capture capture/`.

    Exit code 0 means done (also after Ctrl-C), 2 that a port or the folder cannot be used.
    """
    from mailaudit.capture.settings import sendmail_path  # noqa: PLC0415 - keeps --help light

    if chosen["sendmail"]:
        write(f"sendmail_path = {sendmail_path(chosen['port'])}\n")
        return 0
    if campaign is not None:
        from mailaudit.api import load_campaign  # noqa: PLC0415 - as above

        load_campaign(campaign)
    summary = _record(chosen, ctx.meta[_PROGRAM])
    tell(_as_text(summary, chosen["out"], campaign))
    return 0


def _record(chosen: dict[str, Any], program: tuple[str, ...]) -> dict[str, Any]:
    from mailaudit.capture.run import AUTHORITY, CaptureOptions, Ports, capture  # noqa: PLC0415 - keeps --help light
    from mailaudit.capture.settings import settings  # noqa: PLC0415 - as above

    options = CaptureOptions(
        folder=chosen["out"],
        ports=Ports(chosen["port"], chosen["starttls_port"], chosen["tls_port"]),
        most_seconds=_seconds("--for", chosen["most_time"]),
        most_messages=chosen["messages"],
        idle_seconds=_seconds("--idle", chosen["idle"]),
        command=program,
        answer=chosen["answer"],
    )

    def ready(ports: dict[str, int]) -> None:
        say(
            f"mailaudit: listening on 127.0.0.1, port {ports['plain']}; nothing is delivered. Ctrl-C ends the capture."
        )
        if not program:
            say(settings(ports, str(options.folder / AUTHORITY)))

    shows = sys.stderr.isatty() and not chosen["quiet"]
    try:
        return capture(
            options,
            write=write_atomically,
            on_ready=(lambda _: None) if chosen["quiet"] else ready,
            on_progress=_show if shows else None,
        )
    finally:
        if shows:
            sys.stderr.write(_LINE_AGAIN)


def _seconds(option: str, text: str | None) -> float | None:
    from mailaudit.campaign.values.rates import parse_duration  # noqa: PLC0415 - keeps --help light
    from mailaudit.reach.yaml.unusable import Unusable  # noqa: PLC0415 - as above

    if text is None:
        return None
    try:
        return float(parse_duration(text).seconds)
    except Unusable as error:
        raise refused(f"{option}: {error.what}", todo=error.todo) from error


def _show(progress: Progress) -> None:
    parts = [numbered(progress.messages, "message"), f"{progress.rate:,.0f}/s"]
    parts += [numbered(progress.recipients, "recipient"), numbered(progress.connections, "connection")]
    parts += [f"{name} {count:,}" for name, count in progress.providers]
    # What does not fit would stay behind on a line of its own.
    sys.stderr.write(_LINE_AGAIN + " · ".join(parts)[: shutil.get_terminal_size().columns - 1])
    sys.stderr.flush()


def _as_text(summary: dict[str, Any], folder: Path, campaign: Path | None) -> str:
    people, ways = numbered(summary["recipients"], "recipient"), numbered(summary["connections"], "connection")
    lines = [
        f"Captured {numbered(summary['messages'], 'message')} to {people} over {ways}: {_ENDINGS[summary['ended_by']]}."
    ]
    if summary["refused"]:
        who = {None: "any server", "mixed": "each provider"}.get(summary["answer"], summary["answer"])
        lines.append(f"{numbered(summary['refused'], 'message')} refused, as {who} would.")
    if summary["unfinished_messages"]:
        lines.append(
            f"{numbered(summary['unfinished_messages'], 'message')} ended with bare line feeds, which no server takes."
        )
    if summary["broken_off_messages"]:
        lines.append(f"{numbered(summary['broken_off_messages'], 'message')} broke off before the end.")
    if summary["command_exit"]:
        lines.append(f"The program {ending(summary['command_exit'])}.")
    if not summary["connections"]:
        ports = " or ".join(str(port) for port in summary["ports"].values())
        lines.append(f"Nobody connected: let your software send to 127.0.0.1, port {ports}.")
    words = ["mailaudit", "check", str(campaign or "campaign.yml"), "--capture", str(folder)]
    lines.append(f"Next: {shlex.join(words)}")
    return "\n".join(lines) + "\n"
