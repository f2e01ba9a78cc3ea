"""A header field holds characters that are not ASCII.

## Why it matters
Header fields are ASCII unless both servers speak SMTPUTF8. Others refuse the message or show each accent as two wrong
characters. PHP's `mail()` sends a subject as it is given, and so do many scripts.

## How to fix
Encode the text as RFC 2047 says (`=?utf-8?q?…?=`). In PHP use `mb_encode_mimeheader()` or PHPMailer, in other programs the
mail library instead of strings.

## References
- [RFC 5322, section 2.2](https://www.rfc-editor.org/rfc/rfc5322#section-2.2): header fields are US-ASCII
- [RFC 2047](https://www.rfc-editor.org/rfc/rfc2047): how other characters are written
- [RFC 6532](https://www.rfc-editor.org/rfc/rfc6532): the exception, with SMTPUTF8
"""

from mailaudit.checks.message._message import field_shown, place_of, with_header
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check

_READ = frozenset("subject from to cc reply-to sender list-unsubscribe list-id date message-id".split())


@check(Severity.ERROR, passed="Every header field is ASCII.")
def header_not_ascii(facts: Facts) -> Problems:
    """Yield a problem for each field name with an octet above 127; only a warning where SMTPUTF8 is needed anyway."""
    message = with_header(facts)
    if message.is_transcoded:
        raise NotApplicable("an editor saved the file as UTF-16, so the octets of the message are not known")
    is_wanted = not str(facts.campaign.from_.address).isascii()
    told: set[str] = set()
    for item in message.headers or ():
        name = item.name.lower()
        if item.raw.isascii() or name in told or name == "received":
            continue
        told.add(name)
        yield Problem.about(
            item.name,
            f"{item.name} holds characters that are not ASCII and are not encoded.",
            f"Encode {item.name} (RFC 2047) before it is sent; every mail library does it.",
            "In PHP: mb_encode_mimeheader(), or PHPMailer instead of mail().",
            severity=Severity.WARNING if is_wanted or name not in _READ else None,
            location=place_of(facts, item),
            evidence=(Evidence(item.name, field_shown(item)),),
        )
