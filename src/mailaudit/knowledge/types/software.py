"""The types of programs: the traces that they leave, and the names of machines and lines."""

from collections.abc import Iterator
from typing import Literal

from msgspec import field

from mailaudit.knowledge.patterns import Pattern, UnsafePatternError
from mailaudit.knowledge.types.fact import Entry, Mistake, Provenance


class _Recognised(Entry, frozen=True):
    """Something that a pattern recognises; `weight` runs from 1 to 5."""

    id: str
    pattern: Pattern
    provenance: Provenance
    weight: int = 5

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a pattern that could run away, and a weight off the scale."""
        yield from _unsafe("pattern", self.pattern)
        if not 1 <= self.weight <= 5:  # noqa: PLR2004 - the scale of the file
            yield "weight", "`weight` must be a whole number from 1 to 5"


class SoftwareSignature(_Recognised, frozen=True, kw_only=True):
    """A trace that a program leaves in the messages it writes.

    `header` is the header's name, or `body`. `is_weak` means never proof alone.
    """

    name: str
    kind: str
    written_header: str = field(name="header")
    origin: Literal["own-software", "hosting", "mailbox", "mail-client", "platform", "warning"]
    is_weak: bool = field(default=False, name="weak")
    note: str | None = None

    @property
    def header(self) -> str:
        """The header's name in lower case."""
        return self.written_header.lower()


class ReversePattern(_Recognised, frozen=True, kw_only=True):
    """A shape of reverse names."""

    name: str
    kind: Literal["hosting", "mailbox", "access-line", "generic"]
    note: str | None = None


class HeloPattern(_Recognised, frozen=True, kw_only=True):
    """A shape of HELO names that receivers distrust, and what it means."""

    meaning: str


class Program(Entry, frozen=True):
    """A program that people name when they are asked through what they send.

    `kind` is `self-hosted` (it runs on a server of the sender's), `site` (a web site's software or its plug-in),
    `mailbox-add-on` (it sends through the mailbox of whoever uses it), `mail-server`, `mail-client`, or for words that
    name no program `own-server` (a server of the sender's) and `none` (no platform at all).
    """

    id: str
    name: str
    kind: Literal["self-hosted", "site", "mailbox-add-on", "mail-server", "mail-client", "own-server", "none"]
    provenance: Provenance
    aliases: tuple[str, ...] = ()
    note: str | None = None


class SoftwareFile(Entry, frozen=True):
    """software.yml; `lowering` matches names that look dynamic but are not."""

    signatures: tuple[SoftwareSignature, ...] = ()
    reverse_patterns: tuple[ReversePattern, ...] = field(default=(), name="reverse_names")
    helo_patterns: tuple[HeloPattern, ...] = field(default=(), name="helo_names")
    programs: tuple[Program, ...] = ()
    lowering: Pattern = Pattern("(?!)")

    def mistakes(self) -> Iterator[Mistake]:
        """Yield a pattern that could run away."""
        yield from _unsafe("lowering", self.lowering)


def _unsafe(key: str, pattern: Pattern) -> Iterator[Mistake]:
    try:
        pattern.compiled()
    except UnsafePatternError as error:
        yield key, str(error)
