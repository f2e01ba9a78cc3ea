"""Time `mailaudit --help` against a bare click program, in turn, and print the ratio.

Run `python benchmarks/startup.py [RUNS]`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

BARE = "import click; click.command()(lambda: None).main(['--help'])"
OURS = "from mailaudit.cli import main; main(['--help'])"


def seconds(code: str) -> float:
    """Return the wall time of one Python process that runs the code."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the medians and the ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    seconds(BARE), seconds(OURS)
    pairs = [(seconds(BARE), seconds(OURS)) for _ in range(runs)]
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for theirs, mine in pairs)
    print(f"bare click --help  {bare * 1000:7.1f} ms")
    print(f"mailaudit --help   {ours * 1000:7.1f} ms")
    print(f"ratio              {ratio:7.2f}  (must stay at or below 2)")


if __name__ == "__main__":
    main()
