"""Turns providers.yml into `Provider` values, complaining about what does not fit."""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.knowledge.model import Confidence, Provenance
from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.provider_model import (
    Consequence,
    Contact,
    NamePart,
    Provider,
    ReplyCode,
    Requirement,
    Threshold,
)
from mailaudit.knowledge.read import Fields

KINDS = frozenset({"consumer", "business", "gateway"})
EFFECTS = frozenset({"refused", "deferred", "junked", "unknown"})
CONTACTS = frozenset({"form", "email", "portal", "dashboard", "feedback"})
COUNTED_PER = frozenset({"organizational-domain", "from-domain", "sender", "ip"})
BELIEVED = "General knowledge, not checked against a source"


def providers(top: Fields) -> tuple[Provider, ...]:
    """Return the mailbox providers of one file."""
    found = tuple(_provider(entry) for entry in top.parts("providers"))
    top.done()
    return found


def _provider(entry: Fields) -> Provider:
    fact = entry.provenance()
    believed = Provenance(BELIEVED, fact.date, Confidence.LOW)
    provider = Provider(
        id=entry.text("id"),
        name=entry.text("name"),
        kind=entry.word("kind", KINDS),
        domains=(*_names(entry, "domains", fact), *_names(entry, "more_domains", believed)),
        mx_suffixes=tuple(part for row in entry.parts("mx_suffixes") for part in _suffixes(row)),
        requirements=tuple(_requirement(row, fact) for row in entry.parts("requirements")),
        codes=tuple(_code(row, fact) for row in entry.parts("codes")),
        contacts=tuple(_contact(row, fact) for row in entry.parts("contacts")),
        aliases=entry.texts("aliases"),
        country=entry.optional("country"),
        notes=entry.texts("notes"),
    )
    entry.done()
    return provider


def _names(entry: Fields, key: str, fact: Provenance) -> Iterator[NamePart]:
    for name in entry.texts(key):
        if not is_domain_template(name):
            raise entry.fail(key, f"`{name}` is not a domain name")
        yield NamePart(name, fact)


def _suffixes(row: Fields) -> tuple[NamePart, ...]:
    found = tuple(_names(row, "names", row.provenance()))
    row.done()
    return found


def _requirement(row: Fields, fact: Provenance) -> Requirement:
    requirement = Requirement(
        kind=row.text("kind"),
        text=row.text("text"),
        provenance=row.provenance(fact),
        threshold=_threshold(row.part("threshold")),
        consequence=_consequence(row.part("consequence"), row.provenance(fact)),
        value=row.real("value"),
        unit=row.optional("unit"),
        since=row.day("since"),
    )
    row.done()
    return requirement


def _threshold(part: Fields | None) -> Threshold | None:
    if part is None:
        return None
    found = Threshold(
        count=part.required_number("count"),
        window_s=part.required_number("window_s"),
        counted_per=part.word("counted_per", COUNTED_PER),
        is_permanent=part.flag("permanent"),
    )
    part.done()
    return found


def _consequence(part: Fields | None, fact: Provenance) -> Consequence | None:
    if part is None:
        return None
    found = Consequence(
        effect=part.word("effect", EFFECTS),
        confidence=part.choice("confidence", Confidence, fact.confidence),
        code=part.optional("code"),
        text=part.optional("text"),
    )
    part.done()
    return found


def _code(row: Fields, fact: Provenance) -> ReplyCode:
    code = ReplyCode(row.text("code"), row.text("meaning"), row.provenance(fact))
    row.done()
    return code


def _contact(row: Fields, fact: Provenance) -> Contact:
    contact = Contact(row.word("kind", CONTACTS), row.text("value"), row.provenance(fact), row.optional("note"))
    row.done()
    return contact
