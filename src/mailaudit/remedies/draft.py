"""Records that may put a problem right, before they are proven; and what they are made from."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.checks.remedy import TTL, Action, RecordChange, Stage
from mailaudit.facts.dns.answer import Answer, Resolver, Status, readable
from mailaudit.facts.dns.names import CONTROL
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.lookalikes import alias_target
from mailaudit.facts.sender.names import (
    is_at_or_under,
    is_public_suffix,
    is_shared_suffix,
    organizational_domain,
    parents,
)
from mailaudit.facts.sender.origin.daily_mail import is_shared


class Undecided(Exception):  # noqa: N818 - not an error: somebody has to decide
    """No record can be made; the text says what stands in the way, as a sentence fragment."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Draft(Struct, frozen=True):
    """Records to be proven; `notes` tell what was read into the old ones.

    `texts` are the SPF records, as meant, whose senders must not be lost, and `adds` the terms that are new. `ends`
    says that the finding must be gone with the records. `wait_days` is the least time until the condition of a later one
    can be told; `retires` names a DKIM key that the campaign does not sign with by then.
    """

    records: tuple[RecordChange, ...]
    notes: tuple[str, ...] = ()
    stage: Stage = Stage.NOW
    condition: str | None = None
    ends: bool = True
    texts: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    wait_days: int | None = None
    retires: str | None = None


class Moved(Struct, frozen=True):
    """Texts that stand at a wrong name, the records that go there because they are of no use, and a note."""

    texts: tuple[bytes, ...] = ()
    gone: tuple[RecordChange, ...] = ()
    notes: tuple[str, ...] = ()
    answer: Answer | None = None


