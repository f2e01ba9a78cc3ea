"""Fuzzes until the time is over: `PYTHONPATH=tests python -m fuzz --seconds 60`.

Every input follows from `--seed` and its number, so that `--only NUMBER` makes it again; what was found is kept in `--keep`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fuzz.fuzzer import Fuzzer, TookTooLong
from fuzz.seeds import seeds

SECONDS_EACH = 30


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def end(*_: object) -> None:
        raise TookTooLong(f"it took longer than {seconds} s")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def main() -> int:
    """Fuzz, tell what was found, and return 1 if anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", type=int, help="this input alone")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "mailaudit-fuzz")
    chosen = parser.parse_args()
    os.environ["XDG_CACHE_HOME"] = str(chosen.keep)
    fuzzer = Fuzzer(seeds(), chosen.seed)
    _tell(f"fuzz: seed {chosen.seed}, {chosen.seconds:g} s")
    until = time.monotonic() + chosen.seconds
    number, failed = chosen.only or 0, 0
    while True:
        failed += not _holds(fuzzer, number, chosen.seed, chosen.keep)
        number += 1
        if chosen.only is not None or time.monotonic() > until:
            break
    _tell(f"fuzz: {number} inputs, {failed} on which a promise was broken")
    return 1 if failed else 0


def _holds(fuzzer: Fuzzer, number: int, seed: int, keep: Path) -> bool:
    with tempfile.TemporaryDirectory(prefix="mailaudit-fuzz-") as folder:
        try:
            with _within(SECONDS_EACH):
                found = list(dict.fromkeys(fuzzer.broken_promises(number, Path(folder))))
        except TookTooLong as error:
            found = [str(error), *traceback.format_exception(error)[-4:]]
        if found:
            _tell(f"fuzz: --seed {seed} --only {number}", *found)
            shutil.copytree(folder, keep / f"{seed}-{number}", dirs_exist_ok=True)
        return not found


def _tell(*lines: str) -> None:
    sys.stdout.write("\n  ".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
