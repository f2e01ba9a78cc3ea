"""The list holds people who must not be mailed.

## Why it matters
Somebody who unsubscribed and is mailed again has a right to complain, and does: in the European Union the
objection to direct marketing must be respected (GDPR, article 21), in the United States an opt-out within ten
business days (CAN-SPAM). An address that bounced for good is no better: mailing it again tells providers that
bounces are ignored.

## How to fix
1. Remove them from the list. `mailaudit clean` does it, and keeps a record of whom it removed.
2. Find out how they came back: a fresh export, an old file, a second system that was not told.
3. Let the program that sends apply the suppression list itself, every time.

## References
- [GDPR, article 21](https://eur-lex.europa.eu/eli/reg/2016/679/oj): the right to object
- [CAN-SPAM Act compliance guide](https://www.ftc.gov/business-guidance/resources/can-spam-act-compliance-guide-business)
"""

from mailaudit.checks.recipients._findings import hits, percent, those
from mailaudit.checks.rule import Facts, NotGiven, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="Nobody on the list is on a suppression list.")
def recipient_suppressed(facts: Facts) -> Problems:
    """Report the recipients of each file who are on a suppression list."""
    if facts.recipients.suppressed is None:
        raise NotGiven("the campaign names no suppression list (recipients.suppression)")
    for count, problem in hits(facts, Kind.SUPPRESSED):
        yield problem(
            f"{numbered(count, 'recipient is', 'recipients are')} on a suppression list "
            f"({percent(count, facts.recipients.unique)} of the people on the list): "
            "mailing them breaks the law or your own promise.",
            f"Remove {those(count, 'recipient', 'recipients')} from {problem.file.name} before the send.",
            "Run `mailaudit clean` to write the list without them.",
            "Apply the suppression list in the program that sends, so that no fresh export brings them back.",
        )
