"""Turns software.yml into signatures and name patterns, complaining about what does not fit."""

from __future__ import annotations

from mailaudit.knowledge.model import HeloPattern, ReversePattern, Software, SoftwareSignature
from mailaudit.knowledge.patterns import Pattern, UnsafePatternError
from mailaudit.knowledge.read import Fields

ORIGINS = frozenset({"own-software", "hosting", "mailbox", "mail-client", "platform", "warning"})
REVERSE_KINDS = frozenset({"hosting", "mailbox", "access-line", "generic"})


def software(top: Fields) -> Software:
    """Return the software of one file; a user's file may leave out `lowering`."""
    found = Software(
        signatures=tuple(_signature(entry) for entry in top.parts("signatures")),
        reverse_patterns=tuple(_reverse(entry) for entry in top.parts("reverse_names")),
        helo_patterns=tuple(_helo(entry) for entry in top.parts("helo_names")),
        lowering=_pattern(top, "lowering", "(?!)"),
    )
    top.done()
    return found


def _signature(entry: Fields) -> SoftwareSignature:
    signature = SoftwareSignature(
        id=entry.text("id"),
        name=entry.text("name"),
        kind=entry.text("kind"),
        header=entry.text("header").lower(),
        pattern=_pattern(entry, "pattern"),
        origin=entry.word("origin", ORIGINS),
        provenance=entry.provenance(),
        is_weak=entry.flag("weak"),
        note=entry.optional("note"),
    )
    entry.done()
    return signature


def _reverse(entry: Fields) -> ReversePattern:
    pattern = ReversePattern(
        id=entry.text("id"),
        name=entry.text("name"),
        kind=entry.word("kind", REVERSE_KINDS),
        pattern=_pattern(entry, "pattern"),
        weight=_weight(entry),
        provenance=entry.provenance(),
        note=entry.optional("note"),
    )
    entry.done()
    return pattern


def _helo(entry: Fields) -> HeloPattern:
    pattern = HeloPattern(
        id=entry.text("id"),
        pattern=_pattern(entry, "pattern"),
        meaning=entry.text("meaning"),
        weight=_weight(entry),
        provenance=entry.provenance(),
    )
    entry.done()
    return pattern


def _weight(entry: Fields) -> int:
    weight = entry.number("weight")
    if weight is not None and not 1 <= weight <= 5:  # noqa: PLR2004 - the scale of the file
        raise entry.fail("weight", "`weight` must be a whole number from 1 to 5")
    return 5 if weight is None else weight


def _pattern(entry: Fields, key: str, default: str | None = None) -> Pattern:
    pattern = Pattern(entry.text(key, default))
    if not entry.is_ours:
        try:
            pattern.compiled()
        except UnsafePatternError as error:
            raise entry.fail(key, str(error)) from None
    return pattern
