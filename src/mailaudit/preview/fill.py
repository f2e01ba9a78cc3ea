"""Fill a template with the values of one person, as far as its syntax is known here."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from mailaudit.facts.message.merge.conditions import is_met
from mailaudit.facts.message.merge.fields import without_comments
from mailaudit.facts.message.merge.grammar import COMPUTED, Piece, bare, piece_of
from mailaudit.facts.message.merge.system_fields import is_system_field
from mailaudit.facts.message.merge.unfilled import tags_of
from mailaudit.facts.recipients.reading.columns import header_key as comparable

NOT_FILLED = COMPUTED | {"emma"}


class Filled(Struct, frozen=True):
    """The text that one person reads, and the tags that stand in it as they are."""

    text: str
    left: tuple[str, ...]


@dataclass(slots=True)
class _Block:
    """A condition or a loop that is open: whether its text is shown, and whether any branch was."""

    is_shown: bool
    was_shown: bool
    is_loop: bool = False


@dataclass(slots=True)
class _Filling:
    values: Mapping[str, str]
    blocks: list[_Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    left: dict[str, None] = field(default_factory=dict)

    @property
    def is_shown(self) -> bool:
        return all(block.is_shown for block in self.blocks)

    def write(self, text: str) -> None:
        if self.is_shown:
            self.pieces.append(text)

    def take(self, tag: str, piece: Piece) -> None:
        if piece.kind == "field":
            self.write(self._value(tag, piece))
        elif piece.kind in {"if", "unless", "scope"}:
            holds = self._holds(tag, piece) != (piece.kind == "unless")
            self.blocks.append(_Block(holds, holds))
        elif piece.kind == "loop":
            self.left[tag] = None
            self.blocks.append(_Block(is_shown=True, was_shown=True, is_loop=True))
        elif piece.kind == "else" and self.blocks:
            last = self.blocks[-1]
            holds = not last.was_shown and (not piece.condition.strip() or self._holds(tag, piece))
            self.blocks[-1] = _Block(holds, last.was_shown or holds, last.is_loop)
        elif piece.kind == "end" and self.blocks:
            self.blocks.pop()
        elif piece.kind == "assign" and piece.names and piece.variable and self.is_shown:
            self.values = {**self.values, comparable(piece.variable): self._value(tag, piece)}
        elif piece.kind in {"assign", "other"} and self.is_shown:
            self.left[tag] = None

    def _value(self, tag: str, piece: Piece) -> str:
        name = bare(piece.names[0])
        key = comparable(name)
        if key in self.values:
            return self.values[key] or piece.fallback or ""
        if is_system_field(key, piece.names[0]):
            return f"[{name}]"
        self.left[tag] = None
        return piece.fallback or tag

    def _holds(self, tag: str, piece: Piece) -> bool:
        def value_of(name: str) -> str:
            key = comparable(bare(name))
            if key not in self.values and not is_system_field(key, name):
                self.left[tag] = None
            return self.values.get(key, "")

        return is_met(piece.condition, value_of)


def fill(template: str, values: Mapping[str, str], *, is_html: bool) -> Filled:
    """Return a template with values by the comparable names of their fields; values are put in as they are."""
    filling = _Filling(values)
    place = 0
    template = without_comments(template)
    for syntax, match in tags_of(template):
        filling.write(template[place : match.start()])
        place = match.end()
        tag = html.unescape(match[0]) if is_html else match[0]
        if syntax.name in NOT_FILLED:
            filling.left[tag] = None
            filling.write(match[0])
        else:
            filling.take(tag, piece_of(syntax.name, tag))
    filling.write(template[place:])
    return Filled("".join(filling.pieces), tuple(filling.left))
