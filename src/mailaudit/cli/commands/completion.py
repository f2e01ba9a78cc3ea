"""`mailaudit completion`: what a shell needs to complete commands, options and names of checks."""

import click
from click.shell_completion import CompletionItem, get_completion_class

from mailaudit.cli.streams import write

_VARIABLE = "_MAILAUDIT_COMPLETE"
_WHERE = {
    "bash": 'eval "$(mailaudit completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(mailaudit completion zsh)"   in ~/.zshrc',
    "fish": "mailaudit completion fish > ~/.config/fish/completions/mailaudit.fish",
}


@click.command(name="completion", epilog="  \n".join(("\b", *_WHERE.values())))
@click.argument("shell", type=click.Choice(list(_WHERE)))
def command(shell: str) -> int:
    """Print the completion script for SHELL."""
    from mailaudit.cli.program import program  # noqa: PLC0415 - the program imports its commands lazily

    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"this version of click completes nothing for {shell}")
    write(completion(program, {}, "mailaudit", _VARIABLE).source() + "\n")
    return 0


def complete_checks(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the names of checks, with their titles."""
    del ctx, param
    from mailaudit.checks.registry import all_checks  # noqa: PLC0415 - only when a shell asks

    return [
        CompletionItem(item.name, help=item.title)
        for item in all_checks().values()
        if item.name.startswith(incomplete)
    ]
