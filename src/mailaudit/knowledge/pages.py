"""What is known about one thing, as a page of Markdown with the source of every fact."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from mailaudit.knowledge import load
from mailaudit.knowledge.delisting import Guide
from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.receivers import mailbox_service_named, provider_named
from mailaudit.knowledge.setup import setup_records
from mailaudit.knowledge.types.fact import Provenance
from mailaudit.knowledge.types.mailbox import MailboxService
from mailaudit.knowledge.types.platform import Platform
from mailaudit.knowledge.types.provider import Provider, Requirement

_HOUR = 3600
_WIDTH = 79
_KINDS = {
    "marketing": "marketing mail",
    "transactional": "mail that software sends to one person at a time",
    "both": "marketing and transactional mail",
    "saas": "the mail of another service",
    "hosting": "the mail of hosted web sites",
}


def knowledge_page(name: str) -> str | None:
    """Return what is known under a name: platform, mailbox service, mailbox provider; nothing when none has it."""
    platform, service, provider = platform_named(name), mailbox_service_named(name), provider_named(name)
    parts = [
        *([_platform(platform)] if platform else []),
        *([_mailbox(service)] if service else []),
        *([_provider(provider)] if provider else []),
    ]
    return "\n".join(parts) or None


def overview() -> str:
    """Return the size of the knowledge base and the names in it."""
    software = load.software()
    lists = load.standing()
    return "\n".join(
        (
            "# What mailaudit knows",
            "",
            *_named("sending platforms", (one.id for one in load.platforms())),
            *_named("mailbox services and hosts", (one.id for one in load.mailbox_services())),
            *_named("mailbox providers", (one.id for one in load.providers())),
            *_named("blocklists", (one.id for one in lists.lists)),
            *_named("complaint channels", (one.id for one in lists.channels)),
            f"{len(software.signatures)} signatures of programs; {len(software.reverse_patterns)} shapes of reverse names;",
            f"{len(lists.dead)} dead lists that are never asked.",
            "",
        )
    )


def guide_page(guide: Guide) -> str:
    """Return a delisting guide."""
    lines = [f"# {guide.name}", "", guide.means, ""]
    if guide.dead:
        lines += [f"This list is dead: {guide.dead}.", ""]
    if guide.first:
        lines += ["## First", "", *_numbered(guide.first), ""]
    lines += ["## Then" if guide.first else "## What to do", "", *_numbered(guide.steps), ""]
    if guide.url:
        lines += [f"Where: <{guide.url}>", ""]
    if guide.duration:
        lines += [f"How long it takes: {guide.duration}", ""]
    if guide.worse:
        lines += [f"What makes it worse: {guide.worse}", ""]
    if guide.text:
        lines += ["## A letter ready to send", "", "```", guide.text.rstrip(), "```", ""]
    return "\n".join(lines)


def _platform(platform: Platform) -> str:
    roles = " and ".join(
        word
        for word, has in (("writes campaigns", platform.composes), ("carries mail", platform.transports))
        if has
    )
    rows = [
        f"- {item.kind.value}: `{item.value}`{f' at `{item.at}`' if item.at else ''}{_why(item.provenance)}"
        for item in platform.evidence
    ]
    records = [f"- `{record.line}`" for record in setup_records(platform, "acme.example")]
    return "\n".join(
        (
            f"# {platform.name}",
            "",
            f"A platform for {_KINDS[platform.kind]} ({platform.id}) that {roles}.",
            f"SPF alignment: {platform.spf_aligns.value}{_why(platform.spf_aligns_provenance)}.",
            *([f"Carried by {', '.join(platform.via)}."] if platform.via else []),
            *([f"Its SPF include costs {platform.spf_lookups} look-ups."] if platform.spf_lookups else []),
            *_section("How it is recognised", rows),
            *_section("What it asks to publish for acme.example", records),
            *_section("Remarks", [f"- {note.text}{_why(note.provenance)}" for note in platform.notes]),
            "",
        )
    )


def _mailbox(service: MailboxService) -> str:
    rows = [
        f"- {limit.max:,}{f' to {limit.up_to:,}' if limit.up_to else ''} {limit.which or ''} {limit.counts}".replace(
            "  ", " "
        )
        + f" in {_window(limit.window_s)}, counted by {limit.scope}"
        + (f", {limit.condition}" if limit.condition else "")
        + _why(limit.provenance)
        for limit in service.limits
    ]
    names = (
        ("addresses", service.domains),
        ("servers", service.smtp_hosts),
        ("SPF", service.spf),
        ("MX", service.mx),
    )
    return "\n".join(
        (
            f"# {service.name}",
            "",
            f"A service for the mail of people, not for mass mail ({service.kind}, {service.id}){_why(service.provenance)}.",
            *(f"{label}: {', '.join(values)}" for label, values in names if values),
            *_section("What it lets one send", rows),
            *_section("Remarks", [f"- {note}{_why(service.provenance)}" for note in service.notes]),
            "",
        )
    )


def _provider(provider: Provider) -> str:
    rows = [
        f"- {item.text}{_threshold(item)}{_consequence(item)}{_why(item.provenance)}"
        for item in provider.requirements
    ]
    codes = [f"- `{item.code}`: {item.meaning}{_why(item.provenance)}" for item in provider.codes]
    contacts = [f"- {item.kind}: {item.value}{_why(item.provenance)}" for item in provider.contacts]
    return "\n".join(
        (
            f"# {provider.name}",
            "",
            f"A mailbox provider ({provider.kind}, {provider.id}).",
            *([f"Domains: {', '.join(provider.recipient_domains)}"] if provider.domains else []),
            *(
                [f"Servers: {', '.join(part.name for part in provider.mx_suffixes)}"]
                if provider.mx_suffixes
                else []
            ),
            *_section("What it asks of senders", rows),
            *_section("What its answers mean", codes),
            *_section("Where to turn", contacts),
            "",
        )
    )


def _threshold(item: Requirement) -> str:
    limit = item.threshold
    since = f" (since {item.since})" if item.since else ""
    if limit is None:
        return since
    return f"{since} (from {limit.count:,} messages in {_window(limit.window_s)}, counted by {limit.counted_per})"


def _consequence(item: Requirement) -> str:
    if item.consequence is None:
        return ""
    doubt = (
        ""
        if item.consequence.confidence is item.provenance.confidence
        else f" ({item.consequence.confidence.value})"
    )
    code = f" with {item.consequence.code}{doubt}" if item.consequence.code else ""
    return f" Otherwise {item.consequence.effect}{code}."


def _window(seconds: int) -> str:
    if seconds >= _HOUR:
        return f"{seconds // _HOUR} h"
    return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"  # noqa: PLR2004 - a minute


def _why(fact: Provenance) -> str:
    return f" [{fact.confidence.value}; {fact.source}; {fact.date}]"


def _section(title: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield from ("", f"## {title}", "", *rows)


def _numbered(steps: tuple[str, ...]) -> Iterator[str]:
    return (f"{place}. {step}" for place, step in enumerate(steps, start=1))


def _named(title: str, names: Iterable[str]) -> Iterator[str]:
    found = sorted(names)
    yield f"## {len(found)} {title}"
    yield ""
    yield textwrap.fill(", ".join(found), _WIDTH, break_on_hyphens=False, break_long_words=False)
    yield ""
