"""Reports in each language: the same page, the same lines for machines, and words that fit the screen."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path

import pytest

from mailaudit import api
from mailaudit.language.catalogue import languages
from mailaudit.language.spoken import naming, said, speaking
from mailaudit.reports.content.letter import letter
from mailaudit.reports.content.ranking import items
from mailaudit.reports.document.build import document
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions, given, named
from mailaudit.reports.given_names import given_names

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = [language for language in languages() if language != "en"]
EXAMPLES = ("own-server", "platform")


@cache
def audited(example: str) -> Document:
    """Return the report of an example; it is made in English once."""
    told = document(api.audit(*api.load_campaign(ROOT / "examples" / example / "campaign.yml")))
    return told.model_copy(update={"campaign": told.campaign.model_copy(update={"file": "campaign.yml"})})


def shown(example: str, form: str, language: str | None) -> str:
    return named(form).render(audited(example), RenderOptions(width=80, language=language))


def uncounted(told: str) -> str:
    """Return a report without the number of checks that passed or were not asked, which every new check changes."""
    return re.sub(
        r"\d+(\s+(contrôles\s+réussis|Prüfungen\s+bestanden|non\s+contrôlés|nicht\s+geprüft)[,.])", r"…\1", told
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_terminal_report_reads_as_it_was_read_and_approved(example: str, language: str) -> None:
    told = shown(example, "terminal", language).replace(str(ROOT / "examples" / example), "examples")
    file = GOLDEN / f"{example}-{language}.txt"
    assert uncounted(told) == uncounted(file.read_text(encoding="utf-8")), f"read it, then write it into {file}"
    prose = [line for line in told.splitlines() if " IN TXT " not in line]
    assert max(map(len, prose)) <= 80


def test_two_messages_side_by_side_are_not_read_as_a_third() -> None:
    with speaking("fr"):
        told = said("it passes SPF and it is signed with DKIM")
    assert told == "le message passe SPF et le message est signé avec DKIM"


def test_what_is_to_be_filled_into_a_letter_is_told_and_a_list_of_yaml_is_not() -> None:
    with speaking("fr"):
        assert said("[sending address]") == "[adresse IP d’envoi]"
        assert said("Cause: [what went wrong, and when]").startswith("Cause\u00a0: [ce qui")
        assert said("files: [error, warning]") == "files: [error, warning]"


def test_a_place_before_a_message_has_the_colon_of_the_language() -> None:
    with speaking("fr"):
        told = said("list.csv:174: c…@a.example: stands in the suppression list")
    assert told == "list.csv:174\u00a0: c…@a.example\u00a0: figure dans la liste de suppression"


def test_a_key_of_the_campaign_file_is_no_word() -> None:
    with speaking("fr"):
        assert said("write for example column: opt_in_date").endswith("exemple column: opt_in_date")


def test_a_preposition_between_two_values_does_not_swallow_a_whole_complaint() -> None:
    with speaking("fr"):
        told = said(
            "a.yml:2:22: recipients.files[0]: there is no file 'b.csv'; paths are relative to the campaign file"
        )
    assert told.endswith("il n’y a pas de fichier 'b.csv'\u00a0; les chemins sont relatifs au fichier de campagne")


def test_a_counted_noun_behind_a_preposition_has_the_form_that_goes_with_it() -> None:
    with speaking("de"):
        assert said("limit: 16 in 2 days (the campaign file)") == "Limit: 16 in 2 Tagen (die Kampagnendatei)"
        assert said("Spread the campaign over 2 days: 200, 300.").endswith("auf 2 Tage: 200, 300.")


def test_a_campaign_beside_that_is_called_by_words_of_ours_hides_no_sentence() -> None:
    daily = "Campaigns and your daily mail share the domain a.example (daily mail from b@a.example)."
    with speaking("de"), naming(["daily mail"]):
        told = said(f"{daily} When recipients complain, Orange will delay, junk or refuse both.")
    assert told.startswith("Von Kampagnen und Ihrer täglichen Korrespondenz (daily mail von b@a.example)")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_same_tags_classes_and_addresses(language: str) -> None:
    def tags(page: str) -> list[str]:
        return re.findall(r"<[a-z/][^>]*>", re.sub(r' (?:lang|aria-label|title|data-label)="[^"]*"', "", page))

    english, other = shown("own-server", "html", None), shown("own-server", "html", language)
    assert f'<html lang="{language}">' in other
    code = re.compile(r"</?code>")  # a sentence may name things in another order
    assert [tag for tag in tags(other) if not code.fullmatch(tag)] == [
        tag for tag in tags(english) if not code.fullmatch(tag)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["terminal", "html", "markdown", "letter"])
def test_what_is_to_be_pasted_stands_in_every_language_as_it_is(form: str, language: str) -> None:
    told = audited("own-server")
    findings = [item.finding for item in items(told)]
    records = {line for one in findings for line in (one.fix.dns_record or "").splitlines()}
    names = {one for one in given_names(told) if not one.isalpha()}
    code = {found for one in findings for step in one.fix.steps for found in re.findall(r"`([^`]+)`", step)}
    english, other = (flat(told, form, one) for one in ("en", language))
    pasted = ["".join(one.split()) for one in records | code | names]
    assert [one for one in pasted if one in english and one not in other] == []
    assert len([one for one in pasted if one in english]) > 1


def flat(told: Document, form: str, language: str) -> str:
    """Return a report without markup and blanks."""
    if form == "letter":
        with speaking(language), naming(given(told)):
            written = "".join(said(letter(told, item)) for item in items(told))
    else:
        options = RenderOptions(width=100, verbosity=1, language=language)
        written = re.sub(r"<[^>]*>", "", html.unescape(named(form).render(told, options)))
    return "".join(written.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_says_its_sentences_in_a_language_that_was_asked_for(language: str) -> None:
    english, other = (json.loads(shown("own-server", "json", one)) for one in (None, language))
    for key in ("verdict", "counts", "facts", "campaign"):
        assert other[key] == english[key] or key == "facts"
    finding, told = (one["results"][0] for one in (english, other))
    assert (told["check"], told["outcome"], told["severity"]) == (
        finding["check"],
        finding["outcome"],
        finding["severity"],
    )
    both = zip(english["tasks"], other["tasks"], strict=True)
    assert all(one["title"] != two["title"] and one["findings"] == two["findings"] for one, two in both)
