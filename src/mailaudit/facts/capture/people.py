"""Recognises the people of a list among those whom the capture names only under its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mailaudit.facts.capture.identity import name_of
from mailaudit.facts.capture.model import Reached


class People:
    """Everybody who got a message; `meet` those whom the list and the suppression lists know."""

    def __init__(self, key: bytes, messages: Iterable[Iterable[str]]) -> None:
        self._key = key
        # A message that names somebody twice reaches him once.
        self.counts = Counter(name for message in messages for name in set(message))
        self.reached = Reached()

    @property
    def twice(self) -> int:
        """How many people got more than one message."""
        return sum(count > 1 for count in self.counts.values())

    def meet(
        self,
        listed: Iterable[tuple[str, bool]],
        stopped: Iterable[str],
        *,
        knows_refusals: bool,
        hides_refusals: bool = False,
    ) -> None:
        """Compare with everybody on the list, and whether he refused, and with the addresses that must not be mailed.

        Addresses are in the form in which lists compare them. `hides_refusals`: others are only known by their digests.
        """
        refusing, known, missed = set(), 0, 0
        for address, is_refused in listed:
            name = name_of(self._key, address)
            if name in self.counts:
                known += 1
                if is_refused:
                    refusing.add(name)
            elif not is_refused:
                missed += 1
        for address in stopped:
            name = name_of(self._key, address)
            if name in self.counts:
                refusing.add(name)
        strangers = len(self.counts) - known
        self.reached = Reached(
            len(refusing) if knows_refusals else None, hides_refusals and strangers > 0, strangers, missed
        )
