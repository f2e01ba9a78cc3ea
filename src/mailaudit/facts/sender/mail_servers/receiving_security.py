"""What protects mail on its way to the sender, and its logo: MTA-STS, TLS-RPT, DANE, DNSSEC and BIMI, by DNS alone.

Sources: RFC 8461, RFC 8460, RFC 7672, RFC 4035, draft-brand-indicators-for-message-identification.
"""

import asyncio
import contextlib
from datetime import date
from importlib import import_module

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, asked_at_once
from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.sender.bimi.record import bimi_errors
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.mail_servers.record_grammar import mta_sts_errors, tls_rpt_errors
from mailaudit.facts.sender.versioned import VersionedRecord, versioned

_MAX_HOSTS = 5
_DATED_SERIAL = len("2026113001")
_FIRST_YEAR = 1985


class TransportFacts(Struct, frozen=True):
    """The raw answers; the properties raise `Unavailable` when DNS did not answer.

    `bimi` holds the answers for the default selector: at the From domain, then at the organizational domain.
    """

    mta_sts_answer: Answer
    tls_rpt_answer: Answer
    bimi_answers: tuple[Answer, ...]
    delegation: Answer
    tlsa: tuple[Answer, ...]
    authority: Answer

    @property
    def mta_sts(self) -> VersionedRecord:
        """The MTA-STS record (RFC 8461, section 3.1)."""
        return versioned(self.mta_sts_answer, "STSv1", Meant.MTA_STS, mta_sts_errors)

    @property
    def tls_rpt(self) -> VersionedRecord:
        """The TLS-RPT record (RFC 8460, section 3)."""
        return versioned(self.tls_rpt_answer, "TLSRPTv1", Meant.TLS_RPT, tls_rpt_errors)

    @property
    def bimi(self) -> VersionedRecord:
        """The BIMI record that applies: the From domain's, or else the organizational domain's."""
        found = [versioned(answer, "BIMI1", Meant.BIMI, bimi_errors) for answer in self.bimi_answers]
        chosen = [record for record in found if record.texts] or [record for record in found if record.lookalikes]
        return next(iter(chosen), found[-1])

    @property
    def is_signed(self) -> bool:
        """Whether the organizational domain is signed with DNSSEC: its parent has a DS record."""
        return bool(self.delegation.known_records())

    @property
    def zone_serial_date(self) -> date | None:
        """The day in the zone's serial number, as many write it (RFC 1912, section 2.2): when it last changed.

        A hint at most: serial numbers need not be dates.
        """
        serials = [str(getattr(record, "serial", "")) for record in self.authority.known_records()]
        return _day(serials[0]) if serials else None

    @property
    def has_dane(self) -> bool:
        """Whether a mail server of the domain publishes a certificate in DNS (TLSA)."""
        return any(answer.known_records() for answer in self.tlsa)


async def observe_transport(domain: str, organization: str, dns: Resolver) -> TransportFacts:
    """Return what DNS says; never raises for what DNS does."""
    bimi = tuple(dict.fromkeys(f"default._bimi.{name}" for name in (domain, organization)))
    mta_sts, tls_rpt, delegation, authority, tlsa, bimi_answers = await asyncio.gather(
        dns.query(f"_mta-sts.{domain}", "TXT"),
        dns.query(f"_smtp._tls.{domain}", "TXT"),
        dns.query(organization, "DS"),
        dns.query(organization, "SOA"),
        _tlsa(domain, dns),
        asked_at_once(dns, (dns.query(name, "TXT") for name in bimi)),
    )
    facts = TransportFacts(mta_sts, tls_rpt, tuple(bimi_answers), delegation, tlsa, authority)
    if mta_sts.records or tls_rpt.records:
        # What reads these records takes long to import: it does so while others still wait for DNS.
        await asyncio.to_thread(import_module, "checkdmarc")
    return facts


def _day(serial: str) -> date | None:
    if len(serial) != _DATED_SERIAL:
        return None
    with contextlib.suppress(ValueError):
        day = date(int(serial[:4]), int(serial[4:6]), int(serial[6:8]))
        return day if day.year >= _FIRST_YEAR else None
    return None


async def _tlsa(domain: str, dns: Resolver) -> tuple[Answer, ...]:
    hosts = mx_names(await dns.query(domain, "MX"))[:_MAX_HOSTS]
    return tuple(await asked_at_once(dns, (dns.query(f"_25._tcp.{host}", "TLSA") for host in hosts)))
