"""The program: its commands by name, and how every ending becomes an exit code."""

import difflib
import gc
import importlib
import os
import sys
from io import StringIO
from typing import Any, NoReturn

import click

from mailaudit import __version__
from mailaudit.cli.environment import tell_misspelt_variables
from mailaudit.cli.interruption import INTERRUPTED, tell_interrupted, watch_for_signals
from mailaudit.cli.language import LANGUAGE
from mailaudit.cli.streams import close_streams, complain, ensure_streams, say, write
from mailaudit.errors import InputError, described
from mailaudit.language.spoken import Pasted, form, of_system, said, speak, word

COMMANDS = {
    "check": "Audit a campaign before it is sent.",
    "explain": "Show the documentation of a check.",
    "checks": "List every check: name, family, severity, needs.",
    "clean": "Write the clean list, and the removed rows with reasons.",
    "preview": "Fill the template with the rows that hurt most.",
    "plan": "Find the fastest schedule that keeps every limit.",
    "capture": "Record what your own software would send, to whom and how fast.",
    "delist": "Tell how to get off a blocklist or out of a provider's spam folder.",
    "knowledge": "Show what is known of platforms, providers and lists, and why.",
    "render": "Render a saved JSON report in any format, without network.",
    "forward": "Print the text to send to the person who can mend a finding.",
    "init": "Write a campaign.yml and audit it for the first time.",
    "diff": "Tell what changed between two JSON reports.",
    "schema": "Print the JSON Schema of the campaign file or of the report.",
    "selfcheck": "Prove that no recipient and no secret shows in any output.",
    "completion": "Print the completion script for bash, zsh or fish.",
}
_UNUSABLE = 2
_INCOMPLETE = 3


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run; their help lines stand in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of a user's journey."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"mailaudit.cli.commands.{cmd_name}").command
        if not isinstance(command, click.Command):
            return None
        if LANGUAGE not in command.params:
            command.params.append(LANGUAGE)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command to run, or fail with the name that was probably meant."""
        if args[0] == "help":
            args = [*args[1:2], "--help"]
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            meant = ("check", name) if "." in name else difflib.get_close_matches(name, COMMANDS, n=1)
            close = " ".join(meant)
            hint = f" Did you mean {close}?" if close else ""
            ctx.fail(f"unknown command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' help lines without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=LazyGroup,
    invoke_without_command=True,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 ready, 1 findings, 2 unusable input, 3 incomplete, 130 interrupted.",
)
@click.option(
    "--version", "is_asked", is_flag=True, help="Show the version; with -v of knowledge and libraries too."
)
@click.option("-v", "--verbose", "in_full", is_flag=True, hidden=True)
@click.pass_context
def program(ctx: click.Context, *, is_asked: bool, in_full: bool) -> None:
    """Find out what will go wrong with an e-mail campaign before you send it."""
    if is_asked:
        write(_versions() if in_full else f"mailaudit {__version__}\n")
        ctx.exit()
    if in_full:
        ctx.fail("-v stands behind the command, or beside --version.")
    if ctx.invoked_subcommand is None:
        ctx.fail("no command is given.")


program.params.append(LANGUAGE)


def _versions() -> str:
    from mailaudit.cli.versions import versions  # noqa: PLC0415 - keeps --help light

    return versions()


def main(args: list[str] | None = None) -> NoReturn:
    """Run the program and leave with the exit code that the ending deserves."""
    ensure_streams()
    speak(of_system(), asked=False)
    watch_for_signals()
    tell_misspelt_variables()
    # What a campaign file holds is no business of what others have installed for pydantic.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = _run(args)
    close_streams()
    if "duckdb" not in sys.modules:  # which complains of objects that are left at the end
        # The interpreter looks for cycles once more before it ends, which would take as long as asking all of DNS did.
        gc.freeze()
    sys.exit(code)


def _run(args: list[str] | None) -> int:
    try:
        outcome: Any = program.main(args, prog_name="mailaudit", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        tell_interrupted()
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except (click.ClickException, InputError, OSError) as error:
        return _tell_unusable(error)
    except Exception as error:  # noqa: BLE001 - a traceback is a bug, and never the user's business
        return _report_bug(error)
    return outcome if isinstance(outcome, int) else 0


def _tell_unusable(error: click.ClickException | InputError | OSError) -> int:
    if isinstance(error, click.ClickException):
        told = StringIO()
        error.show(told)
        usage, _, problem = told.getvalue().rstrip("\n").rpartition("Error: ")
        say(Pasted(f"{said(usage)}{said(word('Error'))}{form('joint', ': ')}{said(problem)}"))
    elif isinstance(error, InputError):
        for complaint in error.complaints:
            complain(complaint)
    else:
        say(f"mailaudit: {error.filename or 'standard output'}: {error.strerror or error}")
    return _UNUSABLE


def _report_bug(error: Exception) -> int:
    say(f"mailaudit: internal error: {described(error)}")
    say("This is a bug in mailaudit. MAILAUDIT_DEBUG=1 shows more, and may show your data.")
    return _INCOMPLETE
