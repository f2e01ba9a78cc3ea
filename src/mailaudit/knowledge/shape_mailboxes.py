"""Turns mailboxes.yml into `MailboxService` values, complaining about what does not fit."""

from __future__ import annotations

from mailaudit.knowledge.model import MailboxLimit, MailboxService, Provenance
from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.read import Fields

KINDS = frozenset({
    "consumer", "isp", "business", "hosting", "relay", "forwarding", "shared-hosting", "plugin-preset", "panel",
})  # fmt: skip
COUNTS = frozenset({"messages", "recipients"})
WINDOWS = frozenset({"sliding", "calendar-day"})
SCOPES = frozenset({"mailbox", "domain", "tenant", "client-ip", "account"})
WHICH = frozenset({"external", "internal", "unique", "new"})


def mailboxes(top: Fields) -> tuple[MailboxService, ...]:
    """Return the mailbox services of one file."""
    found = tuple(_service(entry) for entry in top.parts("mailboxes"))
    top.done()
    return found


def _service(entry: Fields) -> MailboxService:
    provenance = entry.provenance()
    service = MailboxService(
        id=entry.text("id"),
        name=entry.text("name"),
        kind=entry.word("kind", KINDS),
        provenance=provenance,
        aliases=entry.texts("aliases"),
        domains=_names(entry, "domains"),
        spf=_names(entry, "spf"),
        mx=_names(entry, "mx"),
        reverse_names=_names(entry, "reverse_names"),
        dkim_domains=_names(entry, "dkim_domains"),
        dkim_selectors=entry.texts("dkim_selectors"),
        smtp_hosts=_names(entry, "smtp_hosts"),
        recipients_per_message=entry.number("recipients_per_message"),
        limits=tuple(_limit(row, provenance) for row in entry.parts("limits")),
        codes=entry.texts("codes"),
        notes=entry.texts("notes"),
    )
    entry.done()
    return service


def _limit(row: Fields, fallback: Provenance) -> MailboxLimit:
    limit = MailboxLimit(
        max=row.required_number("max"),
        window_s=row.required_number("window_s"),
        counts=row.word("counts", COUNTS, "messages"),
        window=row.word("window", WINDOWS, "sliding"),
        scope=row.word("scope", SCOPES, "mailbox"),
        provenance=row.provenance(fallback),
        which=row.word("which", WHICH, "") or None,
        up_to=row.number("up_to"),
        condition=row.optional("condition"),
        note=row.optional("note"),
    )
    row.done()
    if not limit.max or not limit.window_s:
        raise row.fail("max", "`max` and `window_s` must be greater than zero")
    return limit


def _names(entry: Fields, key: str) -> tuple[str, ...]:
    names = entry.texts(key)
    for name in names:
        if not is_domain_template(name):
            raise entry.fail(key, f"`{name}` is not a domain name")
    return names
