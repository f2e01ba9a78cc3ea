"""Find the fields that a template wants filled, in the order in which they are met."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from mailaudit.facts.message.merge.conditions import filled_fields
from mailaudit.facts.message.merge.grammar import COMPUTED, Piece, bare, piece_of
from mailaudit.facts.message.merge.greetings import ends_in_greeting
from mailaudit.facts.message.merge.model import MergeField, Use
from mailaudit.facts.message.merge.system_fields import is_system_field
from mailaudit.facts.message.merge.unfilled import tags_of
from mailaudit.facts.recipients.reading.columns import header_key as comparable

MOST_FIELDS = 200
MOST_USES = 50
MOST_TAGS = 5_000
DEEPEST = 50
# What no reader sees, each with its end: style sheets, scripts, comments other than Outlook's, and those of templates.
_UNSEEN = re.compile(
    r"<(?P<name>style|script)\b|(?P<html><!--(?!\[if))|(?P<jinja>\{#)|(?P<handlebars>\{\{!--)|"
    r"\{%-?\s{0,9}(?P<block>comment|raw|verbatim)\b",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?P<jinja>\{#)|(?P<handlebars>\{\{!--)|\{%-?\s{0,9}(?P<block>comment)\b", re.IGNORECASE)
_ENDS = {"html": "-->", "jinja": "#}", "handlebars": "--}}"}


@dataclass(slots=True)
class _Frame:
    """What is open: the fields that are not empty in this branch (of a scope: its own), and in the next."""

    kind: str
    filled: frozenset[str]
    otherwise: frozenset[str] = frozenset()
    variable: str | None = None


@dataclass(slots=True)
class _Variable:
    """A name that the template gives: to the value of a field, to words of its own, or to the one or the other."""

    written: str | None
    fallback: str | None
    is_safe: bool = False


@dataclass(slots=True)
class _Scope:
    """The conditions and loops that are open, and the names that the template itself gives."""

    frames: list[_Frame] = field(default_factory=list)
    given: dict[str, _Variable] = field(default_factory=dict)

    def take(self, piece: Piece) -> None:
        kind = piece.kind
        if kind in {"if", "unless"} and len(self.frames) < DEEPEST:
            held, missed = self._filled(piece.condition)
            self.frames.append(_Frame(kind, held, missed) if kind == "if" else _Frame(kind, missed, held))
        elif kind in {"loop", "scope"} and len(self.frames) < DEEPEST:
            self.frames.append(_Frame(kind, frozenset(map(self.key, piece.names)), variable=piece.variable))
        elif kind == "end" and self.frames:
            self.frames.pop()
        elif kind == "else" and self.frames:
            last = self.frames[-1]
            held, missed = self._filled(piece.condition) if piece.condition.strip() else (frozenset[str](),) * 2
            self.frames[-1] = _Frame("if", last.otherwise | held, last.otherwise | missed)
        elif kind == "assign" and piece.variable:
            self._give(piece.variable, piece)

    def _give(self, variable: str, piece: Piece) -> None:
        """Note a variable; words of the template's own beside a field's value are what is read where that is empty."""
        before = self.given.get(variable)
        written = piece.names[0] if piece.names else None
        if before is None or before.written == written:
            is_safe = written is not None and self.is_guarded(self.key(written))
            self.given[variable] = _Variable(written, piece.fallback, is_safe)
        else:
            self.given[variable] = _Variable(before.written or written, piece.fallback, is_safe=True)

    def _filled(self, condition: str) -> tuple[frozenset[str], frozenset[str]]:
        held, missed = filled_fields(condition)
        return frozenset(map(self.key, held)), frozenset(map(self.key, missed))

    def variable(self, written: str) -> _Variable | None:
        """Return the variable of a field's value by which a tag is written."""
        found = self.given.get(written.lstrip("$"))
        return found if found and found.written else None

    def key(self, written: str) -> str:
        found = self.variable(written)
        return comparable(bare((found and found.written) or written))

    def is_guarded(self, key: str) -> bool:
        return any(frame.kind in {"if", "unless", "scope"} and key in frame.filled for frame in self.frames)

    def is_item(self, name: str, key: str) -> bool:
        first = name.lstrip(".$").partition(".")[0]
        if first in self.given:
            return True
        for frame in self.frames:
            if frame.kind == "loop" and (not frame.variable or first == frame.variable):
                return True
            if frame.kind == "scope" and key not in frame.filled:
                return True
        return False


def merge_fields(places: Iterable[tuple[str, str]]) -> tuple[MergeField, ...]:
    """Return the fields of texts with their places (`subject`, `html`, `text`); system fields and loop items are left out."""
    found: dict[str, tuple[str, list[Use], bool]] = {}
    for place, text in places:
        for name, use, is_certain in _uses(place, _seen(text)):
            _, uses, was_certain = found.setdefault(comparable(name), (name, [], is_certain))
            if len(uses) < MOST_USES:
                uses.append(use)
            found[comparable(name)] = (found[comparable(name)][0], uses, was_certain or is_certain)
    return tuple(MergeField(name, tuple(uses), sure) for name, uses, sure in list(found.values())[:MOST_FIELDS])


def computed_tag(texts: Iterable[str]) -> str | None:
    """Return the first tag of a language whose values are computed (AMPscript, ERB, PHP, FreeMarker)."""
    for text in texts:
        if any(mark in text for mark in ("%%", "<%", "<?", "<#")):
            for syntax, match in islice(tags_of(_seen(text)), MOST_TAGS):
                if syntax.name in COMPUTED and piece_of(syntax.name, match[0]).kind == "other":
                    return match[0]
    return None


def _uses(place: str, text: str) -> Iterator[tuple[str, Use, bool]]:
    scope = _Scope()
    for syntax, match in islice(tags_of(text), MOST_TAGS):
        tag = html.unescape(match[0]) if place == "html" else match[0]
        piece = piece_of(syntax.name, tag)
        scope.take(piece)
        if piece.kind != "field":
            continue
        given = scope.variable(piece.names[0])
        written = (given and given.written) or piece.names[0]
        name, key = bare(written), comparable(bare(written))
        if not key or is_system_field(key, written) or scope.is_item(written, key):
            continue
        greets = place != "subject" and ends_in_greeting(text[max(0, match.start() - 200) : match.start()])
        fallback = piece.fallback or (given.fallback if given else None)
        is_guarded = scope.is_guarded(key) or bool(given and given.is_safe)
        yield name, Use(tag, place, fallback, is_guarded, greets), piece.is_certain


def without_comments(template: str) -> str:
    """Return a template without the comments of its own language, as its program sends it."""
    return "".join(text for text, _ in _cut(template, _COMMENTS))


def _seen(source: str) -> str:
    """Return a text with blanks in place of what no reader sees."""
    return "".join(text + " " * hidden for text, hidden in _cut(source, _UNSEEN))


def _cut(source: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """Yield the texts between what a pattern opens, each with the length of what follows it; ends are looked for once."""
    place, endless, lowered = 0, set[str](), source.lower()
    for match in pattern.finditer(source):
        kind = match.lastgroup or ""
        end = _ENDS.get(kind) or (f"</{match[kind].lower()}" if kind == "name" else f"end{match[kind].lower()}")
        if match.start() < place or end in endless:
            continue
        stop = lowered.find(end, match.end())
        if stop < 0:
            endless.add(end)
            continue
        stop += len(end)
        if kind == "block":
            stop = max(lowered.find("%}", stop, stop + 10) + 2, stop)
        yield source[place : match.start()], stop - match.start()
        place = stop
    yield source[place:], 0
