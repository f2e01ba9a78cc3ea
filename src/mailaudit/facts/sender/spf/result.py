"""What SPF gives for one address, with its working."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mailaudit.facts.sender.spf.lookups import IpAddress


class SpfResult(StrEnum):
    """The seven results (RFC 7208, section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result of SPF
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One term that was tried: whose record (`domain`), how deep in includes, and what came of it."""

    depth: int
    domain: str
    term: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SpfVerdict:
    """What a receiver computes for one address, with its working.

    `domain` is the identity that was judged (MAIL FROM or HELO). `reason` tells why in a sentence fragment.
    `lookups` and `void_lookups` count what this evaluation used; `explanation` is the domain's own text on a fail.
    `doubt` names a reverse look-up that failed: the standard passes over it, but with an answer the result may differ.
    """

    ip: IpAddress
    domain: str
    result: SpfResult
    reason: str
    lookups: int = 0
    void_lookups: int = 0
    explanation: str | None = None
    trace: tuple[TraceStep, ...] = ()
    doubt: str | None = None

    def __str__(self) -> str:
        """Return the domain and the address that were judged."""
        return f"{self.domain} from {self.ip}"
