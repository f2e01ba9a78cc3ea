"""Where mail to a domain goes: MX records and the addresses behind them (RFC 5321, section 5.1; RFC 7505)."""

import asyncio

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, Status, asked_at_once
from mailaudit.facts.dns.records import addresses_in, mx_names
from mailaudit.facts.observed import those
from mailaudit.facts.public_address import is_reachable

_MAX_HOSTS = 20


class MxHost(Struct, frozen=True):
    """One mail server, with the answers for its addresses."""

    name: str
    answers: tuple[Answer, ...]

    @property
    def lies_outside(self) -> bool:
        """Whether the audit is of zone files that say nothing about this server.

        The published MX record is then what is audited; somebody else's server is not, and would leave every
        audit of a zone before its publication incomplete.
        """
        return bool(self.answers) and all(answer.lies_outside for answer in self.answers)

    @property
    def alias_of(self) -> str | None:
        """The name that a CNAME gives it, which RFC 5321, section 5.1, does not allow."""
        return next((answer.cname_chain[0] for answer in self.answers if answer.cname_chain), None)


class MailExchange(Struct, frozen=True):
    """Where mail to a domain goes; `own` holds the domain's own addresses, which count when there is no MX."""

    domain: str
    mx: Answer
    hosts: tuple[MxHost, ...]
    own: tuple[Answer, ...]

    def __str__(self) -> str:
        """Return the domain."""
        return self.domain

    @property
    def exists(self) -> bool:
        """Whether the domain is in DNS at all; raises `Unavailable` when nobody answered."""
        self.mx.known_records()
        return self.mx.status is not Status.NXDOMAIN

    @property
    def refuses_mail(self) -> bool:
        """Whether it publishes a null MX; raises `Unavailable` when nobody answered."""
        return bool(self.mx.known_records()) and not self.hosts

    @property
    def receives_mail(self) -> bool:
        """Whether mail can be delivered; raises `Unavailable` when that cannot be told."""
        if self.refuses_mail:
            return False
        if not self.hosts:
            return _any_reachable(self.own)
        elsewhere = [host for host in self.hosts if not _is_local(host.name)]
        if any(host.lies_outside for host in elsewhere):
            return True
        return _any_reachable(tuple(answer for host in elsewhere for answer in host.answers))

    @property
    def is_local_only(self) -> bool:
        """Whether every address that mail is sent to lies in a network that nobody reaches from outside."""
        answers = (*(answer for host in self.hosts for answer in host.answers), *(() if self.hosts else self.own))
        return any(answer.records for answer in answers) or any(_is_local(host.name) for host in self.hosts)


async def observe_exchange(domain: str, dns: Resolver) -> MailExchange:
    """Return where mail to a domain goes; never raises for what DNS does."""
    mx, own = await asyncio.gather(dns.query(domain, "MX"), _addresses(domain, dns))
    names = mx_names(mx)[:_MAX_HOSTS]
    answers = await asked_at_once(dns, (_addresses(name, dns) for name in names))
    hosts = tuple(MxHost(name, found) for name, found in zip(names, answers, strict=True))
    return MailExchange(domain, mx, hosts, own)


async def _addresses(name: str, dns: Resolver) -> tuple[Answer, ...]:
    return tuple(await asked_at_once(dns, (dns.query(name, one) for one in ("A", "AAAA"))))


def _any_reachable(answers: tuple[Answer, ...]) -> bool:
    return bool(
        those(answers, lambda one: bool(one.known_records()) and any(map(is_reachable, addresses_in(one))))
    )


def _is_local(name: str) -> bool:
    # RFC 6761, section 6.3: such a name always means the machine that asks.
    return name == "localhost" or name.endswith(".localhost")
