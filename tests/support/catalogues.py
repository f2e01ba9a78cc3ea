"""Catalogues made by a test: a few messages of its own, or all of the program's between brackets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from mailaudit.language import catalogue
from mailaudit.language.catalogue import Catalogue
from mailaudit.language.speech import Speech
from mailaudit.language.writing import FORMS

LOCALE = Path(catalogue.__file__).parent / "locale"
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


def bracketed(given: frozenset[str] = frozenset()) -> Speech:
    """Return a language that says every message of the program in English, between ⟦ and ⟧."""
    return Speech(_bracketed(), given)


@cache
def _bracketed() -> Catalogue:
    with (LOCALE / "fr/LC_MESSAGES/mailaudit.po").open("rb") as opened:
        made = read_po(opened, locale="fr")
    for message in made:
        if message.id and message.context:
            message.string = message.id
        elif message.id:
            ids = message.id
            message.string = f"⟦{ids}⟧" if isinstance(ids, str) else tuple(f"⟦{one}⟧" for one in ids)
    return _known(made)


def _known(made: Catalog) -> Catalogue:
    octets = BytesIO()
    write_mo(octets, made)
    return Catalogue(octets.getvalue())
