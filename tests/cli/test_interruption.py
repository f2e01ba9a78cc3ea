"""A worker that cannot be told to stop does not keep the run alive, and its temporary files go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STUCK = """
import asyncio, sys, tempfile, threading, time
from mailaudit.cli import program
kept = tempfile.TemporaryDirectory(prefix="mailaudit-")
async def main():
    await asyncio.to_thread(time.sleep, 60)
def run(*args, **more):
    print("ready", flush=True)
    asyncio.run(main())
program.program.main = run
program.main([])
"""


@pytest.mark.parametrize(
    "signals", [(signal.SIGTERM,), (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]
)
def test_the_run_ends_although_a_thread_does_not(tmp_path: Path, signals: tuple[signal.Signals, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUCK],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        began = time.monotonic()
        for number in signals:
            process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert time.monotonic() - began < 10  # two seconds on a machine that is not busy
    assert err.count(b"interrupted") == 1
    assert list(tmp_path.iterdir()) == []


CUT_OFF = """
import asyncio, gc, signal
from mailaudit.cli import program
gc.freeze = gc.collect  # as after a run that has looked into a list
async def stuck():
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(60)
async def main():
    async def ends():
        signal.raise_signal(signal.SIGINT)
    ending = asyncio.create_task(ends())
    await asyncio.gather(stuck(), ending, asyncio.gather(ending))
program.program.main = lambda *args, **more: asyncio.run(main())
program.main([])
"""


def test_nothing_is_told_of_what_is_cut_off() -> None:
    done = subprocess.run([sys.executable, "-c", CUT_OFF], capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stderr.strip()) == (130, "mailaudit: interrupted")
