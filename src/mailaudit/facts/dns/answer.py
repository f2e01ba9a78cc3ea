"""The answer to one DNS question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct

from mailaudit.facts.observed import Unavailable

if TYPE_CHECKING:  # importing dnspython takes longer than reading most of our commands' input
    from dns.rdata import Rdata

T = TypeVar("T")


class Status(StrEnum):
    """How a question ended; the first three are knowledge, the others are not."""

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    TIMEOUT = "timeout"


NOBODY = frozenset({"zones", "offline", "recording"})
"""The `source` of an answer `refused` to which nobody was asked: no file holds it, and there is no network."""


FAILURES = {
    Status.TIMEOUT: "DNS timed out",
    Status.SERVFAIL: "the DNS server failed (SERVFAIL)",
    Status.REFUSED: "the DNS server refused",
}
"""Why a question has no answer."""

_NOT_ASKED = "nothing is known of"


def is_lost(failure: str) -> bool:
    """Say whether a failure means that somebody was asked: what no file holds, and nobody is asked, is no accident."""
    return bool(failure) and not failure.startswith(_NOT_ASKED)


class Answer(Struct, frozen=True):
    """What the world said about one name and type.

    `name` is lower case without the final dot, `type` upper-case text (`TXT`). `records` are the final records of
    that type, in wire order; `cname_chain` the names followed to reach them, the last one owning the records.
    `size` is the length in octets of the whole response message, `tcp` whether the answer needed TCP,
    `source` who answered (`zone acme.zone`, `127.0.0.1:53`, `offline`). `detail` says more about a failure.
    `authenticated` is the AD bit: the resolver says that it validated the answer (RFC 6840, section 5.8).
    """

    name: str
    type: str
    status: Status
    records: tuple[Rdata, ...] = ()
    cname_chain: tuple[str, ...] = ()
    ttl: int | None = None
    size: int | None = None
    tcp: bool = False
    source: str = ""
    detail: str | None = None
    authenticated: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the world answered, even if only "there is no such thing"."""
        return self.status in {Status.ANSWER, Status.NODATA, Status.NXDOMAIN}

    @property
    def lies_outside(self) -> bool:
        """Whether the run was told to ask zone files only, and none of them speaks about the name."""
        return self.status is Status.REFUSED and self.source == "zones"

    @property
    def failure(self) -> str:
        """A sentence fragment that tells why the question has no answer."""
        why = "no more was asked" if self.source == "mailaudit" else FAILURES.get(self.status, self.status.value)
        reason = f"{why} for"
        if self.status is Status.REFUSED and self.source in NOBODY:
            reason = _NOT_ASKED
        return f"{reason} {self.name} {self.type}" + (f": {self.detail}" if self.detail else "")

    def known_records(self) -> tuple[Rdata, ...]:
        """Return the records, empty for NODATA and NXDOMAIN; raises `Unavailable` when nobody answered."""
        if not self.is_known:
            raise Unavailable(self.failure)
        return self.records

    def texts(self) -> tuple[bytes, ...]:
        """Return each TXT record with its strings joined (RFC 7208, section 3.3), sorted; raises `Unavailable`.

        The records of an answer have no order (RFC 2181, section 5), and servers turn them round.
        """
        return tuple(sorted(b"".join(getattr(record, "strings", ())) for record in self.known_records()))


def readable(text: bytes) -> str:
    """Return a TXT record as its writer saw it: UTF-8, else the encoding in which old panels sent what was typed."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return text.decode(encoding)
        except UnicodeDecodeError:
            continue
    return text.decode("latin-1")  # a sign for every octet


class Resolver(Protocol):
    """The one seam through which everybody asks DNS."""

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the word of the field
        """Return the answer to one question; never raises for what the network does."""
        ...


async def asked_at_once(dns: Resolver, asking: Iterable[Awaitable[T]]) -> list[T]:
    """Return what each of several questions brings; where no server is asked nothing waits, and none needs a task."""
    if getattr(dns, "reaches_network", True):
        return await asyncio.gather(*asking)
    return [await one for one in asking]
