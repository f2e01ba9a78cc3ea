"""The greedy shaper: every message at the earliest instant that all limits allow.

For a fixed order no schedule sends any message earlier. Say a schedule keeps the limits and its first k messages leave
no earlier than the shaper's. The shaper's message k + 1 waits only for the order, the opening, or a full window; a
window that is full of the shaper's messages would be full in that schedule too, for there they leave no earlier. So
message k + 1 leaves no earlier there either. A test repeats this by exhaustive search on small cases.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from mailaudit.facts.volume.flow.stream_math import Run
from mailaudit.facts.volume.windows.window import NEVER, Window

Stretches = Iterator[tuple[int, int]]


class Cap(Struct, frozen=True):
    """At most `maximum` messages in each window, of one class of messages or of all."""

    window: Window
    maximum: int
    of_class: int | None = None


@dataclass(slots=True)
class _Meter:
    """How much of one cap is used: when each burst counts no longer, oldest first, and how many messages it has."""

    cap: Cap
    bursts: deque[tuple[int, int]] = field(default_factory=deque)
    used: int = 0

    def room(self, tick: int) -> int:
        """Return how many messages may still leave at a tick."""
        while self.bursts and self.bursts[0][0] <= tick:
            self.used -= self.bursts.popleft()[1]
        return self.cap.maximum - self.used

    def take(self, tick: int, count: int) -> None:
        """Count messages that leave at a tick."""
        self.bursts.append((self.cap.window.frees(tick), count))
        self.used += count

    def frees(self) -> int:
        """Return the next tick at which something stops counting."""
        return self.bursts[0][0] if self.bursts else NEVER


def shape(count: int, caps: Sequence[Cap], openings: Stretches, classes: Sequence[int] | None = None) -> list[Run]:
    """Return the bursts that send `count` messages, in their order, as early as the caps and openings allow.

    `classes` gives each message's class, in sending order. An empty list means that nothing can ever be sent.
    Takes O(bursts) steps, and O(count) when a cap is of a class.
    """
    meters = [_Meter(cap) for cap in caps]
    general = [meter for meter in meters if meter.cap.of_class is None]
    special: dict[int, list[_Meter]] = {}
    for meter in meters:
        if meter.cap.of_class is not None:
            special.setdefault(meter.cap.of_class, []).append(meter)
    bursts: list[Run] = []
    sent = 0
    opened = next(openings, None)
    tick = opened[0] if opened else NEVER
    while sent < count and opened is not None:
        if tick >= opened[1]:
            opened = next(openings, None)
            tick = max(tick, opened[0]) if opened else NEVER
            continue
        room = min((meter.room(tick) for meter in general), default=count)
        fit = min(max(room, 0), count - sent)
        blocked = [meter for meter in general if meter.room(tick) <= 0]
        if special and classes is not None:
            fit, holders = _fitting(classes[sent : sent + fit], special, tick)
            blocked += holders
        if fit:
            for meter in general:
                meter.take(tick, fit)
            bursts.append(Run(tick, 1, 1, fit))
            sent += fit
            continue
        later = max((meter.frees() for meter in blocked), default=NEVER)
        if later >= NEVER:
            return []
        tick = later
    return bursts if sent == count else []


def _fitting(classes: Sequence[int], special: dict[int, list[_Meter]], tick: int) -> tuple[int, list[_Meter]]:
    """Take messages in order until one has no room in its class; return how many, and the meters that hold it up."""
    for offset, kind in enumerate(classes):
        meters = special.get(kind, ())
        full = [meter for meter in meters if meter.room(tick) <= 0]
        if full:
            return offset, full
        for meter in meters:
            meter.take(tick, 1)
    return len(classes), []
