from __future__ import annotations

import pytest

from mailaudit.knowledge import load
from mailaudit.knowledge.named import Named, meant, named
from mailaudit.knowledge.types.mailbox import Hoster, MailboxService
from mailaudit.knowledge.types.platform import Platform
from mailaudit.knowledge.types.software import Program


@pytest.mark.parametrize(
    ("word", "kind", "id_"),
    [
        ("Office 365", MailboxService, "microsoft-365"),
        ("o365", MailboxService, "microsoft-365"),
        ("G-Suite", MailboxService, "google-workspace"),
        ("EXCHANGE ONLINE", MailboxService, "microsoft-365"),
        ("Outlook", MailboxService, "outlook-com"),
        ("OVHcloud", MailboxService, "ovh"),
        ("btinternet", MailboxService, "btinternet"),
        ("Zoho", MailboxService, "zoho-mail"),
        ("Zoho Campaigns", Platform, "zoho-campaigns"),
        ("Sendinblue", Platform, "brevo"),
        ("Mautic", Program, "mautic"),
        ("MailPoet", Program, "mailpoet-plugin"),
        ("php mail()", Program, "phpmailer"),
        ("GMass", Program, "gmass"),
        ("aucune", Program, "none"),
        ("mon propre serveur", Program, "own-server"),
        ("My own server", Program, "own-server"),
        ("Hetzner", Hoster, "hetzner"),
        ("Mimecast", Hoster, "mimecast"),
    ],
)
def test_a_word_is_taken_for_what_people_mean_by_it(word: str, kind: type[Named], id_: str) -> None:
    found = named(word)

    assert isinstance(found, kind)
    assert found.id == id_


@pytest.mark.parametrize("word", ["acme-mailer", "", "::", "a" * 10_000])
def test_an_unknown_word_means_nothing(word: str) -> None:
    assert named(word) is None


def test_a_misspelt_name_is_understood_and_a_strange_one_is_not() -> None:
    found = meant("mailchmp")

    assert found is not None
    assert found.id == "mailchimp"
    assert meant("our marketing tool") is None


def test_no_word_of_a_mailbox_a_program_or_a_hoster_names_a_platform_too() -> None:
    platforms = {platform.id for platform in load.platforms()}
    others: tuple[Named, ...] = (*load.mailbox_services(), *load.software().programs, *load.hosters())
    taken = [
        (thing.id, word)
        for thing in others
        for word in (thing.name, *thing.aliases)
        if isinstance(found := named(word), Platform) and found.id in platforms
    ]

    assert taken == []


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        ("brevo.com", "brevo"),
        ("https://www.mailchimp.com/", "mailchimp"),
        ("Brevo (ex Sendinblue)", "brevo"),
        ("ProtonMail (free)", "proton-mail"),
    ],
)
def test_a_web_address_and_an_aside_do_not_hide_a_name(written: str, id_: str) -> None:
    found = named(written)

    assert found is not None
    assert found.id == id_


def test_an_address_of_somebody_else_names_nothing() -> None:
    assert named("mail.acme.example") is None
    assert named("www.acme-mailer.com") is None
