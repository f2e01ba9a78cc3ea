"""Runs `mailaudit` as a process of its own that need not import anything any more.

A server with the whole program imported is started once for each test process; every command is forked from it, with its own
folder, environment and streams. What depends on how Python itself starts (encodings, signals) starts `python -m mailaudit`.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import IO, cast

_SERVER = Path(__file__).with_name("command_server.py")


def mailaudit(
    *args: str | Path, cwd: Path | None = None, stdin: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; its own `MAILAUDIT_` variables are those of `environment` alone."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILAUDIT_")}
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(stdin, encoding="utf-8")
        words = list(map(str, args))
        code = _forked(words, str(cwd or Path.cwd()), clean | (environment or {}), list(map(str, streams)))
        out, err = (stream.read_text(encoding="utf-8") for stream in streams[1:])
    return subprocess.CompletedProcess(["mailaudit", *words], code, out, err)


def _forked(args: Sequence[str], cwd: str, environment: dict[str, str], streams: Sequence[str]) -> int:
    server = _server()
    request = {"args": args, "cwd": cwd, "environment": environment, "streams": streams}
    requests, answers = cast("IO[str]", server.stdin), cast("IO[str]", server.stdout)
    requests.write(json.dumps(request) + "\n")
    requests.flush()
    return int(answers.readline())


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, str(_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    atexit.register(server.terminate)
    return server
