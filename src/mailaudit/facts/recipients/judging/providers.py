"""Groups recipients by who really receives for them: by MX host where DNS told, else by domain."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.model import DomainShare, ProviderShare
from mailaudit.facts.sender.names import organizational_domain
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
    """Create `owner(d, p)`, the index of each domain's provider; return the shares (largest first) and the names.

    What DNS told (`asked`, in the table `told`) wins over the table of domains.
    """
    work = found.work
    work.create("provider_domain")
    kinds = ("VARCHAR", "VARCHAR", "TINYINT")
    work.fill(
        "provider_domain",
        kinds,
        ((domain, one.id, 1) for domain, one in found.that_matter(provider_domains()).items()),
    )
    if asked:
        work.run("INSERT INTO provider_domain SELECT d, owner, 0 FROM told WHERE owner IS NOT NULL")
    work.run(
        "CREATE TABLE owned AS SELECT domain.d, n, coalesce(best.name, ?) AS name FROM domain LEFT JOIN "
        "(SELECT d, arg_min(name, rank) AS name FROM provider_domain GROUP BY d) AS best USING (d)",
        OTHER,
    )
    counted = work.rows(
        "SELECT name, sum(n)::BIGINT FROM owned GROUP BY name ORDER BY name = ?, sum(n) DESC, name", OTHER
    )
    total = found.unique
    shares = tuple(ProviderShare(name, count, count / total) for name, count in counted)
    return shares, tuple(name for name, _ in counted)


def sites(found: ListCounts, *, asked: bool) -> tuple[str, ...]:
    """Create `site(d, n, name)` of the domains of no known provider; return the names with the most recipients.

    Domains whose first mail server lies under one registered domain are one site; a domain of which DNS tells no server is
    one by itself.
    """
    work = found.work
    server, answers = ("coalesce(mx, owned.d)", "LEFT JOIN told USING (d)") if asked else ("d", "")
    work.run(
        f"CREATE TABLE site AS SELECT owned.d, n, {server} AS name FROM owned {answers} WHERE name = ?", OTHER
    )
    if asked:
        hosts = [host for (host,) in work.rows("SELECT DISTINCT mx FROM told WHERE mx IS NOT NULL")]
        work.create("registered")
        rows = ((host, organizational_domain(host)) for host in hosts)
        work.fill("registered", ("VARCHAR", "VARCHAR"), rows)
        work.run("UPDATE site SET name = registered.name FROM registered WHERE site.name = registered.host")
    largest = work.rows("SELECT name FROM site GROUP BY name ORDER BY sum(n) DESC, name LIMIT ?", _MOST_SITES)
    return tuple(name for (name,) in largest)


def sequence(found: ListCounts, names: Sequence[str]) -> npt.NDArray[np.uint16]:
    """Return the index in `names`, providers and sites, of every valid row, in list order; all others are `other`."""
    import numpy as np  # noqa: PLC0415 - heavy, and needed only for a campaign with a schedule

    end = found.files[-1].end if found.files else 0
    default = names.index(OTHER) if OTHER in names else 0
    found.work.run(
        "CREATE TABLE provider_name AS SELECT unnest(?::VARCHAR[]) AS name, unnest(range(?))::USMALLINT AS p",
        list(names),
        len(names),
    )
    # The many domains of nobody we know need no look-up: what the small table lacks is theirs.
    found.work.run(
        "CREATE TABLE seat AS SELECT d, p FROM (SELECT d, name FROM owned WHERE name <> ? UNION ALL "
        "SELECT d, name FROM site) JOIN provider_name USING (name)",
        OTHER,
    )
    listed = np.full(end, _NONE, dtype=np.uint16)
    for begin in range(0, end, _CHUNK):
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
    top = found.work.rows(
        "SELECT d, n FROM domain WHERE d NOT IN (SELECT d FROM provider_domain WHERE rank = 1) ORDER BY n DESC, d LIMIT 1"
    )
    if not top:
        return None
    domain, count = top[0]
    return DomainShare(domain, count, count / found.unique)
