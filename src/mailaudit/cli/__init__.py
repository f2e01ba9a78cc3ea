"""The command line: Click only, one file a command, each imported when it is used."""

import sys
from typing import NoReturn

_INTERRUPTED = 130


def main(args: list[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit code, also when Ctrl-C comes while it is being loaded."""
    try:
        from mailaudit.cli.program import main as run  # noqa: PLC0415 - so that an interrupt is caught here

        run(args)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
