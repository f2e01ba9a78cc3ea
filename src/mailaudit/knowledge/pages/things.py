"""The page of one platform, mailbox service, provider, program, hoster or DNS host, with the source of every fact."""

from collections.abc import Iterator
from datetime import date

from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.dns_host import DnsHost
from mailaudit.knowledge.types.fact import Note, Provenance
from mailaudit.knowledge.types.mailbox import Hoster, MailboxLimit, MailboxService
from mailaudit.knowledge.types.platform import OtherService, Platform
from mailaudit.knowledge.types.provider import Provider, Requirement
from mailaudit.knowledge.types.software import Program
from mailaudit.knowledge.volume import obligations, provider_limits

_HOUR = 3600
_KINDS = {
    "marketing": "marketing mail",
    "transactional": "mail that software sends to one person at a time",
    "both": "marketing and transactional mail",
    "saas": "the mail of another service",
    "hosting": "the mail of hosted web sites",
}


def platform_page(platform: Platform) -> str:
    """Return what is known of a sending platform."""
    roles = (("writes campaigns", platform.composes), ("carries mail", platform.transports))
    rows = [
        f"- {item.kind.value}: `{item.value}`{f' at `{item.at}`' if item.at else ''}{_note(item.note)}{_why(item.provenance)}"
        for item in platform.evidence
    ]
    aligns = platform.alignment.note if platform.alignment else None
    return _page(
        platform.name,
        f"A platform for {_KINDS[platform.kind]} ({platform.id}) that {' and '.join(word for word, has in roles if has)}.",
        f"SPF alignment: {platform.spf_aligns.value}{_note(aligns)}{_why(platform.spf_aligns_provenance)}.",
        f"Carried by {', '.join(platform.via)}." if platform.via else None,
        f"Its SPF include costs {platform.spf_lookups} look-ups." if platform.spf_lookups else None,
        *_section("How it is recognised", rows),
        *_section("What it asks to publish for acme.example", list(_records(platform))),
        *_section("What its plans let one send", [_limit(limit) for limit in platform.limits]),
        *_section("Remarks", [_remark(note) for note in platform.notes]),
    )


def _records(platform: Platform) -> Iterator[str]:
    for record in setup_records(platform, "acme.example", every_way=True):
        way = f", one of two ways: {record.one_of}" if record.one_of else ""
        hidden = "" if record.is_probeable else ", its name is shown by the platform"
        yield f"- `{record.line}` ({record.status.value}{way}{hidden}){_why(record.provenance)}"


def mailbox_page(service: MailboxService) -> str:
    """Return what is known of a mailbox service."""
    names = (
        ("addresses", service.domains),
        ("servers", service.smtp_hosts),
        ("SPF", service.spf),
        ("MX", service.mx),
    )
    most = service.recipients_per_message
    changes = [_remark(note) for note in service.changes]
    return _page(
        service.name,
        f"A service for the mail of people, not for mass mail ({_kind(service.kind, service.id, service.country)})"
        f"{_why(service.provenance)}.",
        *(f"{label}: {', '.join(values)}" for label, values in names if values),
        f"At most {most:,} recipients in one message." if most else None,
        *_section("What it lets one send", [_limit(limit) for limit in service.limits]),
        *_section("What it has announced", changes),
        *_section("Remarks", [f"- {note}{_why(service.provenance)}" for note in service.notes]),
    )


def provider_page(provider: Provider) -> str:
    """Return what is known of a mailbox provider."""
    asked = [
        f"- {item.text}{_threshold(item)}{_consequence(item)}{_why(item.provenance)}"
        for item in provider.requirements
    ]
    volume = [
        rule for rule in (*provider_limits(), *(one.rule for one in obligations())) if rule.provider == provider.id
    ]
    limits = [
        f"- {rule.max:,} messages in {_window(rule.window_s)} ({rule.effect.value})"
        f" [{rule.confidence.value}; {rule.source}; {rule.checked}]"
        for rule in volume
    ]
    codes = [f"- `{item.code}`: {item.meaning}{_why(item.provenance)}" for item in provider.codes]
    contacts = [
        f"- {item.kind}: {item.value}{_note(item.note)}{_why(item.provenance)}" for item in provider.contacts
    ]
    servers = ", ".join(part.name for part in provider.mx_suffixes)
    return _page(
        provider.name,
        f"A mailbox provider ({_kind(provider.kind, provider.id, provider.country)}).",
        f"Domains: {', '.join(provider.recipient_domains)}" if provider.domains else None,
        f"Servers: {servers}" if servers else None,
        *_section("What it asks of senders", asked),
        *_section("What it takes from one sender", limits),
        *_section("What its answers mean", codes),
        *_section("Where to turn", contacts),
        *_section("Remarks", [f"- {note}{_why(provider.provenance)}" for note in provider.notes]),
    )


