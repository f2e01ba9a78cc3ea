"""`facts.sender` of the JSON report."""

from mailaudit.facts.sender.dkim.observe import DkimFacts, shared_by
from mailaudit.facts.sender.dmarc.alignment import Mechanism
from mailaudit.facts.sender.dmarc.outcome import by_suffix_list, by_tree_walk, expected_outcome
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.facts.sender.spf.lookup_tree import NodeState
from mailaudit.facts.sender.spf.model import SpfFacts, SpfVerdict
from mailaudit.reports.document.base import Part, Text
from mailaudit.reports.document.sender_parts.mail_servers import (
    BimiEntry,
    TransportEntry,
    bimi_entry,
    known,
    transport_entry,
)
from mailaudit.reports.document.sender_parts.origin import (
    OriginSection,
    ServiceEntry,
    origin_section,
    service_entries,
)


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

    result: str | None = None
    lookups: int | None = None
    void_lookups: int | None = None
    record: Text | None = None
    addresses: tuple[SpfAddressEntry, ...] = ()
    helo: tuple[SpfAddressEntry, ...] = ()


class DkimEntry(Part):
    """The key of one selector; null where nothing is published or DNS did not answer.

    `shared_by` is the platform whose customers all sign with this one key.
    """

    selector: Text
    domain: Text
    published: bool | None
    key_type: Text | None
    bits: int | None
    testing: bool | None
    usable: bool | None
    cname_target: Text | None
    shared_by: Text | None = None


class AlignedEntry(Part):
    """Whether the domains that SPF and DKIM authenticate are aligned with the From domain."""

    spf: bool | None = None
    dkim: bool | None = None


class PassesEntry(Part):
    """Whether the mail would pass DMARC, at each family of receivers."""

    rfc9989: bool | None = None
    public_suffix_list: bool | None = None


class DmarcEntry(Part):
    """The policy that receivers apply, and the name that publishes it."""

    policy: str | None = None
    published_at: Text | None = None
    record: Text | None = None
    aligned: AlignedEntry = AlignedEntry()
    passes: PassesEntry = PassesEntry()


class SenderSection(Part):
    """Who sends, and what DNS says about it; what is not known is null."""

    from_domain: Text
    mail_from_domain: Text
    organizational_domain: Text
    sends_via: str
    sends_via_reasons: tuple[Text, ...]
    platform: Text | None
    origin: OriginSection | None = None
    services: tuple[ServiceEntry, ...] = ()
    spf: SpfEntry
    dkim: tuple[DkimEntry, ...]
    dmarc: DmarcEntry
    transport: TransportEntry | None = None
    bimi: BimiEntry | None = None


def sender_section(facts: SenderFacts) -> SenderSection:
    """Return what the report says about the sender."""
    via = known(lambda: facts.sends_via.value) or SendsVia.UNKNOWN
    return SenderSection(
        from_domain=facts.from_domain,
        mail_from_domain=facts.mail_from_domain,
        organizational_domain=facts.organizational_domain,
        sends_via=via,
        sends_via_reasons=known(lambda: tuple(facts.sends_via_reasons)) or (),
        platform=known(lambda: facts.platform or None),
        origin=known(lambda: origin_section(facts.origin)),
        services=known(lambda: service_entries(facts.origin)) or (),
        spf=known(lambda: _spf(facts.spf(facts.mail_from_domain), facts.helo)) or SpfEntry(),
        dkim=known(lambda: tuple(_dkim(key) for key in facts.dkim)) or (),
        dmarc=known(lambda: _dmarc(facts)) or DmarcEntry(),
        transport=known(lambda: transport_entry(facts.transport)),
        bimi=known(lambda: bimi_entry(facts.bimi) if facts.bimi else None),
    )


def _spf(facts: SpfFacts, helo: tuple[SpfVerdict, ...]) -> SpfEntry:
    survey = facts.survey
    is_counted = survey.state is NodeState.RECORD and not survey.failures
    record = known(lambda: facts.record)
    return SpfEntry(
        result=facts.result.value if facts.result else None,
        lookups=survey.lookups if is_counted else None,
        void_lookups=survey.void_lookups if is_counted else None,
        record=record.text if record else None,
        addresses=tuple(_address(verdict) for verdict in facts.verdicts),
        helo=tuple(_address(verdict) for verdict in helo),
    )


def _address(verdict: SpfVerdict) -> SpfAddressEntry:
    return SpfAddressEntry.of(verdict, ip=str(verdict.ip))


def _dkim(facts: DkimFacts) -> DkimEntry:
    keys = known(lambda: facts.keys)
    key = keys[0] if keys and len(keys) == 1 else None
    return DkimEntry(
        selector=facts.selector.selector,
        domain=facts.selector.domain,
        published=None if keys is None else bool(keys),
        key_type=key.type if key else None,
        bits=key.bits if key else None,
        testing=key.testing if key else None,
        usable=known(lambda: facts.is_usable),
        cname_target=facts.cname_target,
        shared_by=shared_by(facts),
    )


def _dmarc(sender: SenderFacts) -> DmarcEntry:
    facts = sender.dmarc
    found = facts.tree_walk.value
    policy = known(lambda: facts.policy)
    return DmarcEntry(
        policy=policy.value if policy else None,
        published_at=found.published_at if found else None,
        record=found.record.text if found and found.record else None,
        aligned=AlignedEntry(
            spf=known(lambda: facts.alignment(Mechanism.SPF)), dkim=known(lambda: facts.alignment(Mechanism.DKIM))
        ),
        passes=PassesEntry(
            rfc9989=known(lambda: expected_outcome(sender, by_tree_walk).passes),
            public_suffix_list=known(lambda: expected_outcome(sender, by_suffix_list).passes),
        ),
    )
