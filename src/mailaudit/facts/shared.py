"""What several audits of one run observe alike: their lists, their messages, their senders."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from mailaudit.campaign.section import Part
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.knowledge import load

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from mailaudit.facts.dns.resolver import CachingResolver

T = TypeVar("T")


class SharedFacts:
    """Observes a thing once for all audits of one event loop that ask the same of it."""

    def __init__(self) -> None:
        self._under_way: dict[str, tuple[CachingResolver, asyncio.Task[Any]]] = {}

    async def once(
        self, asked: object, dns: CachingResolver, observe: Callable[[CachingResolver], Coroutine[Any, Any, T]]
    ) -> T:
        """Return what is observed; the questions are listed as asked by every audit that uses it.

        `asked` is all on which the observation depends, beside who answers and what is known: its `repr` tells it whole.
        """
        key = repr((_real(asked), id(dns.source), load.directories()))
        if key not in self._under_way:
            part = dns.share()
            self._under_way[key] = part, asyncio.create_task(observe(part))
        part, observed = self._under_way[key]
        try:
            return cast("T", await asyncio.shield(observed))
        finally:
            dns.adopt(part)


def _real(value: object) -> object:
    """Return a value with files in place of their names: the same file may be written in several ways."""
    if isinstance(value, Path):
        return os.path.realpath(value), os.path.normpath(value)  # the second is how reports name it
    if isinstance(value, DatabaseUrl):
        return str(value), value.folder  # which hides its password, and what differs with it
    if isinstance(value, Part):
        return {name: _real(one) for name, one in value}
    return [_real(one) for one in value] if isinstance(value, list | tuple) else value
