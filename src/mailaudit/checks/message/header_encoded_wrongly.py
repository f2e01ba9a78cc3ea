"""A structured header field holds encoded words where none may stand.

## Why it matters
Encoded words (`=?utf-8?q?…?=`) are for what people read: subjects and names. Receivers read addresses, dates and
identifiers as they are written. An encoded List-Unsubscribe is no address to Gmail and Outlook, and the unsubscribe button
stays away; Python's `EmailMessage`, PHPMailer and others encode long ones without asking.

## How to fix
Write the field unencoded and fold it only between addresses. In Python, use the policy
`email.policy.SMTP.clone(max_line_length=0)` or set the field on a message of the `compat32` policy.

## References
- [RFC 2047, section 5](https://www.rfc-editor.org/rfc/rfc2047#section-5): where encoded words may stand
- [RFC 2369, section 2](https://www.rfc-editor.org/rfc/rfc2369#section-2): addresses in List- fields
- [CPython issue 85725](https://github.com/python/cpython/issues/85725)
"""

import re

from mailaudit.checks.message._message import place_of, with_header
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.model import HeaderField
from mailaudit.facts.message.reading.addresses import mailboxes

_WORD = re.compile(rb"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_QUOTED = re.compile(rb'"[^"\\\n]*=\?[^?\s"]{1,60}\?[bBqQ]\?[^"]*\?="')
_LONGEST = 4_000
_WHERE = "an address, a date or an identifier"
_WHOLE = frozenset(
    "list-unsubscribe list-unsubscribe-post list-help list-subscribe list-post list-owner list-archive message-id "
    "in-reply-to references date content-id content-transfer-encoding mime-version dkim-signature".split()
)
_ADDRESSES = frozenset("from sender reply-to to cc return-path list-id".split())


@check(Severity.ERROR, passed="Encoded words stand only where people read them.")
def header_encoded_wrongly(facts: Facts) -> Problems:
    """Yield a problem for each structured field with an encoded word outside a name, a warning for one in quotation marks."""
    for item in with_header(facts).headers or ():
        if not _WORD.search(item.raw):
            continue
        is_wrong = _is_wrong(item)
        if is_wrong or (item.name.lower() in _ADDRESSES and _QUOTED.search(item.raw[:_LONGEST])):
            yield Problem.about(
                item.name,
                f"{item.name} is written in encoded words, which receivers do not read there."
                if is_wrong
                else f"The name in {item.name} is an encoded word in quotation marks: strict readers show it as it stands.",
                f"Have the sending program write {item.name} as plain ASCII, without =?…?=.",
                "Fold a long field only at the blanks between its addresses.",
                severity=None if is_wrong else Severity.WARNING,
                location=place_of(facts, item),
                evidence=(Evidence(item.name, f"=?…?= in {_WHERE if is_wrong else 'quotation marks'}"),),
            )


def _is_wrong(item: HeaderField) -> bool:
    name = item.name.lower()
    if name in _WHOLE:
        return True
    return name in _ADDRESSES and any("=?" in mailbox.address for mailbox in mailboxes(item.raw))
