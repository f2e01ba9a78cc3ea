"""Gathers DMARC for the From domain."""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.observed import Observed, Unavailable, those
from mailaudit.facts.sender.dmarc.alignment import Aligned, Identifier, Mechanism, align
from mailaudit.facts.sender.dmarc.discovery import Discovery, Published, ask_records, by_suffix_list, by_tree_walk
from mailaudit.facts.sender.dmarc.record import Policy
from mailaudit.facts.sender.dmarc.reports import ReportTarget, observe_reports


class DmarcFacts(Struct, frozen=True):
    """The DMARC of the From domain.

    `published` holds every name that was asked, `tree_walk` what receivers on RFC 9989 find, `suffix_list` what
    those still on RFC 7489 find. `existence` is the answer that tells whether the From domain exists at all,
    `aligned` how the MAIL FROM and `d=` domains stand to it, `reports` the domains that are to receive reports.
    """

    domain: str
    published: Mapping[str, Published]
    tree_walk: Observed[Discovery]
    suffix_list: Observed[Discovery]
    existence: Answer
    aligned: tuple[Aligned, ...] = ()
    reports: tuple[ReportTarget, ...] = ()

    @property
    def policy(self) -> Policy | None:
        """The policy that receivers on RFC 9989 apply; missing without a usable record; may raise `Unavailable`."""
        return self.policy_of(self.tree_walk.get())

    def policy_of(self, discovery: Discovery) -> Policy | None:
        """Return the policy that follows from a discovery (RFC 9989, section 4.10.1)."""
        record = discovery.record
        if record is None or (record.policy_is_broken and not record.rua):
            return None
        if record.policy_is_broken:
            return Policy.NONE
        policy = record.p
        if discovery.policy_of_parent:
            if record.np and not self.existence.is_known:
                raise Unavailable(self.existence.failure)
            missing = self.existence.status is Status.NXDOMAIN
            policy = (missing and record.np) or record.sp or record.p
        return policy.lowered if policy and record.testing else policy

    def alignment(self, mechanism: Mechanism) -> bool | None:
        """Say whether any domain that a mechanism authenticates is aligned; missing when none is known.

        Raises `Unavailable` when DNS did not answer.
        """
        found = [one for one in self.aligned if one.identifier.mechanism is mechanism]
        return bool(those(found, lambda one: one.tree_walk.get())) if found else None


async def observe_dmarc(domain: str, identifiers: Iterable[Identifier], dns: Resolver) -> DmarcFacts:
    """Return what is known about DMARC for a From domain; never raises for what DNS does."""
    wanted = tuple(dict.fromkeys(identifiers))
    walks, existence = await asyncio.gather(
        asyncio.gather(*(ask_records(name, dns) for name in dict.fromkeys((domain, *(i.domain for i in wanted))))),
        dns.query(domain, "TXT"),
    )
    published = MappingProxyType({name: found for walk in walks for name, found in walk.items()})
    tree_walk = Observed.of(lambda: by_tree_walk(domain, published))
    return DmarcFacts(
        domain=domain,
        published=published,
        tree_walk=tree_walk,
        suffix_list=Observed.of(lambda: by_suffix_list(domain, published)),
        existence=existence,
        aligned=tuple(align(identifier, domain, tree_walk, published) for identifier in wanted),
        reports=await _reports(tree_walk.value, dns),
    )


async def _reports(found: Discovery | None, dns: Resolver) -> tuple[ReportTarget, ...]:
    if found is None or found.record is None or found.published_at is None:
        return ()
    return await observe_reports(found.published_at, found.record, dns)
