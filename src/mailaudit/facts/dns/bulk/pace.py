"""How fast one DNS server is asked: up to a limit, less while it cannot follow, and faster again when it can.

A network that loses one question in twenty loses it at every pace; a server that cannot follow loses what is too much. So the
pace is halved when much gets lost, and given back when as large a part gets lost at half the pace. Else it rises again by
equal steps (additive increase, multiplicative decrease: RFC 5681, section 3.1).
"""

from collections import deque
from dataclasses import dataclass, field

# Questions a second, below which nobody is asked.
SLOWEST = 200.0
# The pace is judged by what becomes of the questions of so many seconds, and of so many questions at least.
ROUND_S = 0.25
MIN_SENT = 100
# A part that is lost beyond what usually is, from which on a server seems not to follow.
MUCH = 0.1
# Of the limit, the step by which the pace rises after a round.
STEP = 0.05
# What may be sent at once after a pause, in seconds at the pace, and in questions.
_BURST_S, _BURST = 0.05, 50


@dataclass(slots=True)
class Round:
    """The questions that were sent for the first time from `begins` on, and how many of them are lost so far."""

    begins: float
    sent: int = 0
    lost: int = 0


@dataclass(slots=True)
class Pace:
    """The pace of one server: never above `limit` questions a second; times are those of the event loop's clock."""

    limit: float
    rate: float
    filled_at: float
    usual: float = 0.0
    _tokens: float = _BURST
    _before: float | None = None
    _changed_at: float = 0.0
    _rounds: deque[Round] = field(default_factory=deque)

    def has_room(self, now: float) -> bool:
        """Say whether a question may be sent."""
        passed = now - self.filled_at
        self._tokens = min(self._tokens + passed * self.rate, self.rate * _BURST_S + _BURST)
        self.filled_at = now
        return self._tokens >= 1

    def send(self, now: float) -> Round:
        """Take down that a question is sent, and return the round that it belongs to."""
        self._tokens -= 1
        last = self._rounds[-1] if self._rounds else None
        if last is None or (now - last.begins >= ROUND_S and last.sent >= MIN_SENT):
            last = Round(now)
            self._rounds.append(last)
        return last

    def judge(self, now: float, patience: float) -> None:
        """Judge the rounds of which every question was answered, or waited for through the `patience`."""
        while len(self._rounds) > 1 and self._rounds[1].begins + patience <= now:
            done = self._rounds.popleft()
            if done.sent and done.begins >= self._changed_at:
                self._take(done.lost / done.sent, now)

    def _take(self, lost: float, now: float) -> None:
        before, self._before = self._before, None
        if before is not None and lost > (before + max(0.0, 2 * before - 1)) / 2:
            # At half the pace a server that could not follow would lose 2 * before - 1, or nothing.
            self.usual = lost
            self._set(self.rate * 2, now)
        elif lost > self.usual + MUCH:
            self._before = lost
            self._set(self.rate / 2, now)
        else:
            self.usual = min(self.usual, lost)
            self.rate = min(self.limit, self.rate + self.limit * STEP)

    def _set(self, rate: float, now: float) -> None:
        self.rate = min(self.limit, max(min(SLOWEST, self.limit), rate))
        self._changed_at = now
