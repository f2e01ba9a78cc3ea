"""How a language writes numbers, shares, times and dates; its catalogue shows it by examples."""

import re
from collections.abc import Mapping
from functools import cached_property

from mailaudit.language.catalogue import Catalogue
from mailaudit.language.message import filled

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# Nothing that another language has written: three digits behind a point are thousands there, a comma its decimals.
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.(?!\d{3}(?!\d))\d+|\d+"
NUMBER = re.compile(_NUMBER)
_PERCENT = re.compile(rf"({_NUMBER}) ?%")
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?(?:, (\d\d:\d\d(?::\d\d)?))?")
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?")
_ISO = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)")
_RUNS = re.compile(r"([^\W\d]+) ([^\W\d]+) = ([^\s,]+)")
_VOWEL = re.compile(r"(?i)[aeiouàâéèêëîïôû]")
_DATES = (
    "1 {month}",
    "{day} {month}",
    "{day} {year}",
    "{day}, {time}",
    "{hour}:{minute}",
    "{hour}:{minute}:{second}",
)
FORMS = (
    *(("date", one) for one in (*_MONTHS, *_DATES)),
    *(("number", one) for one in ("1,234.5", "{number} %")),
    # Which words run together where a value begins: “de le = du, de V = d’V”, V for a vowel; “-” where none do. What a
    # counted noun is behind a word: “in Tage = Tagen” for “in 2 Tagen”.
    ("sound", "a word = another"),
    *(("joint", one) for one in ("and", "or", "to", ": ", "; ", ", ", " (", " · ")),
    # What stands above a column is never what is to be typed.
    *(
        ("column", one)
        for one in (
            *("day", "date", "mails", "in all", "from", "to", "zone", "lane", "rate", "until"),
            *("campaign", "file", "verdict", "tasks", "providers", "change"),
        )
    ),
    ("heading", "First"),
    *(("channel", one) for one in ("form", "email", "portal", "dashboard", "feedback", "look-up")),
)
"""Everything in a catalogue that is no sentence: context and key."""


class Writing:
    """The numbers and dates of one language."""

    def __init__(self, known: Catalogue) -> None:
        self._known = known

    @cached_property
    def _together(self) -> dict[tuple[str, str], str]:
        """What a word and the first one of a value become: `("de", "le")` → `du`."""
        return {
            (one, two): told for one, two, told in _RUNS.findall(self._known.form("sound", "a word = another"))
        }

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return a message with its values, each run together with the word before it where the language does that."""

        def joined(before: str, value: str) -> str:
            first, blank, rest = value.partition(" ")
            if (before.lower(), first) in self._together:
                told = self._together[before.lower(), first]
                return f"{told[:1].upper() if before.istitle() else told[:1]}{told[1:]}{blank}{rest}"
            noun = rest.partition(" ")[0]
            if first[:1].isdigit() and (before.lower(), noun) in self._together:
                return f"{before} {first} {self._together[before.lower(), noun]}{rest.removeprefix(noun)}"
            told = self._together.get((before.lower(), "V"), "")
            return f"{told.removesuffix('V')}{value}" if told and _VOWEL.match(value) else f"{before} {value}"

        return filled(text, values, joined)

    def day(self, text: str) -> str | None:
        """Return a date that stands in a sentence as `2026-12-01`; nothing when it is none."""
        found = _ISO.fullmatch(text)
        return self.form(f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}") if found else None

    def form(self, text: str) -> str | None:
        """Return a number, a share, a time of day or a date as the language writes it; nothing when it is none."""
        if NUMBER.fullmatch(text):
            return self._number(text)
        if share := _PERCENT.fullmatch(text):
            return filled(self._known.form("number", "{number} %"), {"number": self._number(share[1])})
        if time := _TIME.fullmatch(text):
            return self._time(time)
        if day := _DAY.fullmatch(text):
            return self._date(day)
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
