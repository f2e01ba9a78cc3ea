"""The Message-ID is missing, or malformed.

## Why it matters
Gmail asks for a Message-ID as RFC 5322 writes it, and refuses or junks mail without one. Bounces, threads and duplicate
suppression rest on it; one that names `localhost` is the mark of a script.

## How to fix
Let the mail library make it, with your domain behind the @: `<20261128.7f3a@acme.example>`.

## References
- [RFC 5322, section 3.6.4](https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4)
- [Gmail: Email sender guidelines](https://support.google.com/a/answer/81126): messages follow RFC 5322
"""

import re

from mailaudit.checks.message._message import as_sent, is_delivered, place_of, shown
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check

_ID = re.compile(r"<[^<>@\s]{1,400}@(?P<host>[^<>@\s]{1,255}|\[[^\[\]\s]{1,100}\])>\s*(?:\([^()]{0,200}\))?")
_NOWHERE = re.compile(r"(?i)(?:^|\.)(?:localhost|localdomain|local)$")


@check(Severity.WARNING, passed="The Message-ID is one.")
def message_id_invalid(facts: Facts) -> Problems:
    """Yield a problem for a missing identifier, one of another form, and one of a machine without a name."""
    message = as_sent(facts)
    field = next(iter(message.header("Message-ID")), None)
    if field is None:
        is_late = is_delivered(message)
        fault = (
            "The message was delivered without a Message-ID."
            if is_late
            else "The message has no Message-ID; whoever sends it adds one."
        )
        severity = None if is_late else Severity.NOTE
    else:
        found = _ID.fullmatch(field.value.strip())
        severity = None
        if found and not _NOWHERE.search(found["host"]):
            return
        fault = (
            "The Message-ID names a machine without a public name."
            if found
            else "The Message-ID is not of the form <…@…>."
        )
    yield Problem.about(
        "Message-ID",
        fault,
        "Let the mail library make the Message-ID, with your own domain: <20261128.7f3a@acme.example>.",
        "Give the sending server its public name, so that it does not write localhost.",
        severity=severity,
        location=place_of(facts, field),
        evidence=(Evidence("Message-ID", shown(field.value)),) if field else (),
    )
