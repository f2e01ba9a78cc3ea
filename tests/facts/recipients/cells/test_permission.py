from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import pytest

from mailaudit.campaign.model import Campaign
from mailaudit.facts.recipients.cells.permission import Answer, answer, refusal_reader
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.model import ListFile
from mailaudit.facts.recipients.reading.permission_columns import ColumnNotes
from mailaudit.knowledge.list_columns import list_columns
from mailaudit.knowledge.types.list_columns import ColumnNames, Sense
from support.lists import observed_list

WORDS = list_columns().words
# For each column of the exports: a cell that lets somebody be mailed, one that does not, and why.
MADE = {
    "UNSUB_TIME": ("", "2026-02-03 04:05:06", "unsubscribed"),
    "UNSUB_REASON": ("", "NO LONGER INTERESTED", "unsubscribed"),
    "CLEAN_TIME": ("", "2026-02-03 04:05:06", "bounced"),
    "EMAIL_BLACKLISTED": ("No", "Yes", "blocklisted"),
    "DOUBLE_OPT-IN": ("1", "2", "unconfirmed"),
    "Email Marketing Consent": ("SUBSCRIBED", "NEVER_SUBSCRIBED", "never subscribed"),
    "Email Suppressions": ("[]", "['HARD_BOUNCE']", "bounced"),
    "Invalid email address": ("false", "true", "bounced"),
    "Email hard bounce reason": ("", "UNKNOWN_USER", "bounced"),
    "Accepts Email Marketing": ("yes", "no", "not subscribed"),
    "Accepts Marketing": ("yes", "no", "not subscribed"),
    "Opted in": ("yes", "no", "not subscribed"),
    "Newsletter": ("1", "0", "not subscribed"),
    "HasOptedOutOfEmail": ("0", "1", "unsubscribed"),
    "Email Bounced Reason": ("", "550 5.1.1 no such user", "bounced"),
    "Unsubscribed Date": ("0000-00-00", "2026-02-03", "unsubscribed"),
    "Bounced Date": ("", "2026-02-03", "bounced"),
    "IsExcludedFromCampaigns": ("false", "true", "blocklisted"),
    "IsSpamComplaining": ("false", "true", "complained"),
    "IsOptInPending": ("false", "true", "unconfirmed"),
    "IsSubscribed": ("true", "false", "not subscribed"),
    "confirmed": ("1", "0", "unconfirmed"),
    "blacklisted": ("0", "1", "blocklisted"),
    "Is the email of this user confirmed": ("1", "0", "unconfirmed"),
    "Is this user blacklisted": ("0", "1", "blocklisted"),
    "subscribed": ("true", "false", "not subscribed"),
    "Subscribed": ("Yes", "No", "not subscribed"),
    "Unsubscribe Reason": ("", "BOUNCED", "bounced"),
    "Portal Bounce": ("", "UNKNOWN_USER", "bounced"),
    "Global Bounce": ("FALSE", "TRUE", "bounced"),
    "Portal Spam Report": ("FALSE", "TRUE", "complained"),
    "Blacklist": ("False", "True", "blocklisted"),
    "Unsubscription Date": ("", "2026-02-03 04:05:06", "unsubscribed"),
    "email_disabled": ("false", "true", "blocklisted"),
    "subscribed_to_emails": ("true", "false", "not subscribed"),
    "Status": ("Active", "Unsubscribed", "unsubscribed"),
    "status": ("enabled", "blocklisted", "blocklisted"),
    "subscription_status": ("confirmed", "unconfirmed", "unconfirmed"),
    "List status": ("Subscribed", "Bounced", "bounced"),
    "DNC Reason": ("Contactable", "DNC Bounced", "bounced"),
    "Global status": ("Subscribed", "Unconfirmed", "unconfirmed"),
}
OPT_OUT = ("FALSE", "TRUE", "unsubscribed")


def read_all(tmp_path: Path, lists: Iterable[Sequence[str]]) -> tuple[ListFile, ...]:
    """Read all lists, each given by its lines, in one run."""
    paths = []
    for at, lines in enumerate(lists):
        paths.append(tmp_path / f"list{at}.csv")
        # Nobody stands on two lists, or the second would be a repeat.
        text = "".join(f"{line}\n" for line in lines).replace("@x.", f"@x{at}.")
        paths[-1].write_text(text, encoding="utf-8")
    plan = {"name": "t", "from": "news@acme.example", "recipients": {"files": paths}}
    facts = observed_list(Campaign.model_validate(plan))
    return facts.files


