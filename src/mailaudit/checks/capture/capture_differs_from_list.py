"""Your software mails other people than those on the list.

## Why it matters
Everything that this report says of the list, from invalid addresses to consent, holds for the list that the campaign names.
The dry run shows that the software mails others, or not all of them: an old export, another segment, a filter. People whom
nobody looked at may be traps, may have said no, and bounce more often.

People on the list whom the dry run did not reach are only counted when the software had come to its end.

## How to fix
1. Name the list that the program really mails under `recipients.files`, or give the program this list.
2. Let the dry run go on to its end, and audit again.

## References
- [Email sender guidelines](https://support.google.com/a/answer/81126): mail only those who want it
"""

from mailaudit.checks.capture._findings import SUBJECT, compared, people, recorded, require_list
from mailaudit.checks.rule import Facts, Magnitude, Problem, Problems, Severity, check

_NO_LIST = "the list could not be compared with the dry run"


@check(
    Severity.WARNING,
    passed="The dry run mailed the people of the list and no others.",
    needs=("recipients", "capture"),
)
def capture_differs_from_list(facts: Facts) -> Problems:
    """Report how many people of the dry run are not on the list, and how many of the list it did not reach."""
    capture = recorded(facts)
    require_list(facts)
    strangers = compared(capture.reached.strangers, _NO_LIST)
    missed = compared(capture.reached.missed, _NO_LIST) if capture.is_whole else 0
    if strangers or missed:
        yield Problem.about(
            SUBJECT,
            _told(strangers, missed),
            "Name the list that the program really mails under recipients.files, or give the program this list.",
            magnitude=Magnitude(strangers + missed, "recipients"),
        )


def _told(strangers: int, missed: int) -> str:
    if not strangers:
        return f"In the dry run your software left out {people(missed)} of the list."
    are = "is" if strangers == 1 else "are"
    mailed = f"In the dry run your software mailed {people(strangers)} who {are} not on the list"
    return f"{mailed}, and left out {people(missed)} of it." if missed else f"{mailed}."
