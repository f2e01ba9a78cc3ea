"""Catalogues made by a test: a few messages of its own, or all of the program's without their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from mailaudit.language import catalogue
from mailaudit.language.catalogue import Catalogue
from mailaudit.language.message import PLACEHOLDER
from mailaudit.language.speech import Speech
from mailaudit.language.verbatim import CODE
from mailaudit.language.writing import FORMS

LOCALE = Path(catalogue.__file__).parent / "locale"
SAID_MARK = "⟦⟧"
# What is quoted, and titles of sources, are no words of the report.
_QUOTED = re.compile(
    r"`[^`]*`|[“«„\u2018][^”»’]*[”»’]|\"[^\"]*\"|(?:https?://|github:).*|rspamd, .*|\{[a-z]+: [^{}]*\}"
)
_KEPT = re.compile(rf"[“«]?{PLACEHOLDER.pattern}[”»]?|{CODE.pattern}")
# Names begin with a capital, keys and records have signs about them; both are data.
_WORD = re.compile(r"(?<![\w.@/:=<~%?+|\"'*-])[a-z][a-z’']{2,}(?![\w@/=*-]|[.:]\w)")
_RESULTS = frozenset("pass fail softfail neutral none permerror temperror quarantine reject https mailto".split())
# What the program or the knowledge base calls by these words: keys, tags, services.
_NAMES = frozenset(
    "rua adkim ips software dkim sending selector mailchimp scaleway zendesk phplist phishing malware dedicated line"
    " multi mailbox web hosts".split()
)
FRENCH = {
    "1 {month}": "1er {month}",
    "{day}, {time}": "{day} à {time}",
    "{hour}:{minute}": "{hour} h {minute}",
    "December": "décembre",
    "1,234.5": "1\u202f234,5",
    "{number} %": "{number}\u00a0%",
    "and": "et",
    "or": "ou",
}


def speech(told: Mapping[str | tuple[str, str], str | tuple[str, str]]) -> Speech:
    """Return a language that knows these messages, and the numbers and dates of French."""
    made = Catalog(locale="fr")
    made._num_plurals, made._plural_expr = 2, "(n > 1)"  # type: ignore[assignment]
    for one, translated in told.items():
        made.add(one, translated)
    for context, key in FORMS:
        made.add(key, FRENCH.get(key, key), context=context)
    return Speech(_known(made))


@cache
def silent() -> Speech:
    """Return a language that knows every message of the program, and says of it only the values and the code."""
    with (LOCALE / "fr/LC_MESSAGES/mailaudit.po").open("rb") as opened:
        made = read_po(opened, locale="fr")
    for message in made:
        if message.id and message.context:
            message.string = SAID_MARK if message.id in {"and", "or"} else message.id
        elif message.id:
            ids = message.id
            message.string = _hushed(ids) if isinstance(ids, str) else tuple(map(_hushed, ids))
    return Speech(_known(made))


def english_left(text: str, data: str) -> list[str]:
    """Return the words of a text that no message says and that do not stand in the data."""
    told = _QUOTED.sub(" ", silent().say(text))
    known = _RESULTS | _NAMES
    return [word for word in _WORD.findall(told) if word not in known and word not in data.lower()]


def _hushed(text: str) -> str:
    return " ".join([SAID_MARK, *dict.fromkeys(found.group() for found in _KEPT.finditer(text))])


def _known(made: Catalog) -> Catalogue:
    octets = BytesIO()
    write_mo(octets, made)
    return Catalogue(octets.getvalue())
