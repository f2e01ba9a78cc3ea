"""`facts.sender` of the JSON report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from pydantic import AwareDatetime

from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.dmarc.alignment import Mechanism
from mailaudit.facts.sender.dmarc.outcome import (
    DmarcOutcome,
    Reading,
    by_suffix_list,
    by_tree_walk,
    expected_outcome,
)
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.sends_via import SendsVia
from mailaudit.facts.sender.spf.model import SpfFacts
from mailaudit.facts.sender.spf.survey import NodeState
from mailaudit.facts.sender.spf.verdict import SpfVerdict
from mailaudit.facts.sender.transport import TransportFacts
from mailaudit.reports.json_v1.base import Part, Text
from mailaudit.reports.json_v1.origin import OriginSection, origin_section

if TYPE_CHECKING:
    from mailaudit.facts.sender.bimi.observe import BimiFiles

T = TypeVar("T")


class SpfStepEntry(Part):
    """One term that was tried; `depth` counts the includes above it."""

    depth: int
    domain: Text
    term: Text
    outcome: Text


class SpfAddressEntry(Part):
    """What receivers compute for one sending address, term by term."""

    ip: str
    result: str
    reason: Text
    trace: tuple[SpfStepEntry, ...] = ()


class SpfEntry(Part):
    """SPF of the MAIL FROM domain; `result` is the worst over the sending addresses.

    The look-ups are those of the worst case; null when there is no record or a part of it did not answer.
    """

    result: str | None
    lookups: int | None
    void_lookups: int | None
    record: Text | None
    addresses: tuple[SpfAddressEntry, ...]
    helo: tuple[SpfAddressEntry, ...] = ()


class DkimEntry(Part):
    """The key of one selector; null where nothing is published or DNS did not answer."""

    selector: Text
    domain: Text
    published: bool | None
    key_type: Text | None
    bits: int | None
    testing: bool | None
    usable: bool | None
    cname_target: Text | None


class AlignedEntry(Part):
    """Whether the domains that SPF and DKIM authenticate are aligned with the From domain."""

    spf: bool | None
    dkim: bool | None


class PassesEntry(Part):
    """Whether the mail would pass DMARC, at each family of receivers."""

    rfc9989: bool | None
    public_suffix_list: bool | None


class TransportEntry(Part):
    """Records beside authentication; null when DNS did not answer, an empty record means that there is none."""

    mta_sts: Text | None
    tls_rpt: Text | None
    bimi: Text | None
    dnssec: bool | None
    dane: bool | None


class BimiEntry(Part):
    """The logo and its certificate, fetched with --allow-http; null where there is none, or nothing came."""

    logo: Text | None = None
    logo_errors: tuple[Text, ...] = ()
    certificate: Text | None = None
    certificate_errors: tuple[Text, ...] = ()
    issuer: Text | None = None
    not_before: AwareDatetime | None = None
    not_after: AwareDatetime | None = None


class DmarcEntry(Part):
    """The policy that receivers apply, and the name that publishes it."""

    policy: str | None
    published_at: Text | None
    record: Text | None
    aligned: AlignedEntry
    passes: PassesEntry


class SenderSection(Part):
    """Who sends, and what DNS says about it; what is not known is null."""

    from_domain: Text
    mail_from_domain: Text
    organizational_domain: Text
    sends_via: str
    sends_via_reasons: tuple[Text, ...]
    platform: Text | None
    origin: OriginSection | None = None
    spf: SpfEntry
    dkim: tuple[DkimEntry, ...]
    dmarc: DmarcEntry
    transport: TransportEntry | None = None
    bimi: BimiEntry | None = None


def sender_section(facts: SenderFacts) -> SenderSection:
    """Return what the report says about the sender."""
    via = facts.sends_via.value or SendsVia.UNKNOWN
    return SenderSection(
        from_domain=facts.from_domain,
        mail_from_domain=facts.mail_from_domain,
        organizational_domain=facts.organizational_domain,
        sends_via=via.value,
        sends_via_reasons=facts.sends_via_reasons,
        platform=facts.platform,
        origin=origin_section(facts.origin),
        spf=_spf(facts.spf(facts.mail_from_domain), facts.helo),
        dkim=tuple(_dkim(key) for key in facts.dkim),
        dmarc=_dmarc(facts),
        transport=_transport(facts.transport),
        bimi=_bimi(facts.bimi) if facts.bimi else None,
    )


def _spf(facts: SpfFacts, helo: tuple[SpfVerdict, ...]) -> SpfEntry:
    survey = facts.survey
    is_counted = survey.state is NodeState.RECORD and not survey.failures
    record = _known(lambda: facts.record)
    return SpfEntry(
        result=facts.result.value if facts.result else None,
        lookups=survey.lookups if is_counted else None,
        void_lookups=survey.void_lookups if is_counted else None,
        record=record.text if record else None,
        addresses=tuple(_address(verdict) for verdict in facts.verdicts),
        helo=tuple(_address(verdict) for verdict in helo),
    )


def _address(verdict: SpfVerdict) -> SpfAddressEntry:
    return SpfAddressEntry(
        ip=str(verdict.ip),
        result=verdict.result.value,
        reason=verdict.reason,
        trace=tuple(
            SpfStepEntry(depth=step.depth, domain=step.domain, term=step.term, outcome=step.outcome)
            for step in verdict.trace
        ),
    )


def _dkim(facts: DkimFacts) -> DkimEntry:
    keys = _known(lambda: facts.keys)
    key = keys[0] if keys and len(keys) == 1 else None
    return DkimEntry(
        selector=facts.selector.selector,
        domain=facts.selector.domain,
        published=None if keys is None else bool(keys),
        key_type=key.type if key else None,
        bits=key.bits if key else None,
        testing=key.testing if key else None,
        usable=_known(lambda: facts.is_usable),
        cname_target=facts.cname_target,
    )


def _dmarc(sender: SenderFacts) -> DmarcEntry:
    facts = sender.dmarc
    found = facts.tree_walk.value
    policy = _known(lambda: facts.policy)
    return DmarcEntry(
        policy=policy.value if policy else None,
        published_at=found.published_at if found else None,
        record=found.record.text if found and found.record else None,
        aligned=AlignedEntry(
            spf=_known(lambda: facts.alignment(Mechanism.SPF)),
            dkim=_known(lambda: facts.alignment(Mechanism.DKIM)),
        ),
        passes=PassesEntry(
            rfc9989=_known(lambda: _outcome(sender, by_tree_walk).passes),
            public_suffix_list=_known(lambda: _outcome(sender, by_suffix_list).passes),
        ),
    )


def _transport(facts: TransportFacts) -> TransportEntry:
    return TransportEntry(
        mta_sts=_known(lambda: "".join(facts.mta_sts.texts[:1])),
        tls_rpt=_known(lambda: "".join(facts.tls_rpt.texts[:1])),
        bimi=_known(lambda: "".join(facts.bimi.texts[:1])),
        dnssec=_known(lambda: facts.is_signed),
        dane=_known(lambda: facts.has_dane),
    )


def _bimi(files: BimiFiles) -> BimiEntry:
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


def _outcome(sender: SenderFacts, reading: Reading) -> DmarcOutcome:
    return expected_outcome(sender.spf(sender.mail_from_domain), sender.dkim, sender.dmarc, reading)


def _known(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Unavailable:
        return None
