"""Forks a process for each command that stands, as JSON, on a line of standard input; answers with its exit code."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parents[1]))

import mailaudit
from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.cli import main
from mailaudit.reports.document.build import document
from mailaudit.reports.formats import RenderOptions, formats
from support import no_network

_SECONDS = 120
_LEFT_THE_MACHINE = 97
_EXAMPLE = Path(__file__).parents[2] / "examples" / "own-server" / "campaign.yml"


def serve() -> None:
    """Answer until standard input ends."""
    for module in pkgutil.walk_packages(mailaudit.__path__, "mailaudit."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    _warm_up()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer


def _warm_up() -> None:
    """Audit once what every command would read first: our own tables, compiled patterns, schemas."""
    campaign, source = load_campaign(_EXAMPLE)
    report = document(audit(campaign, source, Options(dns=DnsOptions(offline=True))))
    for one in formats().values():
        one.render(report, RenderOptions())


def _run(request: dict[str, Any]) -> NoReturn:
    signal.alarm(_SECONDS)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["environment"])
    for number, (path, flags) in enumerate(
        zip(request["streams"], (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT), strict=True)
    ):
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the life of the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - as above
    sys.argv = ["mailaudit", *request["args"]]
    no_network.watch()
    code = 1
    try:
        main(request["args"])
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    finally:
        if no_network.TRIED:
            sys.stderr.write(f"a test talks to this machine only: {no_network.TRIED}\n")
            code = _LEFT_THE_MACHINE
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