class World(Struct, frozen=True):
    """What a draft is made from: the facts of the run and its answers."""

    facts: Facts
    dns: Resolver

    def is_own(self, name: str) -> bool:
        """Say whether a name lies in the zone of the organization of the From domain."""
        organization = organizational_domain(self.facts.sender.from_domain)
        if is_public_suffix(organization) or is_shared(organization):
            return False
        return is_at_or_under(name, organization)

    async def published(self, name: str, rdtype: str = "TXT") -> Answer:
        """Return what stands at a name where a record may be placed; raises `Undecided` where none may.

        A record stands beside no CNAME (RFC 1034, section 3.6.2), and only in a zone of the sender's: at an alias it
        has to stand where the alias leads to.
        """
        if not self.is_own(name):
            raise Undecided(f"{name} is not in a zone of yours")
        await self._require_zone(organizational_domain(name))
        answer = await self.dns.query(name, rdtype)
        is_alias = answer.type == "CNAME" and answer.records
        if (answer.cname_chain or is_alias) and await self._is_of_wildcard(answer):
            return replace(answer, status=Status.NODATA, records=(), cname_chain=())
        if rdtype == "CNAME":
            other = await self.dns.query(name, "TXT")
            if not other.cname_chain and not all(map(alias_target, other.texts() if other.is_known else ())):
                raise Undecided(f"{name} holds TXT records, and nothing can stand beside an alias (CNAME)")
        unfinished = self.facts.sender.wrong_names.unfinished_alias(answer)
        if unfinished:
            alias, meant = unfinished
            raise Undecided(
                f"the alias (CNAME) at {alias} lacks the final dot of its target, {meant}: mend that first"
            )
        if not answer.is_known and not answer.cname_chain:
            raise Undecided(answer.failure)
        aliases = (one for one in self.facts.sender.wrong_names.aliases if str(one) == answer.name)
        if rdtype != "CNAME" and not answer.cname_chain and any(one.cname.records for one in aliases):
            raise Undecided(
                f"{name} holds an alias (CNAME) too, and nothing can stand beside one: one of them has to go"
            )
        if answer.cname_chain and not all(map(self.is_own, answer.cname_chain)):
            target = answer.cname_chain[-1]
            raise Undecided(
                f"{name} is an alias (CNAME) of {target}, which belongs to somebody else: nothing can stand beside an alias,"
                f" so the owner of {target} has to publish the record, or the alias has to go"
            )
        if answer.cname_chain and not answer.is_known:
            raise Undecided(answer.failure)
        return answer

    async def _is_of_wildcard(self, answer: Answer) -> bool:
        """Say whether every name beside it answers the same: a record of the name's own takes its place."""
        nobody = await self.dns.query(f"{CONTROL}.{parents(answer.name)[0]}", answer.type)
        return (nobody.cname_chain, nobody.records) == (answer.cname_chain, answer.records)

    async def _require_zone(self, organization: str) -> None:
        """Raise `Undecided` for a name that a host gives to a customer, and that is no zone of the customer's."""
        suffix = parents(organization)[0] if "." in organization else ""
        if "." in suffix and is_shared_suffix(suffix):
            answer = await self.dns.query(organization, "SOA")
            if not answer.records or answer.cname_chain:
                raise Undecided(f"{organization} is no zone of yours, but a name in that of {suffix}")

    async def change(
        self, name: str, value: str, rdtype: str = "TXT", replaces: Iterable[str] = ()
    ) -> RecordChange:
        """Return one record at a name; raises `Undecided` where none may stand."""
        answer = await self.published(name, rdtype)
        place = answer.cname_chain[-1] if answer.cname_chain else answer.name
        old = tuple(sorted(replaces))  # the records of an answer have no order
        zone = await self.zone_of(place)
        if old and place != zone and await self._is_of_wildcard(answer):
            old = ()  # what every name says stays for the others
        action = Action.REPLACE if old else Action.ADD
        remembered = answer.ttl if old else None
        return RecordChange(action, zone, place, rdtype, value, TTL, old, remembered)

    async def alias(self, name: str, target: str) -> tuple[RecordChange, ...]:
        """Return an alias at a name, and what goes for it; raises `Undecided` where none may stand."""
        old = tuple(one.to_text() for one in (await self.published(name, "CNAME")).records)
        placed = await self.change(name, f"{target.rstrip('.')}.", "CNAME", old)
        other = await self.dns.query(name, "TXT")
        texts = other.texts() if other.is_known and not other.cname_chain else ()
        return placed, *(removed(placed.zone, name, readable(text), other.ttl) for text in texts)

    async def zone_of(self, name: str) -> str:
        """Return the zone in which a name lies: the organization's, unless a name between them has an SOA record."""
        organization = organizational_domain(name)
        for above in (name, *parents(name)):
            if above == organization:
                break
            if "_" not in above.removesuffix(organization):
                answer = await self.dns.query(above, "SOA")
                if answer.is_known and answer.records and not answer.cname_chain:
                    return above
        return organization

    async def moved(self, name: str) -> Moved:
        """Return the record that belongs to a name and stands at a wrong one, if there is one."""
        found = self.facts.sender.wrong_names.misplaced(name)
        if found is None:
            return Moved()
        wrong, zone = found.wrong, await self.zone_of(name)
        goes = wrong.slip.is_useless and not wrong.answer.cname_chain
        gone = tuple(removed(zone, wrong.name, readable(text), wrong.answer.ttl) for text in found.texts if goes)
        return Moved(found.texts, gone, (f"Its text is the one that stands at {wrong.name}.",), wrong.answer)


def is_only_included(name: str, facts: Facts) -> bool:
    """Say whether a record serves those that include it: whom the campaign's own record lets send is judged there."""
    judged = facts.sender.mail_from_domains
    return name not in judged and any(
        node.domain == name for domain in judged for node in facts.sender.spf(domain).survey.walk()
    )


def removed(zone: str, name: str, text: str, ttl: int | None) -> RecordChange:
    """Return a TXT record that goes."""
    return RecordChange(Action.REMOVE, zone, name, "TXT", text, TTL, (text,), ttl)
