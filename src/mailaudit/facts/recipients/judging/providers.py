"""Groups recipients by who really receives for them: by MX host where DNS told, else by domain."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.model import DomainShare, ProviderShare
from mailaudit.facts.recipients.progress import SEATED
from mailaudit.knowledge.receivers import provider_by_mx, provider_domains

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Whoever receives for a domain that belongs to no provider we know.
OTHER = "other"
_CHUNK = 500_000
_NONE = 0xFFFF
# So many receivers that are no known provider are looked at alone.
_MOST_SITES = 50


def provider_of_hosts(hosts: Iterable[str]) -> str | None:
    """Return the provider that runs all MX hosts; one host that is somebody else's, and it is nobody."""
    owners = {found.id if (found := provider_by_mx(host)) else None for host in hosts}
    return owners.pop() if len(owners) == 1 else None


def assign(found: ListCounts, *, asked: bool) -> tuple[tuple[ProviderShare, ...], tuple[str, ...]]:
    """Create `owned`, the provider of each domain; return the shares (largest first) and the names.

    What DNS told (`asked`, in the table `told`) wins over the table of domains.
    """
    work = found.work
    work.put("provider_domain", ((d, one.id) for d, one in found.that_matter(provider_domains()).items()))
    owner, site = ("told.owner", "coalesce(told.site, domain.d)") if asked else ("NULL", "domain.d")
    answers = "LEFT JOIN told ON told.d = domain.d" if asked else ""
    work.made(
        "owned",
        f"SELECT domain.d, n, coalesce({owner}, known.name, ?) AS name, {site} AS site, known.name IS NULL AS is_company "
        f"FROM domain LEFT JOIN provider_domain AS known ON known.d = domain.d {answers}",
        OTHER,
    )
    counted = work.rows(
        "SELECT name, sum(n)::BIGINT FROM owned GROUP BY name ORDER BY name = ?, sum(n) DESC, name", OTHER
    )
    total = found.unique
    shares = tuple(ProviderShare(name, count, count / total) for name, count in counted)
    return shares, tuple(name for name, _ in counted)


def sites(found: ListCounts) -> tuple[str, ...]:
    """Return the sites with the most recipients among the domains of no known provider.

    Domains whose first mail server lies under one registered domain are one site; a domain of which DNS tells no server is
    one by itself.
    """
    largest = found.work.rows(
        "SELECT site FROM owned WHERE name = ? GROUP BY site ORDER BY sum(n) DESC, site LIMIT ?",
        OTHER,
        _MOST_SITES,
    )
    return tuple(name for (name,) in largest)


def sequence(found: ListCounts, names: Sequence[str]) -> npt.NDArray[np.uint16]:
    """Return the index in `names`, providers and sites, of every valid row, in list order; all others are `other`."""
    import numpy as np  # noqa: PLC0415 - heavy, and needed only for a campaign with a schedule

    end = found.files[-1].end if found.files else 0
    default = names.index(OTHER) if OTHER in names else 0
    # The many domains of nobody we know need no look-up: what the small table lacks is theirs.
    found.work.made(
        "seat",
        "SELECT d, name, p FROM (SELECT d, CASE WHEN name = ? THEN site ELSE name END AS name FROM owned) JOIN "
        "(SELECT unnest(?::VARCHAR[]) AS name, unnest(range(?))::USMALLINT AS p) USING (name)",
        OTHER,
        list(names),
        len(names),
    )
    listed = np.full(end, _NONE, dtype=np.uint16)
    for begin in range(0, end, _CHUNK):
        found.work.tell(SEATED.phase, round(SEATED.after * end + SEATED.of * begin), end)
        part = found.work.columns(
            f"SELECT r, coalesce(p, {default})::USMALLINT AS p FROM (SELECT r, split_part(k, '@', 2) AS d FROM mailed "
            f"WHERE r >= {begin} AND r < {begin + _CHUNK}) LEFT JOIN seat USING (d)"
        )
        listed[part["r"]] = part["p"]
    if any(file.split for file in found.files):
        lines = np.concatenate(
            [
                np.append(np.arange(f.first, f.end - len(f.split)), np.array(f.split, int) + f.first - 1)
                for f in found.files
            ]
        )
        listed = listed[np.argsort(lines, kind="stable")]
    count = 0
    for begin in range(0, end, _CHUNK):  # in place: a second array of a hundred million is a lot
        part_of = listed[begin : begin + _CHUNK]
        valid = part_of[part_of != _NONE]
        listed[count : count + len(valid)] = valid
        count += len(valid)
    return listed[:count]


def largest_company_domain(found: ListCounts) -> DomainShare | None:
    """Return the domain with the most recipients among those that belong to no mailbox provider."""
    top = found.work.rows("SELECT d, n FROM owned WHERE is_company ORDER BY n DESC, d LIMIT 1")
    if not top:
        return None
    domain, count = top[0]
    return DomainShare(domain, count, count / found.unique)
