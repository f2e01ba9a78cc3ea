"""A message of the catalogue as a pattern: an English sentence is read back into the values of its placeholders."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

PLACEHOLDER = re.compile(r"\{([a-z]\w*)\}")
_FILLED = re.compile(r"\{\{|\}\}|(?:\b([^\W\d]+) )?\{([a-z]\w*)\}")
# What is quoted is said as it is.
_OPENING = ("“", "„", "«", '"', "`", "\u2018")
_SMALL = set("It it in of from to for at by with on until than over under per a an the and or".split())
_MANY = 9
# Placeholders of what people type or look up as it stands: keys, names, places, records.
_TYPED = set(
    "close meant likely city section by_folded file path url folder check selector command record option key_name".split()
)
_NUMBERED = re.compile(r"_\d+$")
_WORD = re.compile(r"[^\W_][\w'’]*")
_END_OF_SENTENCE = re.compile(r"[.!?] +[A-Z“`]|[;:] ")


def filled(text: str, values: Mapping[str, str], joined: Callable[[str, str], str] = "{} {}".format) -> str:
    """Return a message with its values; one that is not known stays a placeholder.

    `joined` puts a value and the word before it together.
    """

    def piece(found: re.Match[str]) -> str:
        if found[2] is None:
            return found[0][0]
        value = values.get(found[2], f"{{{found[2]}}}")
        return joined(found[1], value) if found[1] else value

    return _FILLED.sub(piece, text)


def words(text: str) -> set[str]:
    """Return the words of a text, by which messages are found."""
    return set(_WORD.findall(text))


class Reading(Struct, frozen=True):
    """A sentence as an instance of a message: its values by name, which of them are quoted, which something follows."""

    values: Mapping[str, str]
    quoted: frozenset[str]
    followed: tuple[str, ...] = ()

    begins: bool = False

    @property
    def followed_over(self) -> list[str]:
        """The values that run over the end of a clause although the message goes on."""
        return [value for value in self.followed if _END_OF_SENTENCE.search(value)]

    @property
    def begins_over(self) -> list[str]:
        """The value with which the text begins, if it runs over the end of a clause."""
        return self.followed_over[:1] if self.begins and self.followed[:1] == tuple(self.followed_over[:1]) else []

    @property
    def running_over(self) -> list[str]:
        """The values that run over the end of a sentence."""
        return [value for value in self.values.values() if _END_OF_SENTENCE.search(value)]


@dataclass(frozen=True)
class Pattern:
    """One English form of a message; `key` is what the catalogue knows it by, `many` its plural form if it has one."""

    text: str
    key: str
    many: str | None = None

    @cached_property
    def _split(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = PLACEHOLDER.split(self.text)
        literals = tuple(piece.replace("{{", "{").replace("}}", "}") for piece in found[::2])
        return literals, tuple(found[1::2])

    @cached_property
    def ends(self) -> tuple[str, str]:
        """What every instance begins with, and what it ends with."""
        literals, _ = self._split
        return literals[0], literals[-1]

    @cached_property
    def _quoted(self) -> frozenset[str]:
        literals, names = self._split
        return frozenset(
            name
            for place, name in enumerate(names)
            if literals[place].endswith(_OPENING)
            or "".join(literals[: place + 1]).count("`") % 2
            or _NUMBERED.sub("", name) in _TYPED
        )

    @cached_property
    def weight(self) -> tuple[int, int]:
        """How much of a sentence the message itself says; the message that says most is the one that was meant."""
        literals, names = self._split
        return sum(map(len, literals)), -len(names)

    @cached_property
    def anchors(self) -> set[str]:
        """The words that every instance holds: those that no placeholder touches."""
        literals, _ = self._split
        last = len(literals) - 1
        found: set[str] = set()
        for place, literal in enumerate(literals):
            for word in _WORD.finditer(literal):
                touches_before = place > 0 and word.start() == 0
                touches_behind = place < last and word.end() == len(literal)
                if not (touches_before or touches_behind):
                    found.add(word.group())
        return found

    @cached_property
    def own_words(self) -> int:
        """How many words say something; a message of none or one beside its values fits much that is none."""
        if "{" not in self.text or "{n}" in self.text or len(words(self._split[0][0])) > 1:
            return _MANY
        return len(words(PLACEHOLDER.sub(" ", self.text)) - _SMALL)

    def read(self, text: str) -> Reading | None:
        """Return the values with which the message says this text; nothing when it does not."""
        literals, names = self._split
        if not names:
            return Reading({}, frozenset()) if literals[0] == text else None
        head, tail = self.ends
        if not (text.startswith(head) and text.endswith(tail)) or len(text) < len(head) + len(tail):
            return None
        values: dict[str, str] = {}
        done, end = len(head), len(text) - len(tail)
        for place, name in enumerate(names):
            is_last = place == len(names) - 1
            found = end if is_last else text.find(literals[place + 1], done, end)
            if found < done or values.setdefault(name, text[done:found]) != text[done:found]:
                return None
            done = found + (0 if is_last else len(literals[place + 1]))
        if "n" in values and not values["n"].replace(",", "").isdigit():
            return None
        # What only parentheses close ends there.
        followed = tuple(values[name] for name in (names if tail.strip(").") else names[:-1]))
        return Reading(values, self._quoted, followed, not head)
