"""Which servers still answer: a silent one is asked no more, so that a run ends soon."""

from dataclasses import dataclass

from mailaudit.facts.dns.sources.servers import Server

MAX_SILENCE = 6.0
"""Seconds without any sign of life after which a server that was asked counts as dead."""
_PROBE_AFTER = 0.3


@dataclass(slots=True)
class Health:
    """What this run knows about one server; times are those of the event loop's clock."""

    server: Server
    edns: bool = True
    is_out: bool = False
    waiting_since: float | None = None
    probed_at: float | None = None

    @property
    def gives_up_at(self) -> float:
        """When the server counts as dead unless it shows a sign of life."""
        return float("inf") if self.waiting_since is None else self.waiting_since + MAX_SILENCE

    @property
    def is_silent(self) -> bool:
        """Whether something was sent to it since its last sign of life."""
        return self.waiting_since is not None

    def sent(self, now: float) -> None:
        """Note that a message was sent."""
        if self.waiting_since is None:
            self.waiting_since = now

    def heard(self) -> None:
        """Note a sign of life."""
        self.waiting_since = None

    def check(self, now: float) -> None:
        """Take the server out if it was silent for too long."""
        if now >= self.gives_up_at:
            self.is_out = True

    def wants_probe(self, now: float) -> bool:
        """Whether to ask the silent server something that any server answers; at most six times before it is given up.

        So a server that waits for somebody's dead name servers is told from a server that is dead itself.
        """
        if self.waiting_since is None or now < self.waiting_since + _PROBE_AFTER:
            return False
        if self.probed_at is not None and now < self.probed_at + MAX_SILENCE / 6:
            return False
        self.probed_at = now
        return True
