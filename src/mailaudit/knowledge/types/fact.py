"""What every fact carries: its source, the day on which it was checked, and how sure we are."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import fields

from mailaudit.knowledge.names import is_domain_template

# The key, or the way to it from the top of the file, and what is wrong there.
Mistake = tuple[str | tuple[str, ...], str]


class Confidence(StrEnum):
    """How sure we are of a fact: read at its source, read with a caveat, or only believed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """3 for high, 2 for medium, 1 for low."""
        return {"high": 3, "medium": 2, "low": 1}[self.value]


class Provenance:
    """Where a fact was found, the day on which it was checked there, and how sure we are of it."""

    # No Struct: files hold it once and refer to it by number, which only a type of our own lets the decoder ask for.
    __slots__ = ("confidence", "date", "source")

    def __init__(self, source: str, date: date, confidence: Confidence) -> None:
        self.source = source
        self.date = date
        self.confidence = confidence

    @property
    def key(self) -> tuple[str, date, Confidence]:
        """The three values."""
        return self.source, self.date, self.confidence

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Provenance) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Provenance{self.key!r}"


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of a knowledge file.

    A field called `provenance` is written as `source`, `confidence` and `date`, each taken from the entry around it, or
    the file, where it is left out. `identity` names the fields by which a user's row takes the place of one of ours;
    without any it is added. `domain_names` are the fields that hold nothing but such names.
    """

    identity: ClassVar[tuple[str, ...]] = ()
    domain_names: ClassVar[tuple[str, ...]] = ()

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what no type can tell, as the key and what is wrong with it."""
        for field in fields(self) if self.domain_names else ():
            for name in getattr(self, field.name) if field.name in self.domain_names else ():
                if not is_domain_template(name):
                    yield field.encode_name, f"`{name}` is not a domain name"


class Note(Entry, frozen=True):
    """A remark in plain words; `since` is the day from which it holds, when that was still to come."""

    identity: ClassVar[tuple[str, ...]] = ("text",)

    text: str
    provenance: Provenance
    since: date | None = None
