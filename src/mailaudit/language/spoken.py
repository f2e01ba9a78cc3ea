"""Which language is spoken: the one asked for, else that of the environment, else English."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailaudit.language.speech import Speech

ENGLISH = "en"
_OF_THE_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[tuple[str, bool]] = ContextVar("spoken", default=(ENGLISH, False))
_given: ContextVar[frozenset[str]] = ContextVar("given", default=frozenset())
_REMEMBERED = 16


class Pasted(str):
    """What people copy and paste: a record, a command, a line of a file. No language says it otherwise."""

    __slots__ = ()


def word(text: str) -> str:
    """Return a text as it is: it marks a single word as a message, which the extraction would not see."""
    return text


def speak(language: str, *, asked: bool) -> None:
    """Speak a language from now on; `asked` when it was asked for, so that data is said in it too."""
    _spoken.set((language, asked))


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Speak a language that was asked for for a while; without one nothing changes."""
    before = _spoken.set((language, True) if language else _spoken.get())
    try:
        yield
    finally:
        _spoken.reset(before)


@contextmanager
def naming(given: Iterable[str]) -> Iterator[None]:
    """Say for a while no name that somebody gave to a thing of theirs: a campaign, a file, a column."""
    before = _given.set(_given.get() | frozenset(given))
    try:
        yield
    finally:
        _given.reset(before)


def spoken() -> str:
    """Return the language that is spoken, as in BCP 47: `en`, `fr`."""
    return _spoken.get()[0]


def is_asked_for() -> bool:
    """Say whether the language was asked for, and not only found in the environment."""
    return _spoken.get()[1]


def said(text: str) -> str:
    """Return what a person reads, in the language that is spoken; what no catalogue knows stays as it is."""
    language = spoken()
    if language == ENGLISH or isinstance(text, Pasted):
        return text
    speech = _speech(language, _given.get())
    return speech.say(text) if speech else text


def form(context: str, key: str) -> str:
    """Return what is no sentence as the language writes it: the head of a column, what joins two texts."""
    speech = _speech(spoken(), frozenset()) if spoken() != ENGLISH else None
    return speech.known.form(context, key) if speech else key


def of_system(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the environment (LC_ALL, LC_MESSAGES, LANG), where there is a catalogue for it."""
    wanted = next((environment[name] for name in _OF_THE_SYSTEM if environment.get(name)), "")
    language = wanted.partition(".")[0].partition("_")[0].partition("@")[0].lower()
    if language in {"", ENGLISH, "c", "posix"}:
        return ENGLISH
    from mailaudit.language.catalogue import languages  # noqa: PLC0415 - English needs no catalogue

    return language if language in languages() else ENGLISH


@lru_cache(maxsize=_REMEMBERED)
def _speech(language: str, given: frozenset[str]) -> "Speech | None":
    from mailaudit.language.catalogue import catalogue  # noqa: PLC0415 - as above
    from mailaudit.language.speech import Speech  # noqa: PLC0415 - as above

    known = catalogue(language)
    return Speech(known, given) if known else None
