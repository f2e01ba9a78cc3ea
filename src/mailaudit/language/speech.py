"""How a language says what the program made in English: sentences, and the numbers, dates and lists in them."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache

from mailaudit.language.catalogue import Catalogue
from mailaudit.language.message import Pattern, Reading, filled
from mailaudit.language.parts import has_words, in_pieces

# Nobody writes a sentence as long as this: it is data.
_LONGEST = 6_000
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+")
# Words of data: of hosts, addresses and records.
_NAME = re.compile(r"[\d@/_=:~]|\w\.\w|^[A-Z]{1,7}$")
_PERCENT = re.compile(r"([\d,]+(?:\.\d+)?) ?%")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?(?:, (\d\d:\d\d(?::\d\d)?))?")
_COUNTED = re.compile(r"([\d,.]+(?: %)?) (.+)")
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?")
_DURATION = re.compile(r"[\d,]+ [a-z]+(?: \d+ [a-z]+)+")
_SENTENCES = re.compile(r"(?<=[.!?…]) +(?=[A-Z“`\d(])")
# Where a text that is no message as a whole is taken apart, the strongest joint first.
_STRENGTH = ("; ", " · ", ": ", " (", ", ", " and ", " or ")
_JOINT = re.compile("|".join(map(re.escape, _STRENGTH)))
# A list of keys or of names, which are typed as they stand.
_KEYS = re.compile(r"[a-z_.-]+(?:, [a-z_.-]+)+(?: (?:and|or) [a-z_.-]+)?")
_BROKEN = re.compile(r"[.,;:!?] | and | or ")
_MOST_JOINTS = 40


class Speech:
    """One language; every text is said once and remembered."""

    def __init__(self, known: Catalogue) -> None:
        self._known = known
        self.say: Callable[[str], str] = lru_cache(maxsize=20_000)(self._say)
        # A text of many joints is tried in many ways, each part of it once.
        self._value: Callable[[str], str] = lru_cache(maxsize=20_000)(self._any)
        self._whole: Callable[[str], str | None] = lru_cache(maxsize=20_000)(self._one)

    def _say(self, text: str) -> str:
        if not text or len(text) > _LONGEST:
            return text
        return in_pieces(
            text, lambda piece: self._whole(piece) or self._sentences(piece) or self._joined(piece) or piece
        )

    def _any(self, text: str) -> str:
        """Return what stands in a sentence: said where it is known, else as it is."""
        bare = text.strip()
        told = self._whole(bare) or self._sentences(bare) or self._joined(bare)
        return text.replace(bare, told) if told else text

    def _one(self, text: str) -> str | None:
        """Return a text that is one message, whatever its first letter and its last sign; nothing when it is none."""
        return self._form(text) or self._message(text) or self._dressed(text)

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
                    begun = told[:1].upper() if bare[:1].isupper() else told[:1]
                    return begun + told[1:] + text[len(bare) :]
            if len(bare) < len(text) and (told := self._message(bare)):
                return told + text[len(bare) :]
        for end in () if text.endswith((".", ",", ";", ":")) else (".", ":"):
            if told := self._message(f"{text}{end}"):
                return told.removesuffix(end).rstrip()
        counted = _COUNTED.fullmatch(text)
        noun = self._message(counted[2]) if counted and self._known.has(counted[2]) else None
        return f"{self._form(counted[1])} {noun}" if counted and noun else None

    def _word(self, text: str) -> str | None:
        """Return a word that stands alone, which is a name unless a message is just this word."""
        bare = text.rstrip(":")
        told = self._message(bare)
        if not told and bare.istitle() and bare.isalpha():
            told = self._message(bare.lower())
            told = told[:1].upper() + told[1:] if told else None
        return told + text[len(bare) :] if told else None

    def _message(self, text: str) -> str | None:
        found = self._found(text)
        if found is None:
            return None
        pattern, reading = found
        if not self._holds(reading) and (told := self._sentences(text)):
            return told
        count = int(reading.values.get("n", "1").replace(",", ""))
        told = self._known.said(pattern, count)
        values = {
            name: value if name in reading.quoted else self._value(value) for name, value in reading.values.items()
        }
        return filled(told, values)

    def _holds(self, reading: Reading) -> bool:
        """Say whether no value runs over the end of a sentence, but where it is a message itself."""
        return all(self._found(value) for value in reading.running_over)

    def _is_sure(self, value: str, own_words: int = 0) -> bool:
        """Say whether a value is a number, words of data or a message, or several of them: nothing that anybody wrote.

        Beside a word of the message's own, it may be a name too, which holds no sentence and no list.
        """
        if own_words and not _BROKEN.search(value):
            return True
        if self._form(value) or all(map(_NAME.search, value.split())) or self._whole(value):
            return True
        joint = next((joint for joint in _JOINT.finditer(value) if _is_outside(joint, value)), None)
        if joint is None:
            return False
        closed = joint.group() == " ("
        return self._is_sure(value[: joint.start()]) and self._is_sure(value[joint.end() : -1 if closed else None])

    def _found(self, text: str) -> tuple[Pattern, Reading] | None:
        """Return the message that a text is; one of few words of its own only where its values are plain."""
        for pattern, reading in self._known.readings(text):
            if pattern.own_words > 1 or all(
                self._is_sure(value, pattern.own_words) for value in reading.values.values()
            ):
                return pattern, reading
        return None

    def _sentences(self, text: str) -> str | None:
        """Return several messages one after the other; nothing when one of them is none."""
        ends = [found.start() for found in _SENTENCES.finditer(text)]
        for end in reversed(ends):
            found = self._found(text[:end])
            first = self._message(text[:end]) if found and self._holds(found[1]) else None
            if first:
                return f"{first} {self._value(text[end:].lstrip())}"
        return None

    def _joined(self, text: str) -> str | None:
        """Return a text that is made of several, each said where it is known; nothing when there is no joint."""
        if _KEYS.fullmatch(text) or not (has_words(text) or _NUMBER.search(text)):
            return None
        sentences = _SENTENCES.split(text)
        if len(sentences) > 1:
            return " ".join(map(self._value, sentences))
        joints = [joint for joint in _JOINT.finditer(text) if _is_outside(joint, text)][:_MOST_JOINTS]
        for joint in joints:
            if told := self._behind(joint, text):
                return told
        for joint in reversed(joints):
            if told := self._whole(text[: joint.start()]):
                return told + self._joint(joint.group()) + self._rest(joint, text)
        if joints:
            weakest = min(joints, key=lambda joint: _STRENGTH.index(joint.group()))
            return self._value(text[: weakest.start()]) + self._joint(weakest.group()) + self._rest(weakest, text)
        return None

    def _behind(self, joint: re.Match[str], text: str) -> str | None:
        """Return a text whose last part is one message."""
        closed = joint.group() == " (" and text.endswith(")")
        last = self._whole(text[joint.end() : -1 if closed else None])
        if last is None:
            return None
        return self._value(text[: joint.start()]) + self._joint(joint.group()) + last + (")" if closed else "")

    def _rest(self, joint: re.Match[str], text: str) -> str:
        closed = joint.group() == " (" and text.endswith(")")
        return self._value(text[joint.end() : -1]) + ")" if closed else self._value(text[joint.end() :])

    def _joint(self, joint: str) -> str:
        bare = joint.strip()
        return (
            f" {self._known.form('joint', bare)} " if bare in {"and", "or"} else self._known.form("joint", joint)
        )

    def _form(self, text: str) -> str | None:
        """Return a number, a share, a length of time or a date as the language writes it; nothing when it is none."""
        if _NUMBER.fullmatch(text):
            return self._number(text)
        if share := _PERCENT.fullmatch(text):
            return filled(self._known.form("number", "{number} %"), {"number": self._number(share[1])})
        if time := _TIME.fullmatch(text):
            return self._time(time)
        if day := _DAY.fullmatch(text):
            return self._date(day)
        if _DURATION.fullmatch(text):
            pairs = re.findall(r"[\d,]+ [a-z]+", text)
            said = [self._message(pair) for pair in pairs]
            return " ".join(filter(None, said)) if all(said) else None
        return None

    @cached_property
    def _marks(self) -> tuple[str, str]:
        """What stands between thousands, and before decimals."""
        written = self._known.form("number", "1,234.5")
        return written.removeprefix("1").partition("234")[0], written.partition("234")[2].removesuffix("5")

    def _number(self, text: str) -> str:
        thousands, decimals = self._marks
        whole, _, rest = text.partition(".")
        return whole.replace(",", thousands) + (decimals + rest if rest else "")

    def _date(self, found: re.Match[str]) -> str:
        day, month, year, time = found.groups()
        form = self._known.form
        shape = form("date", "1 {month}") if day == "1" else form("date", "{day} {month}")
        told = filled(shape, {"day": day, "month": form("date", month)})
        if year:
            told = filled(form("date", "{day} {year}"), {"day": told, "year": year})
        if time and (at := _TIME.fullmatch(time)):
            told = filled(form("date", "{day}, {time}"), {"day": told, "time": self._time(at)})
        return told

    def _time(self, found: re.Match[str]) -> str:
        hour, minute, second = found.groups()
        shape = "{hour}:{minute}:{second}" if second else "{hour}:{minute}"
        return filled(self._known.form("date", shape), {"hour": hour, "minute": minute, "second": second or ""})


def _is_outside(joint: re.Match[str], text: str) -> bool:
    """Say whether a joint stands outside of parentheses, or opens those at the end."""
    before = text[: joint.start()]
    if before.count("(") != before.count(")"):
        return False
    return joint.group() != " (" or (text.endswith(")") and ")" not in text[joint.end() : -1])


FORMS = (
    *(("date", month) for month in _MONTHS),
    *(
        ("date", one)
        for one in (
            "1 {month}",
            "{day} {month}",
            "{day} {year}",
            "{day}, {time}",
            "{hour}:{minute}",
            "{hour}:{minute}:{second}",
        )
    ),
    *(("number", one) for one in ("1,234.5", "{number} %")),
    *(("joint", one) for one in ("and", "or", ": ", "; ", ", ", " (", " · ")),
)
"""Everything that is no sentence: context and key."""
