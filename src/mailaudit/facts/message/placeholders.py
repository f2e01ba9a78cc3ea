"""Merge syntax of the common sending programs, as a recipient would see it when it was not filled in."""

from __future__ import annotations

import re

MOST_FOUND = 20

_NAME = r"[A-Za-zÀ-ÿ_][\wÀ-ÿ.\- |'\":,()$]{0,60}?"
_SYNTAX = re.compile(
    "|".join(
        (
            # {{ first_name }}: Handlebars, Liquid, Jinja, Twig; {{ .Subscriber.FirstName }}: listmonk (Go)
            rf"\{{\{{\{{?-?\s{{0,9}}[#/^&.$]?{_NAME}\s{{0,9}}-?\}}?\}}\}}",
            rf"\{{%-?\s{{0,9}}{_NAME}\s{{0,9}}-?%\}}",  # {% if … %}: Liquid, Jinja, Twig
            r"\*\|[A-Z][A-Z0-9_:]{0,60}\|\*",  # *|FNAME|*: Mailchimp, Mandrill
            r"%%[A-Za-z][\w\-]{0,60}%%",  # %%First_Name%%: Salesforce Marketing Cloud
            r"%[A-Z][A-Z0-9_\-]{1,60}%",  # %FIRSTNAME%: ActiveCampaign and older tools
            rf"\[\[\s{{0,9}}{_NAME}\s{{0,9}}\]\]",  # [[name]]: Mailjet, phpList
            r"\[(?:FIRST ?NAME|LAST ?NAME|NAME|EMAIL|PR[EÉ]NOM|NOM|UNSUBSCRIBE(?:URL)?)\]",  # [FIRSTNAME]: phpList
            rf"\$\{{\s{{0,9}}{_NAME}\s{{0,9}}\}}",  # ${firstName}: Java, JavaScript
            rf"<%=?\s{{0,9}}{_NAME}\s{{0,9}}%>",  # <%= name %>: ERB, EJS
            r"\{(?:subtag|usertag|subscriber):\w[\w|:]{0,60}\}",  # {subtag:name|ucfirst}: AcyMailing
            # [subscriber:firstname | default:reader], [link:subscription_unsubscribe_url]: MailPoet
            r"\[(?:subscriber|newsletter|link|date):\w{1,60}(?: ?\|[^\[\]\r\n]{1,60})?\]",
            # {firstname}: Mailster
            r"\{(?:first ?name|last ?name|full ?name|name|email|emailaddress|company|pr[eé]nom|nom|vorname|nachname)\}",
            r"\{(?:contactfield|leadfield|ownerfield)=[\w\-]{1,60}\}",  # {contactfield=firstname}: Mautic
        )
    ),
    re.IGNORECASE,
)
_CASE_MATTERS = re.compile(r"^%[A-Z][A-Z0-9_\-]{1,60}%$|^\*\|", re.ASCII)


def find_placeholders(text: str) -> tuple[str, ...]:
    """Return the different placeholders of a text in order of appearance, at most `MOST_FOUND`."""
    found: dict[str, None] = {}
    for match in _SYNTAX.finditer(text):
        piece = match[0]
        if piece.startswith("%") and not piece.startswith("%%") and not _CASE_MATTERS.match(piece):
            continue  # "10% of …%" is prose
        found[piece] = None
        if len(found) >= MOST_FOUND:
            break
    return tuple(found)
