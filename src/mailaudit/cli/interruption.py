"""Ctrl-C, SIGTERM and SIGHUP end the run within two seconds, whatever a worker is doing, and leave nothing behind."""

import atexit
import contextlib
import os
import signal
import sys
import threading

from mailaudit.cli.streams import say

INTERRUPTED = 130
# What a run needs to let go of its files in good order; after that it is ended.
GRACE_S = 1.5
_TOLD = threading.Event()


class Interruption:
    """What a signal does: the first one interrupts, and the others change nothing."""

    def __init__(self) -> None:
        self._has_begun = False

    def begin(self, *_: object) -> None:
        """Raise `KeyboardInterrupt`, and see to it that the run ends even when a thread does not."""
        if self._has_begun:
            return
        self._has_begun = True
        watchdog = threading.Timer(GRACE_S, _end)
        watchdog.daemon = True
        watchdog.start()
        _say_nothing_of_what_is_cut_off()
        raise KeyboardInterrupt


def _say_nothing_of_what_is_cut_off() -> None:
    """Keep tasks that are dropped in the midst of their work from telling so in tracebacks."""
    import logging  # noqa: PLC0415 - keeps --help light
    import warnings  # noqa: PLC0415 - as above

    logging.getLogger("asyncio").disabled = True
    sys.unraisablehook = lambda _: None
    warnings.simplefilter("ignore")


def watch_for_signals() -> None:
    """Handle the signals that mean the end; one that the caller ignores, as `nohup` does, stays ignored.

    Only Ctrl-C is taken up again: shells ignore it for what runs in the background, where SIGTERM must still end it.
    """
    interruption = Interruption()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # there is no SIGHUP on Windows
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with contextlib.suppress(ValueError):  # called from another thread than the first one
                signal.signal(number, interruption.begin)


def tell_interrupted() -> None:
    """Say that the run was interrupted, once."""
    if not _TOLD.is_set():
        _TOLD.set()
        say("mailaudit: interrupted")


def _end() -> None:
    tell_interrupted()
    with contextlib.suppress(Exception):
        atexit._run_exitfuncs()  # noqa: SLF001 - removes the temporary folders, which `os._exit` would leave
    os._exit(INTERRUPTED)
