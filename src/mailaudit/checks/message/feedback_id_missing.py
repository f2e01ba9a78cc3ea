"""The message has no Feedback-ID.

## Why it matters
Orange asks every sender of volume for this header field, and Gmail's Postmaster Tools tell complaints apart by it. Without it
nobody can say which campaign people reported as spam.

## How to fix
Let the sending platform add the field: up to four names of yours, separated by colons, the last one that of the sender:
`Feedback-ID: winter:newsletter:customers:acme`. It must be covered by the DKIM signature.

## References
- [Gmail: Feedback Loop](https://support.google.com/a/answer/6254652)
- [Orange: postmaster](https://postmaster.orange.fr)
"""

from mailaudit.checks.message._message import as_sent, words_of_the_way_out
from mailaudit.checks.rule import Facts, Owner, Problem, Problems, Severity, check


@check(Severity.NOTE, passed="The message carries a Feedback-ID.")
def feedback_id_missing(facts: Facts) -> Problems:
    """Yield a note when the field is missing or empty."""
    words_of_the_way_out(facts)
    if not any(item.value for item in as_sent(facts).header("Feedback-ID")):
        yield Problem.about(
            "Feedback-ID",
            "The message has no Feedback-ID, by which Orange and Gmail tell which campaign people complain about.",
            "Let the platform add Feedback-ID: campaign:kind:audience:sender.",
            "Have the field signed by DKIM.",
            owner=Owner.PLATFORM,
        )
