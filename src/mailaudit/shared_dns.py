"""The DNS answers, and all else that several audits share."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from mailaudit.facts.shared import SharedFacts
from mailaudit.options import DnsOptions
from mailaudit.prepare import resolver_of

if TYPE_CHECKING:
    from mailaudit.facts.dns.resolver import CachingResolver


class SharedDns:
    """Asks each question and observes what they share once for all audits of one event loop; an asynchronous context manager.

    Audits share answers as far as these come from the same place. Each report lists the answers of its own audit only.
    """

    def __init__(self) -> None:
        self._open: dict[DnsOptions, CachingResolver] = {}
        self.shared = SharedFacts()

    def resolver(self, dns: DnsOptions) -> CachingResolver:
        """Return the resolver of one audit; raises `InputError` for files that cannot be used."""
        place = replace(dns, zones=tuple(Path(os.path.realpath(zone)) for zone in dns.zones))
        if place not in self._open:
            self._open[place] = resolver_of(dns)
        return self._open[place].share()

    async def __aenter__(self) -> Self:
        """Return the answers themselves."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every resolver, and write the recordings."""
        for resolver in self._open.values():
            await resolver.close()
