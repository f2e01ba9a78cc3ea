"""How a language says what the program made in English: sentences, and the numbers, dates and lists in them."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from mailaudit.language.catalogue import Catalogue
from mailaudit.language.joints import ADDED, JOINT, NAME, SENTENCES, STRENGTH, begun_as, is_list, is_outside
from mailaudit.language.message import Pattern, Reading
from mailaudit.language.names import Names
from mailaudit.language.parts import has_words, in_pieces, in_words
from mailaudit.language.verbatim import CODE, HOSTS, KEY, KEYS, PASTED, PLACE, RESULTS
from mailaudit.language.writing import NUMBER, Writing

# Nobody writes a sentence as long as this, or with so many parts: it is data.
_LONGEST = 6_000
_LONGEST_VALUE = 300
_LONGEST_CLAUSES = 1_000
_AMOUNT = re.compile(r"[\d,]+ [a-z]+")
_DURATION = re.compile(r"[\d,]+ [a-z]+(?: \d+ [a-z]+)+")
_COUNTED = re.compile(r"(\d[\d,]*(?:\.\d+)?(?: %)?) (.+)")
_SHARE = re.compile(r"(.+?) ((?:(?:under|over) )?\d[\d,]*(?:\.\d+)? %)")
_CLAUSE = re.compile("[:;] ")
_BROKEN = re.compile(r"[.,;:!?] | and | or | \((?!\d|(?:under|over) \d)")
_NAME_AT_MOST = 4
_MOST_JOINTS = 40


class Speech:
    """One language; every text is said once and remembered. `given` are names that stay as the reader gave them."""

    def __init__(self, known: Catalogue, given: frozenset[str] = frozenset()) -> None:
        self.known = known
        self._written = Writing(known)
        self._given = given
        self._names = Names(given, known.has)
        self.say: Callable[[str], str] = lru_cache(maxsize=20_000)(self._say)
        # A text of many joints is tried in many ways, each part of it once.
        self._value: Callable[[str], str] = lru_cache(maxsize=20_000)(self._any)
        self._whole: Callable[[str], str | None] = lru_cache(maxsize=20_000)(self._one)
        self._found: Callable[[str], tuple[Pattern, Reading] | None] = lru_cache(maxsize=20_000)(self._read)

    def _say(self, text: str) -> str:
        if not text or len(text) > _LONGEST:
            return text
        hidden = self._names.hidden(text)
        told = in_pieces(hidden, self._piece)
        if told == hidden != text:
            return in_pieces(text, self._piece)
        return told if hidden == text else self._names.shown(told)

    def _piece(self, text: str) -> str:
        """Return a piece of a text as the language says it; as it is, where what is to be pasted would not stand in it."""
        if PASTED.match(text):
            return text
        if added := ADDED.match(text):
            return self._joint(added.group()) + self._piece(text[added.end() :])
        label = text if KEY.fullmatch(text) and text[:-1] not in self._given else text.removesuffix(":")
        if label in self._given:
            return label + self._end(text[len(label) :])
        told = (
            self._whole(text)
            or self._sentences(text)
            or self._joined(text)
            or label + self._end(text[len(label) :])
        )
        return told if all(code in told for code in CODE.findall(text)) else text

    def _any(self, text: str) -> str:
        """Return what stands in a sentence: said where it is known, else as it is."""
        if text in RESULTS or PASTED.match(text):
            return text
        if span := in_words(text):
            return self._message(span) or text
        if day := self._written.day(text):
            return day
        if added := ADDED.match(text):
            return self._joint(added.group()) + self._any(text[added.end() :])
        bare = text.strip()
        told = self._whole(bare) or self._sentences(bare) or self._joined(bare)
        return text.replace(bare, told) if told else text

    def _one(self, text: str) -> str | None:
        """Return a text that is one message, whatever its first letter and its last sign; nothing when it is none."""
        if text in self._given:
            return text
        bare = text.rstrip(".:")
        if " " in bare and self.known.has(bare) and not self.known.has(text):
            return f"{self._message(bare)}{self._end(text[len(bare) :])}"
        return (
            self._written.form(text)
            or self._duration(text)
            or self._unended(text)
            or self._message(text)
            or self._dressed(text)
        )

    def _unended(self, text: str) -> str | None:
        """Return a message that has lost its full stop or its colon, where it says more than one that fits as it is."""
        if text.endswith((".", ",", ";", ":")) or " " not in text:
            return None
        plain = self._found(text)
        for end in (".", ":"):
            ended = self._found(f"{text}{end}")
            if ended and (plain is None or ended[0].weight[0] - 1 > plain[0].weight[0]):
                return (self._message(f"{text}{end}") or "").removesuffix(end).rstrip() or None
        return None

    def _duration(self, text: str) -> str | None:
        """Return a length of time in several units: `2 h 34 min`."""
        if not _DURATION.fullmatch(text):
            return None
        told = [self._message(one) for one in _AMOUNT.findall(text)]
        return " ".join(filter(None, told)) if all(told) else None

    def _dressed(self, text: str) -> str | None:
        if text.startswith("(") and text.endswith(")") and (told := self._whole(text[1:-1])):
            return f"({told})"
        if " " not in text:
            return self._word(text)
        for end in (".", ":", ""):
            bare = text.removesuffix(end) if end and text.endswith(end) else text
            for change in (str.lower, str.upper):
                told = self._message(change(bare[:1]) + bare[1:])
                if told:
                    return begun_as(bare, told) + self._end(end if len(bare) < len(text) else "")
            if len(bare) < len(text) and (told := self._message(bare)):
                return told + self._end(end)
        if share := _SHARE.fullmatch(text):
            return f"{self._value(share[1])} {self._value(share[2])}"
        bare = text.removesuffix(".")
        counted = _COUNTED.fullmatch(bare)
        noun = self._message(counted[2]) if counted and self.known.has(counted[2]) else None
        return f"{self._written.form(counted[1])} {noun}{text[len(bare) :]}" if counted and noun else None

    def _word(self, text: str) -> str | None:
        """Return a word that stands alone, which is a name unless a message is just this word."""
        bare = text.rstrip(":")
        told = self._message(bare)
        if not told and bare.istitle() and bare.isalpha():
            told = self._message(bare.lower())
            told = told[:1].upper() + told[1:] if told else None
        return told + self._end(text[len(bare) :]) if told else None

    def _message(self, text: str) -> str | None:
        found = self._found(text)
        if found is None:
            return None
        pattern, reading = found
        if not self._holds(reading) and (told := self._sentences(text) or self._both(text)):
            return told
        if text.endswith(")") and (told := self._bracketed(text, pattern)):
            return told
        count = int(reading.values.get("n", "1" if pattern.text == pattern.key else "2").replace(",", ""))
        told = self.known.said(pattern, count)
        values = {
            name: value if name in reading.quoted else self._value(value) for name, value in reading.values.items()
        }
        return self._written.filled(told, values)

    def _holds(self, reading: Reading) -> bool:
        """Say whether no value runs over the end of a sentence, but where it is a message itself."""
        return all(self._found(value) for value in reading.running_over)

    def _is_plain(self, reading: Reading) -> bool:
        """Say whether nothing in the values is left unread."""
        return all(self._is_sure(value, 1) for value in reading.values.values())

    def _bracketed(self, text: str, pattern: Pattern) -> str | None:
        """Return a message with something in parentheses behind it; nothing when it says no more than the whole does."""
        joint = next((one for one in JOINT.finditer(text) if one.group() == " (" and is_outside(one, text)), None)
        found = self._found(text[: joint.start()]) if joint else None
        if joint is None or found is None or found[0].weight <= pattern.weight or not self._is_plain(found[1]):
            return None
        return f"{self._message(text[: joint.start()])}{self._joint(joint.group())}{self._rest(joint, text)}"

    def _is_sure(self, value: str, own_words: int = 0) -> bool:
        """Say whether a value is a number, words of data or a message, or several of them: nothing that anybody wrote.

        Beside a word of the message's own, it may be a name too, which holds no sentence and no list.
        """
        if " · " in value:
            return False
        if own_words and value.count(" ") < _NAME_AT_MOST and not _BROKEN.search(value):
            return True
        if len(value) > _LONGEST_VALUE:
            return False
        if self._written.form(value) or all(map(NAME.search, value.split())) or self._whole(value):
            return True
        joint = next((joint for joint in JOINT.finditer(value) if is_outside(joint, value)), None)
        if joint is None:
            return False
        closed = joint.group() == " ("
        return self._is_sure(value[: joint.start()]) and self._is_sure(value[joint.end() : -1 if closed else None])

    def _read(self, text: str) -> tuple[Pattern, Reading] | None:
        """Return the message that a text is; one of few words of its own only where its values are plain.

        Of several, the one that says most and goes on behind no value that runs over into another clause, but for one
        that is read as well.
        """
        fitting = self.known.readings(text)
        likely = self._likely(fitting)
        found = next((one for one in likely if all(map(self._is_sentence, one[1].begins_over))), None)
        if found and not all(map(self._is_sentence, found[1].followed_over)) and not self._is_plain(found[1]):
            led = (one for one in self._likely(fitting) if not one[1].begins and not one[1].followed_over)
            found = next(led, found)
        return found or next(self._likely(fitting), None)

    def _likely(self, fitting: list[tuple[Pattern, Reading]]) -> Iterator[tuple[Pattern, Reading]]:
        """Yield the messages that a text may be, but those of few words of their own with values that are not plain."""
        for pattern, reading in fitting:
            if pattern.own_words > 1 or all(
                self._is_sure(value, pattern.own_words) and (pattern.own_words or not _CLAUSE.search(value))
                for value in reading.values.values()
            ):
                yield pattern, reading

    def _is_sentence(self, text: str) -> bool:
        """Say whether a value is a message that ends where it ends."""
        return text.endswith(".") and self._whole(text) is not None

    def _sentences(self, text: str) -> str | None:
        """Return several messages one after the other; nothing when one of them is none."""
        ends = [found.start() for found in SENTENCES.finditer(text)]
        for end in reversed(ends if len(ends) <= _MOST_JOINTS else []):
            found = self._found(text[:end])
            first = self._message(text[:end]) if found and self._holds(found[1]) else None
            if first:
                return f"{first} {self._value(text[end:].lstrip())}"
        return None

    def _both(self, text: str) -> str | None:
        """Return two messages with a colon or a semicolon between them; nothing when there are not two."""
        for joint in JOINT.finditer(text):
            if _CLAUSE.match(joint.group()) and len(text) < _LONGEST_CLAUSES and is_outside(joint, text):
                before, rest = text[: joint.start()], text[joint.end() :]
                stands = before in RESULTS or PLACE.fullmatch(before)
                first, second = self._whole(before) or (before if stands else None), self._whole(rest)
                if first and joint.group() == "; ":
                    second = second or self._joined(rest)
                if first and second:
                    return first + self._joint(joint.group()) + second
        return None

    def _joined(self, text: str) -> str | None:
        """Return a text that is made of several, each said where it is known; nothing when there is no joint."""
        if HOSTS.fullmatch(text):
            return text.replace(" and ", self._joint(" and "))
        if KEYS.fullmatch(text) or not (has_words(text) or NUMBER.search(text)):
            return None
        sentences = SENTENCES.split(text)
        if len(sentences) > 1:
            return " ".join(map(self._value, sentences))
        if text.endswith((":", ".")) and (told := self._joined(text[:-1])):
            return told + self._end(text[-1])
        joints = [joint for joint in JOINT.finditer(text) if is_outside(joint, text)]
        return self._at_joints(text, joints) if 0 < len(joints) <= _MOST_JOINTS else None

    def _at_joints(self, text: str, joints: list[re.Match[str]]) -> str | None:
        for joint in sorted(joints, key=lambda joint: STRENGTH.index(joint.group())):
            if told := self._behind(joint, text):
                return told
        for joint in reversed(joints):
            if told := self._whole(text[: joint.start()]):
                return told + self._joint(joint.group()) + self._rest(joint, text)
        strongest = min(joints, key=lambda joint: STRENGTH.index(joint.group()))
        before, rest = text[: strongest.start()], text[strongest.end() :]
        first, last = self._value(before), self._rest(strongest, text)
        if first == before and last == rest and not is_list(strongest, before, rest):
            return None
        return first + self._joint(strongest.group()) + last

    def _behind(self, joint: re.Match[str], text: str) -> str | None:
        """Return a text whose last part is one message."""
        closed = joint.group() == " (" and text.endswith(")")
        rest = text[joint.end() : -1 if closed else None]
        last = rest if joint.group() == ": " and PASTED.match(rest) else self._whole(rest)
        if last is None:
            return None
        return self._before(text[: joint.start()]) + self._joint(joint.group()) + last + (")" if closed else "")

    def _before(self, text: str) -> str:
        """Return what stands before a message; a place and a name before it are no data, so that their colon is said."""
        told = self._value(text)
        plain = told == text and not any(sign in text for sign in "`\"'{")
        return self._joint(": ").join(text.split(": ")) if plain else told

    def _rest(self, joint: re.Match[str], text: str) -> str:
        closed = joint.group() == " (" and text.endswith(")")
        return self._value(text[joint.end() : -1]) + ")" if closed else self._value(text[joint.end() :])

    def _end(self, signs: str) -> str:
        """Return what ends a text, with the blank that the language has before a colon."""
        return signs.replace(":", self.known.form("joint", ": ").rstrip(" "))

    def _joint(self, joint: str) -> str:
        bare = joint.strip()
        return f" {self.known.form('joint', bare)} " if bare in {"and", "or"} else self.known.form("joint", joint)
