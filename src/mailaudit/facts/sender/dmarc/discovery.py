"""Which DMARC record applies to a domain: by the DNS tree walk and by the public suffix list.

Sources: RFC 9989, section 4.10 (tree walk); RFC 7489, sections 3.2 and 6.6.3 (public suffix list).
"""

from collections.abc import Mapping

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, asked_at_once, is_lost
from mailaudit.facts.observed import Observed, Unavailable
from mailaudit.facts.sender.dmarc.record import DmarcRecord, Psd, parse, select
from mailaudit.facts.sender.lookalikes import Meant, lookalikes
from mailaudit.facts.sender.names import is_public_suffix, organizational_domain, parents

_MAX_WALK_LABELS = 7  # RFC 9989, section 4.10, step 4


class Discovery(Struct, frozen=True):
    """The record that applies and the organizational domain, by one of the two methods.

    `published_at` is the domain that publishes the record (without `_dmarc`), `record` is missing when there is
    none. `policy_of_parent` says that the record stands above the From domain, so that `sp` and `np` count. A record of
    the From domain itself decides even if a name above does not answer and leaves the `organization` unknown.
    """

    organization: Observed[str]
    published_at: str | None
    record: DmarcRecord | None
    policy_of_parent: bool = False

    @property
    def organizational_domain(self) -> str:
        """The organizational domain; raises `Unavailable` when a name that decides it did not answer."""
        return self.organization.get()


class Published(Struct, frozen=True):
    """The DMARC records at one domain, sorted, because those of an answer have no order (RFC 2181, section 5)."""

    domain: str
    answer: Answer

    def __str__(self) -> str:
        """Return the domain."""
        return self.domain

    @property
    def records(self) -> tuple[DmarcRecord, ...]:
        """Every DMARC record there; raises `Unavailable` when DNS did not answer."""
        return tuple(parse(text) for text in sorted(select(self.answer.texts())))

    @property
    def lookalikes(self) -> tuple[str, ...]:
        """TXT records there that were meant as DMARC records and do not count; raises `Unavailable`."""
        return lookalikes(self.answer.texts(), Meant.DMARC, select)

    @property
    def record(self) -> DmarcRecord | None:
        """The record that counts: several at one name are all discarded; raises `Unavailable`.

        A public suffix that does not answer counts as one without record: hardly any publishes one, and it never
        replaces the record of the domain itself. `lost` tells where that may be wrong.
        """
        if not self.answer.is_known and is_public_suffix(self.domain):
            return None
        records = self.records
        return records[0] if len(records) == 1 else None

    @property
    def lost(self) -> str | None:
        """Why it is not known whether a public suffix has a record, although somebody was asked."""
        failure = "" if self.answer.is_known else self.answer.failure
        return failure if is_lost(failure) and is_public_suffix(self.domain) else None


def walk_names(domain: str) -> tuple[str, ...]:
    """Return the domains whose `_dmarc` name a tree walk asks, at most eight, the starting point first."""
    above = parents(domain)
    return (domain, *above[max(0, len(above) - _MAX_WALK_LABELS) :])


async def ask_records(domain: str, dns: Resolver) -> dict[str, Published]:
    """Ask every name of the tree walk at once; the public suffix list never needs another one in practice."""
    names = walk_names(domain)
    answers = await asked_at_once(dns, (dns.query(f"_dmarc.{name}", "TXT") for name in names))
    return {name: Published(name, answer) for name, answer in zip(names, answers, strict=True)}


def by_tree_walk(domain: str, published: Mapping[str, Published]) -> Discovery:
    """Return what RFC 9989 finds; raises `Unavailable` when a name that decides it did not answer."""
    organization = Observed.of(lambda: walk_organization(domain, published))
    own = published[domain].record
    if own and not organization.is_known:
        return Discovery(organization, domain, own)
    return _above(domain, organization.get(), published)


def _above(domain: str, organization: str, published: Mapping[str, Published]) -> Discovery:
    for candidate in dict.fromkeys((domain, organization, *parents(organization)[:1])):
        record = published[candidate].record if candidate in published else None
        is_suffix = candidate not in {domain, organization}
        if record and (not is_suffix or record.psd is Psd.YES):
            return Discovery(Observed.known(organization), candidate, record, policy_of_parent=candidate != domain)
        if is_suffix and candidate in published and (lost := published[candidate].lost):
            raise Unavailable(lost)
    return Discovery(Observed.known(organization), None, None)


def walk_organization(domain: str, published: Mapping[str, Published]) -> str:
    """Return the organizational domain by the tree walk (RFC 9989, section 4.10.2); may raise `Unavailable`."""
    # The name itself must answer, even if it is a public suffix.
    published[domain].answer.known_records()
    highest = domain
    below: str | None = None
    for name in walk_names(domain):
        record, lost = published[name].record, published[name].lost
        if lost and highest not in {name, _one_below(domain, name)}:
            # Its record could have made the name below it the organization.
            raise Unavailable(lost)
        if record is not None:
            if record.psd is Psd.NO:
                return name
            if record.psd is Psd.YES:
                return _one_below(domain, name) if below is not None else domain
            highest = name
        below = name
    return highest


def by_suffix_list(domain: str, published: Mapping[str, Published]) -> Discovery:
    """Return what receivers that still follow RFC 7489 find; raises `Unavailable` as above."""
    published[domain].answer.known_records()
    organization = organizational_domain(domain)
    known = Observed.known(organization)
    for candidate in dict.fromkeys((domain, organization)):
        record = published[candidate].record if candidate in published else None
        if record:
            return Discovery(known, candidate, record, policy_of_parent=candidate != domain)
    return Discovery(known, None, None)


def _one_below(domain: str, ancestor: str) -> str:
    label = domain[: -len(ancestor) - 1].rpartition(".")[2]
    return f"{label}.{ancestor}"
