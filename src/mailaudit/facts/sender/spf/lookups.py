"""The look-ups that SPF needs, with the numbers that RFC 7208 allows."""

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, asked_at_once
from mailaudit.facts.dns.records import IpAddress, address_type, addresses_in
from mailaudit.facts.sender.names import is_askable

MAX_LOOKUPS = 10
MAX_VOID_LOOKUPS = 2
MAX_MX_NAMES = 10
MAX_PTR_NAMES = 10


class Addresses(Struct, frozen=True):
    """The addresses of one or several names; `void` counts the questions that had an empty answer."""

    ips: tuple[IpAddress, ...] = ()
    void: int = 0
    failure: str | None = None


async def ask(dns: Resolver, name: str, rdtype: str) -> Answer | None:
    """Ask for a name that may come out of a macro; nothing is asked when it cannot be a DNS name."""
    if not is_askable(name):
        return None
    # A name out of a macro may hold a backslash that does not mean an escape.
    return await dns.query(name.replace("\\", "\\\\"), rdtype)


async def addresses(dns: Resolver, names: tuple[str, ...], version: int) -> Addresses:
    """Return the addresses of one IP version behind the names, asked at once; the first failure is kept."""
    answers = await asked_at_once(dns, (ask(dns, name, address_type(version)) for name in names))
    found: list[IpAddress] = []
    void = 0
    failure: str | None = None
    for answer in answers:
        if answer is None:
            continue
        if not answer.is_known:
            failure = failure or answer.failure
        elif not answer.records:
            void += 1
        else:
            found.extend(addresses_in(answer))
    return Addresses(tuple(found), void, failure)
