"""Other programs that a run starts: each has so many seconds, and none outlives the run."""

import atexit
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any


@contextmanager
def bounded_program(words: Sequence[str], seconds: float, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a program with pipes, which is killed with all that it started when its time or the run is over."""
    with subprocess.Popen(  # noqa: S603 - the callers' fixed commands
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, **more
    ) as running:
        end = partial(_end, running)
        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        # A run that a signal ends waits for no thread.
        atexit.register(end)
        try:
            yield running
        finally:
            timer.cancel()
            end()
            atexit.unregister(end)


def was_killed(running: subprocess.Popen[bytes]) -> bool:
    """Say whether a program was ended from outside, which waits until it has ended."""
    return running.wait() == -signal.SIGKILL


def _end(running: subprocess.Popen[bytes]) -> None:
    if running.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
