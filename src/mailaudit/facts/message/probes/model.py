"""What was asked about the message, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mailaudit.facts.observed import Observed

if TYPE_CHECKING:
    from mailaudit.facts.https import Access, Fetched


class Wanted(Struct, frozen=True):
    """What is to be asked: links by way of `links`, the program SpamAssassin, the rspamd that answers at a URL."""

    links: Access | None = None
    spamassassin: bool = False
    rspamd: str | None = None

    def __bool__(self) -> bool:
        """Say whether anything is."""
        return bool(self.links or self.spamassassin or self.rspamd)


class AskedLink(Struct, frozen=True):
    """One link, its text, and what its server said; `answer` is unavailable when it said nothing that counts."""

    address: str
    text: str
    answer: Observed[Fetched]

    def __str__(self) -> str:
        """Return the address without what stands behind `?`."""
        return self.address.partition("?")[0]


class AskedLinks(Struct, frozen=True):
    """The links that were asked; `personal` ones never are, nor are those `beyond` the most that a run asks."""

    links: tuple[AskedLink, ...]
    personal: int
    beyond: int


class FilterRule(Struct, frozen=True):
    """One rule of a filter that the message met, with its points."""

    name: str
    points: float


class FilterVerdict(Struct, frozen=True):
    """What a filter says: the sum of points, from how many on it takes mail for doubtful and for spam, and why."""

    program: str
    points: float
    doubtful_from: float
    spam_from: float
    rules: tuple[FilterRule, ...]

    def __str__(self) -> str:
        """Return the name of the program."""
        return self.program


class Probes(Struct, frozen=True):
    """The answers; missing where nobody wanted them."""

    links: Observed[AskedLinks] | None = None
    filters: tuple[tuple[str, Observed[FilterVerdict]], ...] = ()
