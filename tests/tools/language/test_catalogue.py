"""Each catalogue holds what the program says, and loses nothing of it."""

from __future__ import annotations

import pytest
from hatch_build import compiled

from mailaudit.language.catalogue import Catalogue, languages
from support.catalogues import LOCALE
from tools.language import catalogue

LANGUAGES = [language for language in languages() if language != "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_is_translated_and_no_placeholder_is_lost(language: str) -> None:
    assert list(catalogue.faults(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_compiles_to_what_the_program_reads(language: str) -> None:
    known = Catalogue(compiled(LOCALE / language / "LC_MESSAGES/mailaudit.po"))
    assert known.form("date", "December")
    assert known.readings("no such message anywhere") == []
