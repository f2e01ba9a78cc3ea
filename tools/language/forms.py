"""The forms that a sentence of the source can take, and the messages that they make."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tools.language.prose import is_prose

from mailaudit.language.parts import cells

_ONE = " == 1"


@dataclass(frozen=True, slots=True)
class Slot:
    """A value inside a sentence: the name of its placeholder, and its source."""

    name: str
    source: str


Piece = str | Slot


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a sentence, and what must be true for it: source of a condition → its truth."""

    pieces: tuple[Piece, ...]
    when: tuple[tuple[str, bool], ...] = ()

    @property
    def is_written(self) -> bool:
        """Whether something of it is written out, or it is written to be nothing."""
        return not self.pieces or any(isinstance(piece, str) for piece in self.pieces)

    def joined(self, other: "Form") -> "Form | None":
        """Return both forms, one after the other; nothing when they contradict each other."""
        when = dict(self.when)
        for test, truth in other.when:
            if when.setdefault(test, truth) != truth:
                return None
        return Form(self.pieces + other.pieces, tuple(when.items()))

    @property
    def counted(self) -> str | None:
        """The source of the number on whose being one the form depends; one that is told comes first."""
        told = {piece.source for piece in self.pieces if isinstance(piece, Slot)}
        numbers = [test.removesuffix(_ONE) for test, _ in self.when if test.endswith(_ONE)]
        return next((number for number in numbers if number in told), numbers[0] if numbers and told else None)

    def text(self, number: str | None) -> str:
        """Return the text with its placeholders, each value once; the one that counts is called `n`."""
        taken: dict[str, str] = {}
        told = ""
        for piece in self.pieces:
            if isinstance(piece, str):
                told += piece
                continue
            wanted = "n" if piece.source == number else "number" if piece.name == "n" else piece.name
            names = itertools.chain([wanted], (f"{wanted}_{place}" for place in itertools.count(2)))
            name = next(one for one in names if taken.setdefault(one, piece.source) == piece.source)
            told += "{" + name + "}"
        return told


@dataclass(frozen=True, slots=True)
class Message:
    """A message for the catalogue; `many` is its plural form, `line` where it stands."""

    one: str
    many: str | None
    line: int


def messages(forms: Iterable[Form], line: int, *, told: bool) -> Iterator[Message]:
    """Yield the messages of a sentence: two forms that differ by a number being one are a message and its plural."""
    groups: dict[tuple[object, ...], dict[bool | None, Form]] = defaultdict(dict)
    for form in forms:
        test = f"{form.counted}{_ONE}" if form.counted else None
        rest = tuple(sorted(pair for pair in form.when if pair[0] != test))
        truth = dict(form.when)[test] if test else None
        groups[(*rest, test or form.pieces)][truth] = form
    for group in groups.values():
        one, many = group.get(True), group.get(False)
        if one and many:
            yield from _cut(one.text(one.counted or many.counted), many.text(many.counted), line, told=told)
        else:
            for form in group.values():
                yield from _cut(form.text(None), None, line, told=told)


def _cut(one: str, many: str | None, line: int, *, told: bool) -> Iterator[Message]:
    """Yield the messages that a text holds: each line, and what stands in columns, is one."""
    singles, severals = ([_bare(piece) for piece in cells(text or "")] for text in (one, many))
    for place, single in enumerate(singles):
        several = severals[place] if len(severals) == len(singles) and many else None
        if any(is_prose(text, told=told) for text in (single, several) if text):
            yield Message(single, several if several != single else None, line)


def _bare(text: str) -> str:
    """Return a text without blanks around it, and without the quotes that a query puts around a word."""
    quoted = text.startswith("'") and text.endswith("'") and text.count("'") == 2  # noqa: PLR2004 - one at each end
    return text.strip("'") if quoted else text.strip()
