"""Local parts that stand for a function rather than a person."""
# ruff: noqa: S608 - names of our own

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind

# RFC 2142, and what sending platforms commonly refuse to import; reviewed by hand, exact names only.
ROLE_NAMES = tuple(
    dict.fromkeys(
        # RFC 2142, systems, lists
        "abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp root sysadmin system "
        "admin administrator administration webadmin noreply no-reply no_reply donotreply do-not-reply nobody "
        "null devnull mailer-daemon maildaemon mailerdaemon bounce bounces undisclosed-recipients list lists "
        "list-request majordomo subscribe unsubscribe remove spam phish phishing registrar dns tech it mail "
        "email edv newsletter newsletters "
        # English
        "info information marketing sales support contact contacts hello office team staff all everyone "
        "everybody help helpdesk service services customerservice customer-service customercare customer-care "
        "billing invoice invoices invoicing accounts accounting accountant finance orders order shop store "
        "enquiries enquiry inquiries feedback press media jobs careers hr recruitment recruiting legal "
        "privacy compliance gdpr dpo reception frontdesk front-desk booking bookings reservations reservation "
        "purchasing procurement shipping logistics warehouse export import management director ceo cfo "
        "secretary editor editorial events partners partnership partnerships advertising ads pr returns "
        "payroll treasurer webshop "
        # French
        "accueil secretariat direction comptabilite compta facturation factures commercial commande commandes "
        "achats ventes serviceclient service-client service-clients serviceclients sav assistance "
        "communication presse recrutement emploi rh mairie contacter boutique juridique devis gestion syndic "
        "redaction scolarite bibliotheque standard "
        # German
        "kontakt kundenservice kundendienst kundenbetreuung rechnung rechnungen buchhaltung rechnungswesen "
        "buero vertrieb verkauf einkauf bestellung bestellungen bewerbung bewerbungen personal redaktion "
        "presse sekretariat verwaltung zentrale empfang geschaeftsfuehrung geschaeftsleitung anfrage anfragen "
        "auftrag auftraege datenschutz versand werkstatt praxis kanzlei gemeinde schulleitung vorstand "
        "poststelle "
        # Spanish
        "contacto ventas administracion soporte atencion atencionalcliente atencion-al-cliente clientes "
        "facturacion contabilidad compras pedidos recepcion secretaria prensa empleo rrhh informacion "
        "direccion gerencia reservas comercial tienda oficina ayuda consultas "
        # Italian
        "contatti segreteria amministrazione assistenza vendite acquisti ordini fatturazione fatture "
        "contabilita commerciale ufficio ufficiostampa stampa direzione informazioni prenotazioni personale "
        "negozio protocollo redazione clienti "
        # Dutch
        "klantenservice verkoop inkoop boekhouding administratie facturen factuur bestellingen receptie "
        "secretariaat directie pers vacatures personeelszaken winkel redactie algemeen ondersteuning "
        # Portuguese
        "contato suporte atendimento vendas compras financeiro faturamento faturas cobranca recepcao imprensa "
        "diretoria encomendas loja ouvidoria sac comercial administrativo faturacao apoio apoiocliente "
        # Polish
        "biuro kontakty sprzedaz sklep zamowienia faktury ksiegowosc sekretariat obsluga obslugaklienta bok "
        "pomoc rekrutacja kadry prasa redakcja zarzad dyrekcja handlowy zakupy serwis reklamacje "
        # Czech, Slovak, Hungarian
        "obchod objednavky fakturace ucetni uctarna podpora reditel podatelna predaj ugyfelszolgalat iroda "
        "szamlazas rendeles ertekesites "
        # Swedish, Danish, Norwegian, Finnish
        "kundtjanst forsaljning ekonomi bestallning faktura order kundeservice salg bogholderi bestilling "
        "ordre regnskap kontor kundesenter asiakaspalvelu myynti laskutus toimisto tilaukset tuki "
        # Turkish, Romanian, Russian
        "iletisim bilgi destek satis muhasebe contabilitate vanzari comenzi zakaz buhgalter".split()
    )
)
# What may stand behind the name of a function: countries and languages.
PLACES = (
    "fr de uk us eu es it nl pl pt be ch at se dk no fi cz sk hu ro bg gr ie ru ua tr br mx ar ca au nz in jp "
    "cn kr en sv da cs "
).split()
WHY = "the name of a function, not of a person"


def is_role(local: str, names: str) -> str:
    """Return the portable condition that a local part is the name of a function, perhaps with a country behind it.

    `local` is an SQL expression without a tag, `names` what may stand behind IN.
    """
    places = ", ".join(f"'{place}'" for place in PLACES)
    has_place = (
        f"length({local}) > 4 AND substr({local}, length({local}) - 2, 1) IN ('-', '_', '.') "
        f"AND substr({local}, length({local}) - 1) IN ({places})"
    )
    return f"CASE WHEN {has_place} THEN substr({local}, 1, length({local}) - 3) ELSE {local} END IN ({names})"


def add_roles(found: ListCounts) -> None:
    """Create `role(r, k)`, the first row of every recipient that is a function."""
    found.work.run("CREATE TABLE role_name AS SELECT unnest(?::VARCHAR[]) AS name", list(ROLE_NAMES))
    found.work.run(
        "CREATE TABLE role AS SELECT min(r) AS r, k FROM (SELECT r, k, CASE WHEN contains(local, '+') "
        "THEN split_part(local, '+', 1) ELSE local END AS name FROM "
        "(SELECT r, k, left(k, instr(k, '@') - 1) AS local FROM mailed)) "
        f"WHERE {is_role('name', 'SELECT name FROM role_name')} GROUP BY k"
    )
    found.add(Kind.ROLE, "role", f"'{WHY}'")
