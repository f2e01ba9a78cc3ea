"""The records that the claimed platform asks its customers to publish, and what stands at their names."""

import asyncio
from enum import StrEnum

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, Status
from mailaudit.facts.sender.names import is_askable
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.platform import PlatformRecord, RecordStatus


class Presence(StrEnum):
    """Whether the records that a platform cannot do without are there."""

    PRESENT = "present"
    ABSENT = "absent"
    UNTOLD = "untold"
    NONE_REQUIRED = "none-required"


class AskedFor(Struct, frozen=True):
    """One record; `answer` is missing when only the platform's settings show its name."""

    record: PlatformRecord
    answer: Answer | None

    @property
    def is_absent(self) -> bool:
        """Whether nothing of the kind stands at the name; raises `Unavailable` when nobody answered."""
        if self.answer is None or self.answer.cname_chain:
            return False
        self.answer.known_records()
        if self.answer.status is not Status.ANSWER:
            return True
        if self.record.purpose not in {"spf", "verification"}:
            return False
        fixed = self.record.value.removeprefix("v=spf1").removesuffix("~all").partition("<")[0].strip().lower()
        return not any(fixed in text.decode("ascii", "replace").lower() for text in self.answer.texts())


async def observe_asked_for(claimed: str | None, domains: tuple[str, ...], dns: Resolver) -> tuple[AskedFor, ...]:
    """Return every record that the claimed platform asks for under the domains, in every way to set one up."""
    platform = platform_named(claimed) if claimed else None
    if platform is None:
        return ()
    records = [record for domain in domains for record in setup_records(platform, domain, every_way=True)]
    return tuple(await asyncio.gather(*(_look_up(record, dns) for record in records)))


def presence(asked: tuple[AskedFor, ...], purposes: frozenset[str]) -> Presence:
    """Say whether the required records of some purposes are there; raises `Unavailable` when nobody answered.

    They are absent only when each of them, in every way to set the domain up, can be looked up and is not there.
    """
    required = [
        one for one in asked if one.record.status is RecordStatus.REQUIRED and one.record.purpose in purposes
    ]
    if not required:
        return Presence.NONE_REQUIRED
    if any(one.answer is not None and not one.is_absent for one in required):
        return Presence.PRESENT
    return Presence.UNTOLD if any(one.answer is None for one in required) else Presence.ABSENT


async def _look_up(record: PlatformRecord, dns: Resolver) -> AskedFor:
    if not record.is_probeable or not is_askable(record.name):
        return AskedFor(record, None)
    # Any type shows an alias, and a key may be published as text in place of one.
    return AskedFor(record, await dns.query(record.name, "MX" if record.type == "MX" else "TXT"))