def read(tmp_path: Path, header: str, *rows: str) -> ListFile:
    return read_all(tmp_path, [(header, *rows)])[0]


@pytest.mark.slow
def test_a_made_export_of_each_program_tells_who_refuses(tmp_path: Path) -> None:
    columns = [(export.id, column) for export in list_columns().exports for column in export.columns]
    made = [MADE.get(column, OPT_OUT) for _, column in columns]
    lists = [
        (f"email,{column}", f'a@x.example,"{good}"', f'b@x.example,"{bad}"', 'c@x.example,""')
        for (_, column), (good, bad, _) in zip(columns, made, strict=True)
    ]
    for told, (_, _, why), file in zip(columns, made, read_all(tmp_path, lists), strict=True):
        assert file.reasons[Kind.OPTED_OUT] == {why: 1}, told
        assert [sample.line for sample in file.samples[Kind.OPTED_OUT]] == [3]


IN_EIGHT_LANGUAGES = [
    ("Newsletter-Anmeldung", "ja", "nein"),
    ("Werbeeinwilligung", "erteilt", "widerrufen"),
    ("Abonné à la newsletter", "vrai", "faux"),
    ("Souhaite recevoir la newsletter", "Oui", "Non"),
    ("Suscrito al boletín", "sí", "no"),
    ("Fecha de baja", "", "03/05/2026"),
    ("Consenso marketing", "sì", "no"),
    ("Disiscritto il", "", "03.05.2026"),
    ("Nieuwsbrief", "ja", "nee"),
    ("Uitgeschreven op", "", "3-5-2026"),
    ("Aceita receber e-mails", "sim", "não"),
    ("Descadastrado", "não", "sim"),
    ("Zgoda na newsletter", "tak", "nie"),
    ("Data wypisania z newslettera", "", ""),
    ("Opt-in (Y/N)", "Y", "N"),
    ("emailOptIn", "true", "false"),
    ("Do Not Email", "no", "yes"),
    ("Bounce date", "", "2026-02-03"),
    ("NPAI", "non", "oui"),
    ("Suppression reason", "", "HARD_BOUNCE"),
    ("GDPR opt-in", "yes", "no"),
    ("Global Unsubscribe", "0", "1"),
    ("Nieuwsbrief ontvangen", "ja", "nee"),
    ("Newsletter subscriber", "Y", "N"),
    ("Bulletin d'information", "1", "0"),
    ("Refuse l'emailing", "non", "oui"),
    ("Hat sich abgemeldet", "nein", "ja"),
    ("Ha cancelado la suscripción", "no", "sí"),
    ("Rifiuta marketing", "no", "sì"),
    ("Cancelamento da newsletter", "não", "sim"),
    ("Nie wyrażam zgody", "nie", "tak"),
]


@pytest.mark.slow
def test_columns_speak_eight_languages(tmp_path: Path) -> None:
    lists = [
        (f"email;{header}", f"a@x.example;{good}", f"b@x.example;{bad}")
        for header, good, bad in IN_EIGHT_LANGUAGES
    ]
    for (header, _, bad), file in zip(IN_EIGHT_LANGUAGES, read_all(tmp_path, lists), strict=True):
        assert file.counts.get(Kind.OPTED_OUT, 0) == bool(bad), header


ABOUT_OTHER_THINGS = (
    "Newsletter name", "Unsubscribe link", "SMS opt-in", "Do Not Call", "Do Not Mail", "Kundenstatus", "Payment status",
    "RSVP", "No", "Partner offers", "unsubscribes", "Consent text", "Stop SMS", "Newsletter source", "Opt-in IP", "Clean",
)  # fmt: skip


@pytest.mark.slow
def test_columns_about_other_things_say_nothing(tmp_path: Path) -> None:
    made = list(product(ABOUT_OTHER_THINGS, ("no", "yes", "0", "1", "cancelled", "declined")))
    lists = [(f"email;{header}", "a@x.example;x", f"b@x.example;{bad}") for header, bad in made]
    for told, file in zip(made, read_all(tmp_path, lists), strict=True):
        assert not file.counts.get(Kind.OPTED_OUT), told


