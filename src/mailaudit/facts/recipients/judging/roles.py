"""Local parts that stand for a function rather than a person."""

from __future__ import annotations

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind

# RFC 2142, and what sending platforms commonly refuse to import; reviewed by hand, exact names only.
ROLE_NAMES = (
    "abuse", "noc", "security", "postmaster", "hostmaster", "usenet", "news", "webmaster", "www", "uucp", "ftp",
    "info", "information", "marketing", "sales", "support", "admin", "administrator", "administration", "root",
    "sysadmin", "system", "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "nobody", "null", "devnull",
    "mailer-daemon", "maildaemon", "mailerdaemon", "bounce", "bounces", "undisclosed-recipients", "list", "lists",
    "list-request", "majordomo", "subscribe", "unsubscribe", "remove", "spam", "phish", "phishing", "registrar", "dns",
    "contact", "contacts", "contacto", "contato", "contatti", "kontakt", "kontakty", "hello", "office", "team", "staff",
    "all", "everyone", "everybody", "help", "helpdesk", "service", "services", "customerservice", "customer-service",
    "kundenservice", "billing", "invoice", "invoices", "accounts", "accounting", "finance", "rechnung", "comptabilite",
    "orders", "order", "shop", "enquiries", "enquiry", "inquiries", "feedback", "press", "media", "jobs", "careers",
    "hr", "recruitment", "legal", "privacy", "compliance", "gdpr", "dpo", "accueil", "secretariat", "direction", "mail",
    "buero", "vertrieb", "ventas", "administracion", "reception", "webadmin", "tech", "it",
)  # fmt: skip
WHY = "the name of a function, not of a person"


def add_roles(found: ListCounts) -> int:
    """Create `role(r, k)`, the first row of every recipient that is a function; return how many there are."""
    found.work.run("CREATE TABLE role_name AS SELECT unnest(?::VARCHAR[]) AS name", list(ROLE_NAMES))
    found.work.run(
        "CREATE TABLE role AS SELECT min(r) AS r, k FROM mailed "
        "WHERE CASE WHEN contains(k, '+') THEN split_part(split_part(k, '@', 1), '+', 1) ELSE split_part(k, '@', 1) END "
        "IN (SELECT name FROM role_name) GROUP BY k"
    )
    return found.add(Kind.ROLE, "role", f"'{WHY}'")
