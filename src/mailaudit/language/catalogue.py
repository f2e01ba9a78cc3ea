"""The catalogue of a language: a gettext file (.mo), and the patterns by which its messages are found."""

import struct
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files

from mailaudit.language.message import Pattern, Reading, words

_FEW = 0x950412DE
_BETWEEN_CONTEXT_AND_KEY = "\x04"


class Catalogue:
    """The messages of a language, found by the English text that the program made of them."""

    def __init__(self, octets: bytes) -> None:
        import io  # noqa: PLC0415 - English needs none of it

        self._translations = GNUTranslations(io.BytesIO(octets))
        patterns = [pattern for one, many in _originals(octets) for pattern in _patterns(one, many)]
        self._whole = {pattern.text: pattern for pattern in reversed(patterns) if "{" not in pattern.text}
        frequency = Counter(word for pattern in patterns for word in pattern.anchors)
        self._by_word: dict[str, list[tuple[tuple[str, str], Pattern]]] = defaultdict(list)
        self._anywhere = [
            (one.ends, one) for one in patterns if "{" in one.text and not one.anchors and one.own_words
        ]
        for pattern in patterns:
            if "{" in pattern.text and pattern.anchors:
                self._by_word[min(sorted(pattern.anchors), key=frequency.__getitem__)].append(
                    (pattern.ends, pattern)
                )

    def readings(self, text: str) -> list[tuple[Pattern, Reading]]:
        """Return the messages that may say the whole of a text, each with its values; first the one that says most of it."""
        if text in self._whole:
            return [(self._whole[text], Reading({}, frozenset()))]
        likely = (*(self._by_word[word] for word in words(text) if word in self._by_word), self._anywhere)
        found = [
            (pattern, reading)
            for patterns in likely
            for (head, tail), pattern in patterns
            if text.startswith(head) and text.endswith(tail) and (reading := pattern.read(text)) is not None
        ]
        return sorted(found, key=lambda pair: pair[0].weight, reverse=True)

    def has(self, text: str) -> bool:
        """Say whether a text is a message as it stands."""
        return text in self._whole

    def said(self, pattern: Pattern, count: int) -> str:
        """Return a message in the language, in the form for a number of things."""
        if pattern.many is None:
            return self._translations.gettext(pattern.key)
        return self._translations.ngettext(pattern.key, pattern.many, count)

    def form(self, context: str, key: str) -> str:
        """Return how the language writes what is no sentence: a number, a date, the name of a month."""
        return self._translations.pgettext(context, key)


@cache
def catalogue(language: str) -> Catalogue | None:
    """Return the catalogue of a language; nothing when it was not compiled, as in a source tree that nobody installed."""
    file = files("mailaudit.language").joinpath("locale", language, "LC_MESSAGES", "mailaudit.mo")
    return Catalogue(file.read_bytes()) if file.is_file() else None


def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, and English."""
    found = (folder.name for folder in files("mailaudit.language").joinpath("locale").iterdir() if folder.is_dir())
    return tuple(sorted({*found, "en"}))


def _originals(octets: bytes) -> Iterator[tuple[str, str | None]]:
    """Yield the English texts of a .mo file, which `gettext` keeps to itself: each message, and its plural."""
    order = "<" if struct.unpack("<I", octets[:4])[0] == _FEW else ">"
    count, table = struct.unpack(f"{order}II", octets[8:16])
    for number in range(count):
        length, start = struct.unpack_from(f"{order}II", octets, table + 8 * number)
        key = octets[start : start + length].decode()
        if key and _BETWEEN_CONTEXT_AND_KEY not in key:
            one, _, many = key.partition("\0")
            yield one, many or None


def _patterns(one: str, many: str | None) -> Iterator[Pattern]:
    yield Pattern(one, one, many)
    if many:
        yield Pattern(many, one, many)
