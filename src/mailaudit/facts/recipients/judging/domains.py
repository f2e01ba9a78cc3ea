"""What can be said of a domain without asking DNS: disposable, mistyped, or under no top-level domain that exists."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from mailaudit.facts.recipients.cells.misspellings import dead_endings, misspellings
from mailaudit.facts.recipients.cells.top_level import public_suffixes
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.sender.names import has_top_level
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.address import AddressesFile
from mailaudit.language.spoken import word

# What countries call the second level under which anybody registers a name. Governments, armies and universities have
# people at theirs (`gov.in`, `mil.no`).
_SECOND_LEVELS = tuple("asso biz co com firm gen ltd me ne net nom or org plc".split())
# Reserved for documentation (RFC 2606), and used by our own examples as if it existed.
_DOCUMENTATION = ("example",)
THROW_AWAY = word("a throw-away mailbox")


@kept
def disposable_domains() -> dict[str, None]:
    """Return the registrable domains of throw-away mailboxes."""
    import disposable_email_domains  # noqa: PLC0415 - a large list, needed only with recipients

    known = entries(AddressesFile)
    listed = {*disposable_email_domains.blocklist, *known.throw_away}
    allowed = {*disposable_email_domains.allowlist, *known.relays, *known.portals}
    # Who mistyped a provider's name asked for no throw-away mailbox.
    return dict.fromkeys(sorted(listed - allowed - misspellings().keys()))


def unknown_endings(found: ListCounts) -> tuple[str, ...]:
    """Return the last labels of the list's domains that are no top-level domain."""
    if found.few is None:
        rows = found.work.rows("SELECT DISTINCT split_part(d, '.', -1) FROM domain")
        endings = {tld for (tld,) in rows}
    else:
        endings = {name for name in found.few if "." not in name}
    return tuple(tld for tld in sorted(endings) if tld not in _DOCUMENTATION and not has_top_level(tld))


def bare_suffixes(found: ListCounts) -> tuple[str, ...]:
    """Return the domains of the list that are public suffixes of a country, such as `co.uk`, without a name before."""
    if found.few is not None and not any(
        name.partition(".")[0] in _SECOND_LEVELS and "." in name for name in found.few
    ):
        return ()
    listed = ", ".join(f"'{name}'" for name in _SECOND_LEVELS)
    short = found.work.rows(
        "SELECT d FROM domain WHERE strlen(split_part(d, '.', 2)) = 2 AND split_part(d, '.', 3) = '' "
        f"AND split_part(d, '.', 1) IN ({listed}) ORDER BY d"
    )
    if not short:
        return ()
    suffixes = public_suffixes(only_icann=True)
    return tuple(d for (d,) in short if suffixes.publicsuffix(d) == d)


def add_disposable(found: ListCounts) -> int:
    """Create `disposable(r, k)`, the first row of every recipient with a throw-away mailbox; return how many."""
    listed = list(found.that_matter(disposable_domains()))
    if not listed:
        return found.none(Kind.DISPOSABLE)
    found.work.run("CREATE TABLE disposable_name AS SELECT unnest(?::VARCHAR[]) AS name", listed)
    last = {count: f"array_to_string(string_split(d, '.')[-{count}:], '.')" for count in (2, 3)}
    names = "(SELECT name FROM disposable_name)"
    thrown_away = (
        f"SELECT d FROM domain WHERE d IN {names} UNION SELECT d FROM "
        # Only a name of three labels or more can lie below a listed one.
        "(SELECT d FROM domain WHERE contains(substr(d, instr(d, '.') + 1), '.')) "
        f"WHERE {last[2]} IN {names} OR {last[3]} IN {names}"
    )
    count = found.work.made("disposable_domain", thrown_away)
    return first_rows(found, Kind.DISPOSABLE, "disposable", f"'{THROW_AWAY}'", domains=count)


def add_typos(found: ListCounts) -> None:
    """Create `typo(r, k, why)`, the first row of every recipient whose domain looks mistyped.

    A known slip, and a domain under no top-level domain, is one however often it stands in the list; another domain is
    no slip when it is as frequent as the one that seems to be meant, or, where that does not stand in the list, when
    several people have it.
    """
    slips, endings = found.that_matter(misspellings()), found.that_matter(dict(dead_endings()))
    if not slips and not endings:
        found.none(Kind.TYPO)
        return
    found.work.put("misspelling", ((slip, one.meant, one.is_sure) for slip, one in slips.items()))
    found.work.put("dead_ending", endings.items())
    count = found.work.made(
        "typo_domain",
        "SELECT domain.d, misspelling.meant FROM domain "
        "JOIN misspelling ON domain.d = misspelling.slip LEFT JOIN domain AS right_one ON right_one.d = meant "
        "WHERE known OR domain.n < coalesce(right_one.n, 2)",
    )
    count += found.work.one(
        "INSERT INTO typo_domain SELECT d, substr(d, 1, length(d) - length(slip)) || meant FROM domain "
        "JOIN dead_ending ON split_part(d, '.', -1) = slip WHERE d NOT IN (SELECT d FROM typo_domain)"
    )
    first_rows(found, Kind.TYPO, "typo", "'did they mean ' || meant || '?'", domains=count)


def first_rows(found: ListCounts, kind: Kind, table: str, why: str, *, domains: int) -> int:
    """Count as a kind the first row of every recipient whose domain is among the `domains` of `<table>_domain(d, …)`."""
    if not domains:
        return found.none(kind)
    first = (
        f"SELECT min(r) AS r, k, any_value({why}) AS why FROM mailed "
        f"JOIN {table}_domain ON substr(k, instr(k, '@') + 1) = d GROUP BY k"
    )
    return found.add(kind, table, first, "why")