def program_page(program: Program) -> str:
    """Return what is known of a program."""
    return _page(
        program.name,
        f"A program, not a platform: its mail leaves by whatever server it was given ({program.kind}, {program.id})"
        f"{_note(program.note)}{_why(program.provenance)}.",
    )


def hoster_page(hoster: Hoster) -> str:
    """Return what is known of a hoster, an access provider or a gateway."""
    names = (
        ("SPF", hoster.spf),
        ("machines", hoster.reverse_names),
        ("relays", hoster.relays),
        ("ranges", hoster.ranges),
    )
    return _page(
        hoster.name,
        f"A company on whose machines others run servers ({_kind(hoster.kind, hoster.id, hoster.country)})"
        f"{_note(hoster.note)}{_why(hoster.provenance)}.",
        "What is found here says where something runs, never which service sends.",
        *(f"{label}: {', '.join(values)}" for label, values in names if values),
    )


def other_service_page(service: OtherService) -> str:
    """Return what is known of a service of which only the name is known."""
    return _page(
        service.name,
        f"A service that sends for its customers, of which no more is known than its name{_why(service.provenance)}.",
        "It is no platform here: its traces show that somebody else sends, and lift no limit.",
        f"domains: {', '.join(service.domains)}",
    )


def dns_host_page(host: DnsHost) -> str:
    """Return what is known of a DNS host and its panel."""
    told = (
        ("name servers", ", ".join(host.name_servers)),
        ("field for the name", host.name_field),
        ("field for the value", host.value_field),
        ("a whole name typed there is", host.full_names),
        ("the zone itself is written", host.root),
        ("quotes around texts are", host.quotes),
        ("texts of more than 255 octets are split by", host.long_texts),
    )
    return _page(
        host.name,
        f"A company that answers for zones ({host.id}){_why(host.provenance)}.",
        *(f"- {label}: {value}" for label, value in told if value),
        *_section("Traps", [f"- {trap}" for trap in host.traps]),
    )


def _page(title: str, first: str, *lines: str | None) -> str:
    return "\n".join((f"# {title}", "", first, *(line for line in lines if line is not None), ""))


def _kind(kind: str, name: str, country: str | None) -> str:
    return ", ".join(word for word in (kind, name, country) if word)


def _limit(limit: MailboxLimit) -> str:
    most = f"{limit.max:,}{f' to {limit.up_to:,}' if limit.up_to else ''}"
    condition = f", {limit.condition}" if limit.condition else ""
    since = f", from {_day(limit.since)}" if limit.since else ""
    return (
        f"- {most} {f'{limit.which} ' if limit.which else ''}{limit.counts} in {_window(limit.window_s)},"
        f" counted by {limit.scope}{condition}{since}{_note(limit.note)}{_why(limit.provenance)}"
    )


def _remark(note: Note) -> str:
    since = f"From {_day(note.since)}: " if note.since else ""
    return f"- {since}{note.text}{_why(note.provenance)}"


def _threshold(item: Requirement) -> str:
    limit = item.threshold
    since = f" (since {item.since})" if item.since else ""
    if limit is None:
        return since
    return f"{since} (from {limit.count:,} messages in {_window(limit.window_s)}, counted by {limit.counted_per})"


def _consequence(item: Requirement) -> str:
    if item.consequence is None:
        return ""
    sure = item.consequence.confidence
    doubt = "" if sure is item.provenance.confidence else f" ({sure.value})"
    code = f" with {item.consequence.code}{doubt}" if item.consequence.code else ""
    return f" Otherwise {item.consequence.effect}{code}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _window(seconds: int) -> str:
    if seconds >= _HOUR:
        return f"{seconds // _HOUR} h"
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"  # noqa: PLR2004 - a minute


def _note(note: str | None) -> str:
    return f" ({note})" if note else ""


def _why(fact: Provenance) -> str:
    return f" [{fact.confidence.value}; {fact.source}; {fact.date}]"


def _section(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}", "", *rows)
