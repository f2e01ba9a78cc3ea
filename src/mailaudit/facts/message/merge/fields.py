"""Find the fields that a template wants filled, in the order in which they are met."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from mailaudit.facts.message.merge.grammar import Piece, asks_for_nothing, bare, piece_of
from mailaudit.facts.message.merge.greetings import ends_in_greeting
from mailaudit.facts.message.merge.model import MergeField, Use
from mailaudit.facts.message.merge.system_fields import is_system_field
from mailaudit.facts.message.merge.unfilled import tags_of
from mailaudit.facts.recipients.reading.columns import header_key as comparable

MOST_FIELDS = 200
MOST_USES = 50
MOST_TAGS = 5_000
DEEPEST = 50
_SWAPPED = {"if": "unless", "unless": "if"}
# What no reader sees: style sheets, scripts, and comments other than Outlook's, each with its end.
_UNSEEN = re.compile(r"<(?P<name>style|script)\b|<!--(?!\[if)", re.IGNORECASE)


@dataclass(slots=True)
class _Frame:
    kind: str
    names: frozenset[str]
    variable: str | None = None


@dataclass(slots=True)
class _Scope:
    """The conditions and loops that are open, and the names that the template itself gives."""

    frames: list[_Frame] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def take(self, piece: Piece) -> None:
        names = frozenset(comparable(bare(name)) for name in piece.names)
        kind: str = piece.kind
        if kind in _SWAPPED and asks_for_nothing(piece.condition):
            kind = _SWAPPED[kind]
        if kind in {"if", "unless", "loop", "scope"} and len(self.frames) < DEEPEST:
            self.frames.append(_Frame(kind, names, piece.variable))
        elif piece.kind == "end" and self.frames:
            self.frames.pop()
        elif piece.kind == "else" and self.frames:
            last = self.frames[-1]
            asked = "unless" if asks_for_nothing(piece.condition) else "if"
            self.frames[-1] = (
                _Frame(asked, names) if names else _Frame(_SWAPPED.get(last.kind, "unless"), last.names)
            )
        elif piece.variable:
            self.given.add(piece.variable)

    def is_guarded(self, key: str) -> bool:
        return any(frame.kind in {"if", "scope"} and key in frame.names for frame in self.frames)

    def is_item(self, name: str, key: str) -> bool:
        first = name.lstrip(".$").partition(".")[0]
        if first in self.given:
            return True
        for frame in self.frames:
            if frame.kind == "loop" and (not frame.variable or first == frame.variable):
                return True
            if frame.kind == "scope" and key not in frame.names:
                return True
        return False


def merge_fields(places: Iterable[tuple[str, str]]) -> tuple[MergeField, ...]:
    """Return the fields of texts with their places (`subject`, `html`, `text`); system fields and loop items are left out."""
    found: dict[str, tuple[str, list[Use], bool]] = {}
    for place, text in places:
        for name, use, is_certain in _uses(place, _seen(text) if place == "html" else text):
            _, uses, was_certain = found.setdefault(comparable(name), (name, [], is_certain))
            if len(uses) < MOST_USES:
                uses.append(use)
            found[comparable(name)] = (found[comparable(name)][0], uses, was_certain or is_certain)
    return tuple(MergeField(name, tuple(uses), sure) for name, uses, sure in list(found.values())[:MOST_FIELDS])


def _uses(place: str, text: str) -> Iterator[tuple[str, Use, bool]]:
    scope = _Scope()
    for syntax, match in islice(tags_of(text), MOST_TAGS):
        tag = html.unescape(match[0]) if place == "html" else match[0]
        piece = piece_of(syntax.name, tag)
        scope.take(piece)
        if piece.kind != "field":
            continue
        written = piece.names[0]
        name, key = bare(written), comparable(bare(written))
        if not key or is_system_field(key, written) or scope.is_item(written, key):
            continue
        greets = place != "subject" and ends_in_greeting(text[max(0, match.start() - 200) : match.start()])
        yield name, Use(tag, place, piece.fallback, scope.is_guarded(key), greets), piece.is_certain


def _seen(source: str) -> str:
    """Return HTML with blanks in place of what no reader sees; what has no end is looked for once."""
    pieces: list[str] = []
    place, endless, lowered = 0, set[str](), source.lower()
    for match in _UNSEEN.finditer(source):
        end = f"</{match['name'].lower()}" if match["name"] else "-->"
        if match.start() < place or end in endless:
            continue
        stop = lowered.find(end, match.end())
        if stop < 0:
            endless.add(end)
            continue
        pieces += [source[place : match.start()], " " * (stop - match.start())]
        place = stop
    return "".join((*pieces, source[place:]))
