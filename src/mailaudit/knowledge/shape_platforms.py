"""Turns platforms.yml into `Platform` values, complaining about what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from mailaudit.knowledge.model import (
    DOMAIN_KINDS,
    Evidence,
    EvidenceKind,
    Note,
    Platform,
    SpfAlignment,
)
from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.read import Fields

KINDS = frozenset({"marketing", "transactional", "both", "saas", "hosting"})
ROLES = frozenset({"composer", "transport", "composer+transport"})


def platforms(top: Fields) -> tuple[Platform, ...]:
    """Return the platforms of one file."""
    top.texts("shared_selectors")
    found = tuple(_platform(entry) for entry in top.parts("platforms"))
    top.done()
    return found


def shared_selectors(top: Fields) -> frozenset[str]:
    """Return the selectors of one file that prove nothing alone."""
    return frozenset(top.texts("shared_selectors"))


def _platform(entry: Fields) -> Platform:
    role = entry.word("role", ROLES, "composer+transport")
    aligns = entry.part("spf_aligns")
    lookups = entry.part("spf_lookups")
    platform = Platform(
        id=entry.text("id"),
        name=entry.text("name"),
        kind=entry.word("kind", KINDS, "marketing"),
        composes="composer" in role,
        transports="transport" in role,
        spf_aligns=aligns.choice("value", SpfAlignment) if aligns else SpfAlignment.UNKNOWN,
        spf_aligns_provenance=(aligns or entry).provenance(),
        spf_aligns_note=aligns.optional("note") if aligns else None,
        aliases=entry.texts("aliases"),
        via=entry.texts("via"),
        spf_lookups=lookups.required_number("value") if lookups else None,
        evidence=tuple(item for row in entry.parts("evidence") for item in _evidence(row)),
        notes=tuple(Note(note.text("text"), note.provenance()) for note in entry.parts("notes")),
    )
    if lookups:
        lookups.provenance()
        lookups.done()
    entry.done()
    return platform


def _evidence(row: Fields) -> Iterator[Evidence]:
    kind = row.choice("kind", EvidenceKind)
    values = row.texts("values")
    provenance, at, note = row.provenance(), row.optional("at"), row.optional("note")
    row.done()
    if not values:
        raise row.fail("values", "`values` must hold at least one value")
    for value in values:
        if kind in DOMAIN_KINDS and not is_domain_template(value):
            raise row.fail("values", f"`{value}` is not a domain name")
        if kind is EvidenceKind.IP_RANGE:
            _check_range(row, value)
        yield Evidence(kind, value, provenance, at, note)


def _check_range(row: Fields, value: str) -> None:
    try:
        ip_network(value)
    except ValueError:
        raise row.fail("values", f"`{value}` is not an address range such as 192.0.2.0/24") from None
