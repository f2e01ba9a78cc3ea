"""What a run of the bulk engine knows of its servers, and of the questions under way there."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.bulk.answers import Parsed
from mailaudit.facts.dns.bulk.pace import Pace, Round
from mailaudit.facts.dns.sources.servers import Server

# A server that was silent for so many seconds from the beginning, or later on, is out; and so is one that refused so many
# questions and answered none.
DEAD_AFTER, DEAD_LATER = 3.0, 8.0
MOST_REFUSALS = 100


@dataclass(slots=True)
class Asked:
    """A question: how often it was lost, and whether an answer is waited for; `round` is that in which it was first sent."""

    name: str
    question: bytes
    attempt: int = 0
    round: Round | None = None
    is_waiting: bool = False
    is_done: bool = False


# A question that was sent: where, under which identifier, and until when it is waited for.
Sent = tuple["Line", int, Asked, float]


@dataclass(slots=True)
class Line:
    """A socket to one server, and what was sent there, by identifier: the question, and at which attempt."""

    server: Peer
    socket: socket.socket
    waiting: dict[int, tuple[Asked, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Peer:
    """A server as this run knows it; `asked_at` is the time of the first question since it was last heard of."""

    server: Server
    pace: Pace
    lines: list[Line] = field(default_factory=list)
    asked_at: float | None = None
    has_answered: bool = False
    refusals: int = 0
    is_out: bool = False

    def heard(self, found: Parsed) -> None:
        """Take down an answer; who refuses everything is out."""
        self.asked_at = None
        if found.status is Status.REFUSED and not self.has_answered:
            self.refusals += 1
            self.is_out = self.refusals >= MOST_REFUSALS
        else:
            self.has_answered = True

    def check(self, now: float) -> None:
        """Leave the server out when it was silent for too long."""
        patience = DEAD_LATER if self.has_answered else DEAD_AFTER
        self.is_out = self.is_out or (self.asked_at is not None and now - self.asked_at > patience)
