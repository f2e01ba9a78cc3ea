"""Your software stops before the end of the list.

## Why it matters
A program that ends at the first refusal, or breaks down on the way, leaves the rest of the list without the mailing. Nobody
sees it until somebody counts; and whoever starts it again from the beginning mails the first people twice.

Every larger campaign meets refusals: a mailbox that is full, an address that is gone, a provider that asks to come later.

## How to fix
1. Let the program take down a refusal and go on with the next recipient; in code, catch the error of one message within the
   loop, and open a new connection where the server closed the old one.
2. Let it remember whom it has mailed, so that it can be started again where it stopped.
3. Run the dry run again, with `--answer mixed` to see refusals.

## References
- [RFC 5321, section 4.2.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1): what the first digit of an answer asks for
"""

from mailaudit.checks.capture._findings import SUBJECT, people
from mailaudit.checks.rule import Facts, Magnitude, NotGiven, Problem, Problems, Severity, Unavailable, check
from mailaudit.wording import ending, numbered

# What ended the dry run before the software was done.
_FROM_OUTSIDE = {
    "messages": "its number of messages was reached",
    "for": "its time was over",
    "interrupted": "it was interrupted",
    "background": "what your program had started still ran",
    "error": "nothing more could be written",
    "idle": "the software may still have waited to try again",
}


@check(Severity.WARNING, passed="Your software went on to its end in the dry run.")
def capture_stops_early(facts: Facts) -> Problems:
    """Report a program that ended with an error, or tried nobody else after a refusal though others were left."""
    capture = facts.capture
    left = capture.reached.untried if facts.recipients_or_none is not None else None
    rest = f"; {people(left)} of the list {'was' if left == 1 else 'were'} not tried" if left else ""
    if capture.command_exit:
        yield Problem.about(
            SUBJECT,
            f"Your program {ending(capture.command_exit)} after {numbered(capture.messages, 'message')}{rest}.",
            "Read what the program printed, and let it go on with the next recipient after an error.",
            "Let it remember whom it has mailed, and capture again.",
            magnitude=Magnitude(left or 1, "recipients" if left else "failures"),
        )
        return
    if capture.ended_by != "command" and (capture.ended_by != "idle" or capture.ends_refused):
        why = _FROM_OUTSIDE.get(capture.ended_by or "", "it was killed")
        raise Unavailable(f"nobody knows whether the software was done when the dry run ended: {why}")
    if not capture.ends_refused:
        return
    if left is None:
        raise NotGiven("the last message was refused, and without a list nobody knows who was still to come")
    if left:
        yield Problem.about(
            SUBJECT,
            f"After a refusal your software stopped{rest}.",
            "Let the program take down a refusal and go on with the next recipient.",
            "Let it remember whom it has mailed, and capture again.",
            magnitude=Magnitude(left, "recipients"),
        )
