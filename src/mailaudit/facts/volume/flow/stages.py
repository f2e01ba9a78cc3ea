"""Mail that stops when a day's share is used up, and goes on at the same time of the next day."""

from datetime import datetime, timedelta

from mailaudit.facts.volume.flow.clock import Clock
from mailaudit.facts.volume.flow.pace import LONGEST_S, Pace
from mailaudit.facts.volume.flow.sending_hours import DAY, Opening
from mailaudit.facts.volume.flow.stream_math import Run, Runs

# More stages than this are no plan that anybody follows.
MOST_STAGES = 2_000


def staged_runs(  # noqa: PLR0917 - what is sent, and when
    pace: Pace, opening: Opening, clock: Clock, begin: int, messages: int, room: int, days: int = 1
) -> Runs | None:
    """Return the stream from tick `begin` on with at most `room` messages in so many days; nothing when it never ends.

    A stage begins at the time of day of the first message, and late enough that no sliding window of these days holds
    more: one day of 23 hours makes one stage begin an hour late. A stage that holds fewer messages than it may leaves some
    over: by so many steps the next one begins earlier again.
    """
    step = max(clock.ticks(pace.step), 1)
    share, left, due = max(room // pace.size, 1), -(-messages // pace.size), begin
    runs: list[Run] = []
    epoch = clock.epoch(begin)
    for opens, closes in opening.stretches(epoch, epoch + LONGEST_S):
        first, high = max(clock.tick_of_epoch(opens), due), clock.tick_of_epoch(closes)
        while left > 0 and first < high and len(runs) < MOST_STAGES:
            sent = min(share, left, -(-(high - first) // step))
            runs.append(Run(first, step, sent, pace.size))
            left -= sent
            due = first = _again(runs[-1], share, clock, begin, days)
        if left <= 0 or len(runs) >= MOST_STAGES:
            break
    return Runs(runs, messages) if left <= 0 else None


def _again(last: Run, share: int, clock: Clock, begin: int, days: int) -> int:
    day = clock.instant(last.first).date() + timedelta(days=days)
    same_time = clock.tick(datetime.combine(day, clock.instant(begin).time(), clock.zone))
    free = last.first + clock.ticks(days * DAY) - (share - last.beats) * last.step
    return max(same_time, free, last.first + last.beats * last.step)
