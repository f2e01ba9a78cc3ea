"""Identifier alignment: whether an authenticated domain is close enough to the From domain.

Sources: RFC 9989, section 4.10.2 (by the tree walk); RFC 7489, section 3.1 (by the public suffix list).
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.dmarc.discovery import Discovery, Published, walk_organization
from mailaudit.facts.sender.dmarc.record import Alignment
from mailaudit.facts.sender.names import organizational_domain


class Mechanism(StrEnum):
    """What authenticates a domain."""

    SPF = "spf"
    DKIM = "dkim"


class Identifier(Struct, frozen=True):
    """A domain that SPF (MAIL FROM) or DKIM (`d=`) authenticates."""

    mechanism: Mechanism
    domain: str


class Aligned(Struct, frozen=True):
    """Whether an identifier is aligned with the From domain, as each kind of receiver computes it.

    `mode` is what the record asks for. Without any record both answers are by the public suffix list, relaxed:
    they tell what a record would find. `is_related` says whether both have one registrable domain.
    """

    identifier: Identifier
    mode: Alignment
    tree_walk: Observed[bool]
    suffix_list: bool
    is_related: bool = True

    def __str__(self) -> str:
        """Return the domain that is authenticated."""
        return self.identifier.domain

    @property
    def fails_by_strictness(self) -> bool:
        """Whether nothing but strict alignment keeps it from counting."""
        return self.mode is Alignment.STRICT and self.is_related and not self.suffix_list


def align(
    identifier: Identifier, author: str, discovery: Observed[Discovery], published: Mapping[str, Published]
) -> Aligned:
    """Compare an identifier with the author domain."""
    record = discovery.value.record if discovery.value else None
    mode = Alignment.RELAXED
    if record:
        mode = record.aspf if identifier.mechanism is Mechanism.SPF else record.adkim
    domain = identifier.domain
    is_related = organizational_domain(domain) == organizational_domain(author)
    by_list = domain == author or (mode is Alignment.RELAXED and is_related)

    def by_walk() -> bool:
        if domain == author or discovery.get().record is None:
            return by_list
        return (
            mode is Alignment.RELAXED
            and walk_organization(domain, published) == discovery.get().organizational_domain
        )

    return Aligned(identifier, mode, Observed.of(by_walk), by_list, is_related)
