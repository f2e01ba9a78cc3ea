"""Who may send by the SPF record of a domain in one world and not in another."""

from mailaudit.checks.remedy import SpfProof
from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.spf.lookup_tree import NodeState
from mailaudit.remedies.spf.networks import EVERYBODY, AddressSet, written
from mailaudit.remedies.spf.senders import Senders, senders_of, surveyor

_MOST = 30
_EVERYBODY_ELSE = "everybody else"


async def spf_table(domain: str, before: Resolver, after: Resolver, lookups: int) -> SpfProof:
    """Return the difference between two worlds; `lookups` are those of the second."""
    old, new = await published_senders(domain, before), await published_senders(domain, after)
    return SpfProof(
        gains=_told(new.passes - old.passes, new.opaque - old.opaque, new.passes),
        loses=_told(old.passes - new.passes, old.opaque - new.opaque, old.passes),
        lookups=lookups,
        unverified=tuple(sorted(old.unverified | new.unverified)),
    )


async def published_senders(domain: str, dns: Resolver) -> Senders:
    """Return who may send by what a domain publishes: nobody without exactly one record that can be read."""
    tree = await surveyor(dns).survey(domain)
    if tree.state is NodeState.UNAVAILABLE:
        return Senders(unverified=frozenset({f"{domain} TXT"}))
    return senders_of(tree, limited=True)


def _told(passes: AddressSet, opaque: frozenset[str], whole: AddressSet) -> tuple[str, ...]:
    if whole.v4 == EVERYBODY.v4 or whole.v6 == EVERYBODY.v6:
        return (_EVERYBODY_ELSE, *sorted(opaque)) if passes else tuple(sorted(opaque))
    named = [written(one) for one in passes.networks()]
    more = (f"and {len(named) - _MOST:,} more networks",) if len(named) > _MOST else ()
    return (*named[:_MOST], *more, *sorted(opaque))


async def draft_changes(facts: Facts, before: Resolver, after: Resolver) -> tuple[tuple[str, SpfProof], ...]:
    """Return what draft zone files change for the domains that SPF judges, and for the organization's own."""
    sender = facts.sender
    helo = facts.campaign.sending.helo
    names = dict.fromkeys((*sender.mail_from_domains, sender.from_domain, sender.organizational_domain, helo))
    found = []
    for name in filter(None, names):
        survey = await surveyor(after).survey(name)
        proof = await spf_table(name, before, after, survey.lookups)
        if name in sender.mail_from_domains or proof.gains or proof.loses:
            found.append((name, proof))
    return tuple(found)
