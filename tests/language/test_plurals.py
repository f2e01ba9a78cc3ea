"""Every message with plural forms is said in the right one, with its number, by the machine that says everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from mailaudit.language.catalogue import Catalogue, catalogue, languages
from mailaudit.language.message import PLACEHOLDER, Pattern, filled
from mailaudit.language.speech import Speech
from mailaudit.language.spoken import said, speaking
from mailaudit.language.writing import Writing
from support.catalogues import LOCALE

LANGUAGES = [language for language in languages() if language != "en"]
COUNTS = (0, 1, 2, 5, 1000)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["0 jour", "1 jour", "2 jours", "5 jours", "1\u202f000 jours"]),
        ("de", ["0 Tage", "1 Tag", "2 Tage", "5 Tage", "1.000 Tage"]),
    ],
)
def test_the_language_knows_what_is_one(language: str, told: list[str]) -> None:
    with speaking(language):
        assert [said("1 day" if count == 1 else f"{count:,} days") for count in COUNTS] == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_message_is_said_in_the_form_of_its_number(language: str) -> None:
    known = catalogue(language)
    assert known is not None
    with (LOCALE / language / "LC_MESSAGES/mailaudit.po").open("rb") as opened:
        told = read_po(opened, locale=language)
    messages = [message for message in told if isinstance(message.id, tuple)]
    speech = Speech(known)
    wrong = [pair for message in messages for pair in pairs(message, known) if speech.say(pair[0]) != pair[1]]
    assert wrong == []
    assert len(messages) > 100


def pairs(message: Message, known: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what the program makes of a message for each number of things, and what is to be said of it."""
    one, many = message.id[0], message.id[1]
    names = dict.fromkeys(PLACEHOLDER.findall(many))
    values = {name: f"v{place}.example" for place, name in enumerate(names)}
    written = Writing(known)
    for count in COUNTS:
        english = one if count == 1 else many
        # Without a number, English tells whether there is one or several.
        form = known.said(Pattern(english, one, many), count if "{n}" in english else 1 + (english != one))
        number = f"{count:,}"
        yield (
            filled(english, {**values, "n": number}),
            written.filled(form, {**values, "n": written.form(number) or number}),
        )
