"""Greetings in which the name is missing, in the languages of readers."""

from __future__ import annotations

import pytest

from mailaudit.facts.message.merge.greetings import empty_greeting


@pytest.mark.parametrize(
    "line",
    [
        "Dear ,",
        "Dear \u200b,",
        "Hello, !",
        "Merci, !",
        "Prezado(a) ,",
        "Sehr geehrte/r ,",
        "Sehr geehrter Herr/Frau ,",
        "尊敬的：",  # noqa: RUF001 - the colon of Chinese
        "亲爱的null，",  # noqa: RUF001 - the comma of Chinese
        "様、",
        "عزيزي ،",
        "Dear First Name,",
        "Bonjour Prénom,",
        "Hola, Nombre!",
        "Dear <name>,",
        "Hello (null),",
        "Hi 0,",
        "Dear XXX,",
    ],
)
def test_a_gap_is_found(line: str) -> None:
    assert empty_greeting(line)


@pytest.mark.parametrize(
    "line",
    [
        "Hello!",
        "こんにちは、",
        "שלום,",
        "亲爱的朋友，",  # noqa: RUF001 - the comma of Chinese
        "Welcome 0.5, the first of its kind.",
        "Merci 0,5 % de plus",
        "Dear Nameless,",
        "Dear names of the past,",
        "Liebe Freundinnen/Freunde,",
        "Thanks, everybody!",
        "> >Hi , all",
        "様々な花",
    ],
)
def test_a_greeting_that_stands_alone_is_none(line: str) -> None:
    assert empty_greeting(line) is None
