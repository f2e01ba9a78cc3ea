"""Domain names as text: lower case, A-labels, without the final dot."""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from dns.name import Name

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MAX_NAME_LENGTH = 253
MAX_LABEL_LENGTH = 63


_reading = Lock()


def _suffixes() -> PublicSuffixList:
    # A thread reads the list while the first answers are awaited; whoever needs it before must not read it again.
    with _reading:
        return _read_suffixes()


@cache
def _read_suffixes() -> PublicSuffixList:
    # The list costs tens of milliseconds to read, which commands that ask no DNS need not spend.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - see above

    return PublicSuffixList(accept_unknown=True)


@lru_cache(maxsize=2048)
def organizational_domain(name: str) -> str:
    """Return the registrable domain by the public suffix list; a public suffix itself is returned unchanged.

    Source: https://publicsuffix.org/, as RFC 7489, section 3.2, used it.
    """
    return _suffixes().privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Say whether nobody can register this very name (`com`, `co.uk`, a host's customer zone)."""
    return _suffixes().publicsuffix(name) == name


def parents(name: str) -> tuple[str, ...]:
    """Return the names above this one, the nearest first, without the root."""
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(1, len(labels)))


def is_at_or_under(name: str, ancestor: str) -> bool:
    """Say whether a name equals another one or lies below it."""
    return name == ancestor or name.endswith("." + ancestor)


def is_askable(name: str) -> bool:
    """Say whether a name can be put into a DNS question: no empty or overlong label, not too long as a whole."""
    labels = name.split(".")
    return len(name) <= MAX_NAME_LENGTH and all(0 < len(label) <= MAX_LABEL_LENGTH for label in labels)


def plain(name: Name) -> str:
    """Return a name out of a DNS record as lower-case text without the final dot; the root is empty text."""
    return name.to_text().lower().removesuffix(".")
