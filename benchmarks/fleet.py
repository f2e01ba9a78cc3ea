"""Time the audit of twenty campaigns of one platform against that of one, by the processor and by the clock.

Run `python benchmarks/fleet.py [RUNS]`.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "platform"
COUNT = 20
FILES = ("unsubscribed.csv", "message.eml", "dns/sender.zone", "dns/recipients.zone", "recipients.csv")
SMALL = 100


def campaigns(folder: Path, *, share: tuple[str, ...], rows: int | None = None) -> None:
    """Write twenty campaigns that use the files `share` of one folder, and copies of the others; perhaps with so few rows."""
    shared = folder / "shared"
    shutil.copytree(EXAMPLE, shared, ignore=shutil.ignore_patterns("campaign.yml"))
    people = (shared / "recipients.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (shared / "recipients.csv").write_text("".join(people[: rows and rows + 1]), encoding="utf-8")
    text = (EXAMPLE / "campaign.yml").read_text(encoding="utf-8")
    for name in share:
        text = text.replace(name, f"../shared/{name}")
    for number in range(COUNT):
        own = folder / f"client-{number:02}"
        own.mkdir()
        (own / "campaign.yml").write_text(text, encoding="utf-8")
        for name in set(FILES) - set(share):
            shutil.copy(shared / name, own / name)


def seconds(*targets: Path) -> tuple[float, float]:
    """Return the time of one run, in seconds: the processor's, and that which passes."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "mailaudit", "check", "--no-history", "-q", *map(str, targets)]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - began


def main() -> None:
    """Print the medians and the ratios."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    kinds = (
        ("one list", FILES, None),
        ("a list each", FILES[:-1], None),
        ("a small list each", FILES[:-1], SMALL),
    )
    for what, share, rows in kinds:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            campaigns(folder, share=share, rows=rows)
            pairs = [(seconds(folder / "client-00"), seconds(folder)) for _ in range(runs)]
        for at, unit in enumerate(("CPU", "clock")):
            one, twenty = (statistics.median(run[at] for run in runs_of) for runs_of in zip(*pairs, strict=True))
            told = f"one {one:5.2f} s, all {twenty:5.2f} s, ratio {twenty / one:4.2f}"
            print(f"{COUNT} campaigns, {what:17} {unit:5} {told}")
    print("(by the clock, every ratio must stay at or below 2)")


if __name__ == "__main__":
    main()
