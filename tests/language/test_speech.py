"""What the program made in English is said in another language: sentences, and what stands in them."""

from __future__ import annotations

import pytest

from mailaudit.language.speech import Speech
from support.catalogues import speech

SPEECH = speech(
    {
        "{domain} has no SPF record.": "{domain} n’a pas d’enregistrement SPF.",
        "Publish the record below.": "Publiez l’enregistrement ci-dessous.",
        "Not ready: {consequence}.": "Pas prêt : {consequence}.",
        ("{n} recipient has a domain of {providers}.", "{n} recipients have a domain of {providers}."): (
            "{n} destinataire a un domaine de {providers}.",
            "{n} destinataires ont un domaine de {providers}.",
        ),
        ("{n} day", "{n} days"): ("{n} jour", "{n} jours"),
        ("{n} h", "{n} h"): ("{n} h", "{n} h"),
        "{limit} in {length}": "{limit} en {length}",
        "the campaign “{campaign}” starts": "la campagne « {campaign} » commence",
        "It starts on {moment}.": "Elle commence le {moment}.",
        "The share is {share}": "La part est de {share}",
        "the owner of the list": "le propriétaire de la liste",
        "all others": "tous les autres",
        "owner": "propriétaire",
        "first": "premier",
        "unknown key": "clé inconnue",
        "did you mean {close}?": "vouliez-vous dire {close} ?",
        "first mail": "premier envoi",
        "the key {{s1}} of {domain}": "la clé {{s1}} de {domain}",
        "under 0.1 %": "moins de 0,1 %",
        ("{n} year", "{n} years"): ("{n} an", "{n} ans"),
        "{name} misses {missed}": "{name} : il manque {missed}",
        "no answer of {hosts}": "pas de réponse de {hosts}",
        "the record of {domain}": "l’enregistrement de {domain}",
        "the record of {domain} is not valid ({error})": "l’enregistrement de {domain} n’est pas valable ({error})",
    }
)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("acme.example has no SPF record.", "acme.example n’a pas d’enregistrement SPF."),
        ("acme.example has no SPF record", "acme.example n’a pas d’enregistrement SPF"),
        (
            "acme.example has no SPF record. Publish the record below.",
            "acme.example n’a pas d’enregistrement SPF. Publiez l’enregistrement ci-dessous.",
        ),
        ("1 recipient has a domain of Orange.", "1 destinataire a un domaine de Orange."),
        (
            "2,310 recipients have a domain of Orange, Free and all others.",
            "2\u202f310 destinataires ont un domaine de Orange, Free et tous les autres.",
        ),
        ("0 recipients have a domain of Free.", "0 destinataire a un domaine de Free."),
        ("It starts on 1 December 2026, 09:00.", "Elle commence le 1er décembre 2026 à 09 h 00."),
        ("It starts on 12 December 2026.", "Elle commence le 12 décembre 2026."),
        ("the share is 12 %", "la part est de 12\u00a0%"),
        ("1,200 in 2 days 3 h", "1\u202f200 en 2 jours 3 h"),
        ("(the owner of the list)", "(le propriétaire de la liste)"),
        ("The owner of the list", "Le propriétaire de la liste"),
        ("the campaign “all others” starts", "la campagne « all others » commence"),
        ("Not ready: acme.example has no SPF record.", "Pas prêt : acme.example n’a pas d’enregistrement SPF."),
        (
            "campaign.yml:3: sendin: unknown key; did you mean sending?",
            "campaign.yml:3: sendin: clé inconnue; vouliez-vous dire sending ?",
        ),
        ("  first mail     1 December", "  premier envoi  1er décembre"),
        ("- Publish the record below.\n\n2 days", "- Publiez l’enregistrement ci-dessous.\n\n2 jours"),
        ("the key {s1} of a.example", "la clé {s1} de a.example"),
        ("It starts on 2026-12-01.", "Elle commence le 1er décembre 2026."),
        ("The share is 3y", "La part est de 3 ans"),
        ("Free (under 0.1 %) misses SPF or DKIM", "Free (moins de 0,1 %) : il manque SPF ou DKIM"),
        ("no answer of 1.2, a.example and b.example", "pas de réponse de 1.2, a.example et b.example"),
        (", 2 days", ", 2 jours"),
        (
            "the record of a.example is not valid (all-: first)",
            "l’enregistrement de a.example n’est pas valable (all-: premier)",
        ),
    ],
)
def test_what_is_known_is_said(english: str, french: str) -> None:
    assert SPEECH.say(english) == french


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("{{ name }} has no SPF record.", "{{ name }} n’a pas d’enregistrement SPF."),
        ("{domain} has no SPF record.", "{domain} n’a pas d’enregistrement SPF."),
        (
            "all others and first mail has no SPF record.",
            "all others and first mail n’a pas d’enregistrement SPF.",
        ),
        ("all others and first mail:", "all others and first mail:"),
        ("owner", "owner"),
        ("2 days, owner and all others", "2 jours, owner et tous les autres"),
        ("did you mean first?", "vouliez-vous dire first ?"),
        ("'a and all others' has no SPF record.", "'a and all others' n’a pas d’enregistrement SPF."),
        ("the owner of the list (2 days (12 %))", "le propriétaire de la liste (2 jours (12\u00a0%))"),
    ],
)
def test_values_and_names_of_the_reader_stay_as_they_are(english: str, french: str) -> None:
    known = SPEECH.known
    assert Speech(known, frozenset({"all others and first mail", "owner"})).say(english) == french


@pytest.mark.parametrize(
    "data",
    [
        "", "v=spf1 include:_spf.acme.example -all", "Fish in chips", "203.0.113.25", "2026-12-01", "5.7.1 refused in anger",
        "https://acme.example/all others", "x" * 7_000,
    ],
)  # fmt: skip
def test_what_is_no_message_stays_as_it_is(data: str) -> None:
    assert SPEECH.say(data) == data


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [" has no SPF record in of and or: (; · ", "a; ", "Publish the record below. ", "x (", "1 day, ", "a and "],
)
def test_hostile_values_take_no_time_and_no_depth(part: str) -> None:
    assert SPEECH.say(part * (5_900 // len(part)))
