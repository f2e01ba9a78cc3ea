"""People can read the addresses of others.

## Why it matters
Everybody sees To and Cc. A message that names several people of the list there, or somebody else than the one who gets it,
gives their addresses, and that they are your customers, to strangers: a breach of personal data, which in the European Union
has to be reported within 72 hours (GDPR, article 33). Answers to all then go to all. A message that was made for another
person carries the other's name and links as well.

An address of the sender's own domain in To, beside hidden recipients, is nothing of that kind, and neither is one in the text
that many messages have, such as a partner's.

## How to fix
1. Send each person a message of his own, with his address alone in To.
2. Where the right people get the wrong messages, look for a loop that is off by one, or a message object that is used again
   without taking out the recipients of the one before (PHPMailer: `clearAllRecipients`).
3. Run the dry run again.

## References
- [GDPR, articles 4(12) and 33](https://eur-lex.europa.eu/eli/reg/2016/679/oj): disclosure, and who has to be told
- [ICO: email and security](https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/security/email-and-security/)
"""

from mailaudit.checks.capture._findings import SUBJECT, people, recorded
from mailaudit.checks.rule import Facts, Magnitude, Problem, Problems, Severity, check


@check(Severity.ERROR, passed="Nobody could read the address of somebody else in the dry run.")
def capture_shows_addresses(facts: Facts) -> Problems:
    """Report how many people could read somebody else's address in To, Cc or Bcc, or in a message made for another."""
    count = recorded(facts).shown_others
    if count:
        yield Problem.about(
            SUBJECT,
            f"In the dry run {people(count)} could read the address of somebody else of the list.",
            "Send each person a message of his own, with his address alone in To and none but his in the text.",
            "Capture again, and look at the samples.",
            magnitude=Magnitude(count, "recipients"),
        )
