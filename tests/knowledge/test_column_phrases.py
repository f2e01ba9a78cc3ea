import pytest

from mailaudit.knowledge.list_columns import list_columns
from mailaudit.knowledge.types.list_columns import Sense


@pytest.mark.parametrize(
    "name",
    [
        "Agrees to receive e-mails",
        "May we email you?",
        "May we send you e-mails?",
        "OK to e-mail",
        "Newsletter active",
        "Recevoir nos offres par e-mail",
        "Autorise l'e-mailing",
        "Einverständniserklärung E-Mail",
        "Möchte Newsletter erhalten",
        "Kontaktaufnahme per E-Mail erlaubt",
        "Acepta comunicaciones comerciales",
        "Autoriza el envío de correos",
        "Accetta comunicazioni commerciali",
        "Toestemming e-mailmarketing",
        "Quero receber novidades",
        "Zgoda na otrzymywanie informacji handlowych",
    ],
)
def test_a_name_is_understood_as_an_agreement(name: str) -> None:
    rule = list_columns().rule(name)
    assert rule is not None
    assert (rule.sense, rule.reason) == (Sense.AGREEMENT, "not subscribed")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Don't e-mail", "unsubscribed"),
        ("Not subscribed to the newsletter", "unsubscribed"),
        ("Newsletter cancelled on", "unsubscribed"),
        ("Ne souhaite plus recevoir d'e-mails", "unsubscribed"),
        ("Refus e-mailing", "unsubscribed"),
        ("Newsletter gekündigt", "unsubscribed"),
        ("Nicht mehr anschreiben", "unsubscribed"),
        ("No desea recibir correos", "unsubscribed"),
        ("Lista Robinson", "unsubscribed"),
        ("Non vuole ricevere e-mail", "unsubscribed"),
        ("Wil geen mail", "unsubscribed"),
        ("Não deseja receber", "unsubscribed"),
        ("Wypisany z newslettera", "unsubscribed"),
        ("Nie wysyłać maili", "unsubscribed"),
        ("E-Mail gesperrt", "blocklisted"),
        ("Adresse e-mail invalide", "bounced"),
        ("E-Mail ungültig", "bounced"),
        ("Plainte spam", "complained"),
        ("S’est désinscrit de tous les e-mails", "unsubscribed"),
        ("Von allen E-Mails abgemeldet", "unsubscribed"),
        ("Dado de baja de todos los correos electrónicos", "unsubscribed"),
        ("Iscrizione annullata a tutte le e-mail", "unsubscribed"),
        ("Afgemeld voor alle e-mails", "unsubscribed"),
        ("Cancelou a assinatura de todos os e-mails", "unsubscribed"),
        ("Wypisany ze wszystkich wiadomości e-mail", "unsubscribed"),
        ("Einwilligung widerrufen", "unsubscribed"),
        ("Zgoda wycofana", "unsubscribed"),
        ("Exclusión de correo electrónico", "unsubscribed"),
    ],
)
def test_a_name_is_understood_as_a_refusal(name: str, reason: str) -> None:
    rule = list_columns().rule(name)
    assert rule is not None
    assert (rule.sense, rule.reason) == (Sense.REFUSAL, reason)


@pytest.mark.parametrize(
    "name",
    [
        "No",
        "Nr",
        "E-mail no",
        "Non membre",
        "Not paid",
        "Do not sell",
        "Not unsubscribed",
        "Do not mail",
        "OK to mail",
        "Active",
        "Gesperrt",
        "Subscription cancelled",
        "Commande annulée",
        "E-mail sent",
        "Email send date",
        "E-Mail erhalten",
        "Newsletter language",
        "Receives catalog",
        "Inscrit au webinaire",
        "Inscrito no evento",
        "Offre acceptée",
        "Cookie consent",
        "Einwilligung Foto",
        "SMS opt-in",
        "Opt-in source",
        "Optin partenaires",
        "On list",
    ],
)
def test_a_name_that_asks_something_else_is_left_alone(name: str) -> None:
    assert list_columns().rule(name) is None


def test_the_first_word_alone_denies_where_it_is_a_preposition_elsewhere() -> None:
    inside, first = list_columns().rule("Inscrito no boletim"), list_columns().rule("No recibir el boletín")
    assert inside is not None
    assert first is not None
    assert (inside.sense, first.sense) == (Sense.AGREEMENT, Sense.REFUSAL)