@pytest.mark.parametrize(
    ("beside", "name", "is_read"),
    [
        ("Order number", "Complaint", False), ("City", "Complaint", True), ("Order number", "Spam complaint", True),
        ("Arrival", "Stop", False), ("Phone", "Stop", True), ("Aktenzeichen", "Widerspruch", False),
        ("Vorname", "Widerspruch", True), ("Team", "Opposition", False), ("Prénom", "Opposition", True),
    ],
)  # fmt: skip
def test_a_word_of_many_trades_is_read_by_the_columns_beside_it(beside: str, name: str, is_read: bool) -> None:  # noqa: FBT001 - a parameter
    notes = ColumnNotes(list_columns())
    notes(["email", beside, name], [["ann@acme.example", "7", "yes"], ["bob@acme.example", "8", "no"]], [0])
    assert bool(notes.permissions) is is_read


def test_the_state_of_an_account_refuses_nobody(tmp_path: Path) -> None:
    rows = ("a@x.example,DISABLED,yes", "b@x.example,ENABLED,yes", "c@x.example,DISABLED,no")
    assert read(tmp_path, "Email,State,Accepts Email Marketing", *rows).counts[Kind.OPTED_OUT] == 1


def test_who_was_imported_into_phplist_refuses_nothing(tmp_path: Path) -> None:
    rows = ("a@x.example,1,0", "b@x.example,1,1", "c@x.example,0,0")
    assert read(tmp_path, "email,confirmed,optedin", *rows).reasons[Kind.OPTED_OUT] == {"unconfirmed": 1}


def test_a_column_of_counts_refuses_nobody(tmp_path: Path) -> None:
    rows = [f"{at}x@x.example,{at}" for at in range(5)]
    assert Kind.OPTED_OUT not in read(tmp_path, "email,Newsletter", *rows).counts
    assert Kind.OPTED_OUT not in read(tmp_path, "email,bounced", *rows).counts


def test_a_refusal_may_name_the_channel(tmp_path: Path) -> None:
    rows = (
        "a@x.example,E-Mail",
        "b@x.example,SMS",
        "c@x.example,",
        "d@x.example,Phone; Email",
        "e@x.example,Post",
    )
    assert read(tmp_path, "email,Do Not Contact", *rows).reasons[Kind.OPTED_OUT] == {"unsubscribed": 2}


def test_words_of_statuses_are_known_under_any_name(tmp_path: Path) -> None:
    rows = ("a@x.example,subscribed", "b@x.example,unsubscribed")
    assert read(tmp_path, "email,col7", *rows).counts[Kind.OPTED_OUT] == 1
    assert Kind.OPTED_OUT not in read(tmp_path, "email,SMS state", *rows).counts


def test_refusals_in_quoted_lines_are_seen(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        '"name","email","Email Suppressions"',
        '"Ada ""A""","a@x.example","[]"',
        '"B","b@x.example","[""UNSUBSCRIBED""]"',
        '"C","c@x.example","[""MANUAL""]"',
    )
    assert file.reasons[Kind.OPTED_OUT] == {"blocklisted": 1, "unsubscribed": 1}


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("\\N", Answer.NOTHING), ("NULL", Answer.NOTHING), ("0000-00-00 00:00:00", Answer.NOTHING), ("-", Answer.NOTHING),
        ("[]", Answer.NOTHING), ("1970-01-01T00:00:00Z", Answer.NOTHING), ("0", Answer.NO), ("0.0", Answer.NO),
        ("Sí", Answer.YES), ("✔", Answer.YES), ("1764583200", Answer.DAY), ("7", Answer.NUMBER), ("Weekly", Answer.FOREIGN),
        ("hard_bounce", Answer.REFUSING), ("Soft bounced", Answer.SEND), ("pending", Answer.UNSURE),
        ("9999-12-31", Answer.NOTHING), ("jamais", Answer.NO), ("Unsubscribed (by us)", Answer.REFUSING),
        ("Bounced - soft", Answer.SEND), ("widerrufen", Answer.DENIED), ("erteilt", Answer.GRANTED),
    ],
)  # fmt: skip
def test_cells_are_told_apart(cell: str, meaning: Answer) -> None:
    assert answer(cell, WORDS) is meaning


@pytest.mark.parametrize(("cells", "told"), [(["1764583200", "0"], None), (["1", "0"], "not subscribed")])
def test_a_zero_among_moments_is_no_answer(cells: list[str], told: str | None) -> None:
    why = refusal_reader(ColumnNames(Sense.AGREEMENT, "not subscribed"), WORDS, cells)
    assert why is not None
    assert why("0") == told


def test_the_page_about_lists_names_every_export_and_its_columns() -> None:
    page = Path(__file__).parents[4].joinpath("docs/recipients.md").read_text(encoding="utf-8")
    for export in list_columns().exports:
        assert f"| {export.name} | {', '.join(f'`{column}`' for column in export.columns)} |" in page
