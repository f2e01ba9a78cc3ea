"""`mailaudit selfcheck`: plants made-up recipients and secrets, and proves that no output holds one."""

import tempfile
from pathlib import Path

import click

from mailaudit.cli.streams import write


@click.command(name="selfcheck")
def command() -> int:
    """Audit a made campaign offline and look for its recipients and secrets in every format.

    Exit code 0 means that no output holds one, 1 that one does.
    """
    from mailaudit.cli.selfcheck import selfcheck  # noqa: PLC0415 - keeps --help light

    with tempfile.TemporaryDirectory(prefix="mailaudit-") as folder:
        outcome = selfcheck(Path(folder))
    lines = [f"{name}: holds the canary {kind!r}" for name, kind in outcome.leaks]
    verdict = "a canary in" if outcome.leaks else "no canary in any of"
    lines.append(f"selfcheck: {verdict} {outcome.outputs} outputs; {outcome.canaries} were planted")
    write("\n".join(lines) + "\n")
    return 1 if outcome.leaks else 0
