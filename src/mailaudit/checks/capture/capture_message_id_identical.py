"""Several messages have the same Message-ID.

## Why it matters
A Message-ID belongs to one message only (RFC 5322, section 3.6.4). Mailboxes that get two messages with one identifier show
only the first, and filters take the others for a copy of mail that was seen already.

## How to fix
Let the program or the mail server make a Message-ID for every message; most do when the program writes none.

## References
- [RFC 5322, section 3.6.4](https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4): identification fields
"""

from mailaudit.checks.capture._findings import SUBJECT, recorded
from mailaudit.checks.rule import Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.wording import numbered


@check(Severity.WARNING, passed="Every message of the dry run has a Message-ID of its own.")
def capture_message_id_identical(facts: Facts) -> Problems:
    """Report how many messages share their Message-ID with a message to somebody else."""
    count = recorded(facts).same_message_id
    if count:
        yield Problem.about(
            SUBJECT,
            f"{numbered(count, 'message')} of the dry run have the Message-ID of a message to somebody else.",
            "Let the program make a Message-ID for every message, or leave the field to the mail server.",
            magnitude=Magnitude(count, "messages"),
        )
