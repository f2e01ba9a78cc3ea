"""The public suffix list, read once: below which suffixes names are registered."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def public_suffixes(*, only_icann: bool = False) -> PublicSuffixList:
    """Return the list, perhaps without the suffixes of companies; what is not on it is no suffix."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - a large list, needed only with recipients

    return PublicSuffixList(accept_unknown=False, only_icann=only_icann)
