"""What `facts.sender` of the JSON report says beside authentication: transport records, and the logo's files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from pydantic import AwareDatetime

from mailaudit.facts.isolation import FactCrashed
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.mail_servers.receiving_security import TransportFacts
from mailaudit.reports.document.base import Part, Text

if TYPE_CHECKING:
    from mailaudit.facts.sender.bimi.observe import BimiFiles

T = TypeVar("T")


class TransportEntry(Part):
    """Records beside authentication; null when DNS did not answer, an empty record means that there is none.

    `zone_serial_date` is the day that the serial number of the organizational domain's zone spells, when it spells one:
    a hint, for nobody has to write dates there.
    """

    mta_sts: Text | None
    tls_rpt: Text | None
    bimi: Text | None
    dnssec: bool | None
    dane: bool | None
    zone_serial_date: date | None = None


class BimiEntry(Part):
    """The logo and its certificate, fetched with --allow-http; null where there is none, or nothing came."""

    logo: Text | None = None
    logo_errors: tuple[Text, ...] = ()
    certificate: Text | None = None
    certificate_errors: tuple[Text, ...] = ()
    issuer: Text | None = None
    not_before: AwareDatetime | None = None
    not_after: AwareDatetime | None = None


def transport_entry(facts: TransportFacts) -> TransportEntry:
    """Return what the report says about the transport records."""
    return TransportEntry(
        mta_sts=known(lambda: "".join(facts.mta_sts.texts[:1])),
        tls_rpt=known(lambda: "".join(facts.tls_rpt.texts[:1])),
        bimi=known(lambda: "".join(facts.bimi.texts[:1])),
        dnssec=known(lambda: facts.is_signed),
        dane=known(lambda: facts.has_dane),
        zone_serial_date=known(lambda: facts.zone_serial_date),
    )


def bimi_entry(files: BimiFiles) -> BimiEntry:
    """Return what the report says about the logo and its certificate."""
    logo, certificate = files.logo.value, files.certificate.value
    return BimiEntry(
        logo=logo.url if logo else None,
        logo_errors=logo.errors if logo else (),
        certificate=files.certificate_url if certificate else None,
        certificate_errors=certificate.errors if certificate else (),
        issuer=certificate.issuer if certificate else None,
        not_before=certificate.not_before if certificate else None,
        not_after=certificate.not_after if certificate else None,
    )


def known(read: Callable[[], T]) -> T | None:
    """Return what was observed; nothing when it could not be, or when the program failed over it."""
    try:
        return read()
    except (FactCrashed, Unavailable):
        return None
