"""The language is the one that was asked for, else that of the environment, else English."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from mailaudit.cli.program import program
from mailaudit.language import spoken
from mailaudit.language.spoken import ENGLISH, is_asked_for, of_system, said, speaking
from support.catalogues import speech


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "de_AT"}, "de"),
        ({"LANG": "de_DE", "LC_ALL": "C"}, "en"),
        ({"LANG": "de@euro"}, "de"),
        ({"LANG": "../fr"}, "en"),
        ({"LANG": "tlh_XX"}, "en"),
    ],
)
def test_the_environment_names_a_language(environment: dict[str, str], language: str) -> None:
    assert of_system(environment) == language


def test_a_language_is_spoken_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "_speech", lambda _, __: speech({"two words": "deux mots"}))
    assert said("two words") == "two words"
    with speaking("fr"):
        assert (said("two words"), is_asked_for()) == ("deux mots", True)
    assert (said("two words"), is_asked_for(), spoken.spoken()) == ("two words", False, ENGLISH)


def test_a_language_that_nobody_speaks_is_refused() -> None:
    told = CliRunner().invoke(program, ["explain", "spf-missing", "--lang", "tlh"])
    assert told.exit_code == 2
    assert "'tlh' is not spoken; the languages are de, en, fr." in told.output


def test_the_language_may_stand_in_front_of_the_command() -> None:
    behind, before = ["explain", "spf-missing", "--lang", "fr"], ["--lang", "fr", "explain", "spf-missing"]
    assert CliRunner().invoke(program, before).output == CliRunner().invoke(program, behind).output


def test_what_programs_read_does_not_change_with_the_shell_that_starts_them() -> None:
    run = ["check", "acme.example", "--offline", "--select", "spf-missing", "-f"]
    shell = CliRunner(env={"MAILAUDIT_LANG": "fr"})
    assert "Pas encore certain" in shell.invoke(program, [*run, "terminal"]).stdout
    asked = shell.invoke(program, ["--lang", "de", *run, "json"]).stdout
    unasked = shell.invoke(program, [*run, "json"]).stdout
    assert ("not selected for this run" in unasked, "nicht ausgewählt" in asked) == (True, True)


def test_the_page_of_a_check_is_told_but_for_the_titles_of_what_it_refers_to() -> None:
    english, french = (
        CliRunner().invoke(program, ["explain", "window-over-limit", "--lang", language]).output
        for language in ("en", "fr")
    )
    told, references = french.split("## Références\n")
    assert references == english.split("## References\n")[1]
    assert set(told.splitlines()[1:]) & set(english.splitlines()) == {""}
    assert {"## Pourquoi c’est important", "## Comment corriger"} < set(told.splitlines())
