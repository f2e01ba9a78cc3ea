"""Groups recipients by the mailbox provider that receives for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from mailaudit.facts.recipients.model import ProviderShare

# Who receives for a domain that belongs to no provider we know, and for one that was not looked up.
OTHER = "other"
UNKNOWN = "unknown"

ByDomain = Callable[[str], str | None]


def group(
    domains: Sequence[str], recipients: Iterable[int], by_domain: ByDomain | None = None
) -> tuple[tuple[ProviderShare, ...], tuple[str, ...], npt.NDArray[np.uint16]]:
    """Return the shares (largest first), the provider names and, for each domain, the index of its provider.

    Without `by_domain` there are no shares, and every domain belongs to the provider `unknown`.
    """
    if by_domain is None:
        return (), (UNKNOWN,), np.zeros(len(domains), dtype=np.uint16)
    counts: dict[str, int] = {}
    owners: list[str] = []
    for domain, number in zip(domains, recipients, strict=True):
        owner = by_domain(domain) or OTHER
        owners.append(owner)
        counts[owner] = counts.get(owner, 0) + number
    names = sorted(counts, key=lambda name: (name == OTHER, -counts[name], name))
    total = sum(counts.values())
    shares = tuple(ProviderShare(name, counts[name], counts[name] / total if total else 0.0) for name in names)
    index = {name: at for at, name in enumerate(names)}
    return (
        shares,
        tuple(names),
        np.fromiter((index[owner] for owner in owners), dtype=np.uint16, count=len(owners)),
    )
