"""Time the audit of twenty campaigns of one platform against that of one, in processor time, and print the ratios.

Run `python benchmarks/fleet.py [RUNS]`.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "platform"
COUNT = 20
FILES = ("unsubscribed.csv", "message.eml", "dns/sender.zone", "dns/recipients.zone", "recipients.csv")


def campaigns(folder: Path, *, share: tuple[str, ...]) -> None:
    """Write twenty campaigns that use the files `share` of one folder, and copies of the others."""
    shared = folder / "shared"
    shutil.copytree(EXAMPLE, shared, ignore=shutil.ignore_patterns("campaign.yml"))
    text = (EXAMPLE / "campaign.yml").read_text(encoding="utf-8")
    for name in share:
        text = text.replace(name, f"../shared/{name}")
    for number in range(COUNT):
        own = folder / f"client-{number:02}"
        own.mkdir()
        (own / "campaign.yml").write_text(text, encoding="utf-8")
        for name in set(FILES) - set(share):
            shutil.copy(shared / name, own / name)


def seconds(*targets: Path) -> float:
    """Return the processor time of one run, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "mailaudit", "check", "--no-history", "-q", *map(str, targets)]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the medians and the ratios."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for what, share in (("one list", FILES), ("a list each", FILES[:-1])):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            campaigns(folder, share=share)
            pairs = [(seconds(folder / "client-00"), seconds(folder)) for _ in range(runs)]
        one, twenty = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{COUNT} campaigns, {what:12} one {one:5.2f} s, all {twenty:5.2f} s, ratio {twenty / one:4.2f}")
    print("(with one list the ratio must stay at or below 2)")


if __name__ == "__main__":
    main()
