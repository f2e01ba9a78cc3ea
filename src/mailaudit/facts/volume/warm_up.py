"""How many messages may leave on each day when receivers are to get used to them."""

from __future__ import annotations

from collections.abc import Sequence

from mailaudit.knowledge.volume import warm_up


def daily_steps(messages: int, usual: int, schedule: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the campaign's messages for each day, as many days as it takes.

    A published `schedule` is followed to its end. Without one, and after it, each day may hold at most double the
    day before (less when the volume is large), beside the `usual` other mail of a day.
    """
    rule = warm_up()
    steps: list[int] = []
    left, before = messages, usual
    while left > 0:
        day = len(steps)
        allowed = max(rule.first_day, rule.after(before)) - usual
        step = min(schedule[day] if day < len(schedule) else allowed, left)
        steps.append(step)
        left -= step
        before = step + usual
    return tuple(steps)
