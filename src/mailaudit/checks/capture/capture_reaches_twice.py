"""Your software mails the same people more than once.

## Why it matters
Two copies of one mailing within minutes are what people report as spam first, and they double the volume that every limit
counts. The usual causes are an address that stands on two lists, one message per order instead of one per customer, and a
job that was started twice.

## How to fix
1. Remove the duplicates from what the program mails; `mailaudit clean` does it for a list.
2. See to it that the job runs once: a lock, or a mark beside each address that was mailed.
3. Run the dry run again.

## References
- [Email sender guidelines](https://support.google.com/a/answer/81126): what makes people report mail as spam
"""

from mailaudit.checks.capture._findings import SUBJECT, people, recorded
from mailaudit.checks.rule import Facts, Magnitude, Problem, Problems, Severity, check


@check(Severity.WARNING, passed="The dry run mailed nobody twice.")
def capture_reaches_twice(facts: Facts) -> Problems:
    """Report how many people got more than one message of the dry run."""
    count = recorded(facts).twice
    if count:
        yield Problem.about(
            SUBJECT,
            f"In the dry run your software mailed {people(count)} more than once.",
            "Remove duplicates from what the program mails.",
            "See to it that the job cannot run twice at the same time, and capture again.",
            magnitude=Magnitude(count, "recipients"),
        )
