"""The Date field is missing, or no date.

## Why it matters
Mailboxes sort by this date, and filters count a missing, malformed or distant one as the mark of a home-made mailer. A
server on the way often adds a missing one; a wrong one stays.

## How to fix
Write the date as e-mail does: `Sat, 28 Nov 2026 10:00:00 +0100`. Every mail library has a function for it
(`email.utils.format_datetime`, `date(DATE_RFC2822)`); check the clock of the server.

## References
- [RFC 5322, section 3.3](https://www.rfc-editor.org/rfc/rfc5322#section-3.3)
- [RFC 5322, section 3.6.1](https://www.rfc-editor.org/rfc/rfc5322#section-3.6.1): the field is required
"""

from datetime import datetime, timedelta

from mailaudit.checks.message._message import as_sent, is_delivered, place_of, shown
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.model import HeaderField, MessageFacts
from mailaudit.facts.message.reading.dates import is_exact_date, read_date

_FAR = timedelta(hours=24)
_MOST_HOPS = 50
_FIRST_YEAR = 1990


@check(Severity.ERROR, passed="The Date field holds a date.")
def date_invalid(facts: Facts) -> Problems:
    """Yield a problem for a missing date, one that cannot be read, and one a day away from every server's clock."""
    message = as_sent(facts)
    field = next(iter(message.header("Date")), None)
    fault, severity = _fault(message, field)
    if fault:
        yield Problem.about(
            "Date",
            fault,
            "Let the mail library write the date: Sat, 28 Nov 2026 10:00:00 +0100.",
            "Compare the clock of the sending server with the time of day.",
            severity=severity,
            location=place_of(facts, field),
            evidence=(Evidence("Date", shown(field.value)),) if field else (),
        )


def _fault(message: MessageFacts, field: HeaderField | None) -> tuple[str | None, Severity | None]:
    if field is None:
        if is_delivered(message):
            return "The message was delivered without a Date field.", None
        return "The message has no Date field; whoever sends it must add one.", Severity.NOTE
    date = read_date(field.value)
    if date is None:
        return "The Date field is no date that mailboxes can read.", None
    hops = _hops(message)
    if date.year < _FIRST_YEAR or (hops and all(abs(hop - date) > _FAR for hop in hops)):
        return "The Date field is more than a day away from the moment of delivery.", None
    if not is_exact_date(field.value):
        return "The Date field is not written as the standard asks: mailboxes must guess.", Severity.WARNING
    return None, None


def _hops(message: MessageFacts) -> list[datetime]:
    """Return when servers took the message: what waited on its way, or was fetched days later, has no wrong date."""
    moments = (read_date(one.value.rpartition(";")[2]) for one in message.header("Received")[:_MOST_HOPS])
    return [moment for moment in moments if moment]
