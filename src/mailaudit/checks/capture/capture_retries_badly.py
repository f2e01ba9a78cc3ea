"""Your software does not take a temporary refusal for what it is.

## Why it matters
A provider that answers with a code of the 400s asks to try again later. A program that tries again within seconds is taken
for an attack and refused for longer; one that does not try again loses the mail. Both were played in the dry run with
`mailaudit capture --answer`.

A refusal with a code of the 500s is final: who repeats it is taken for a program that nobody looks after.

Providers defer much of the mail of a sender whom they do not know yet, so that this decides how a first campaign ends.

## How to fix
1. Hand the mail to a mail server (Postfix, Exim, the provider's relay) that queues and retries, instead of sending directly.
2. In the program, wait at least some minutes before the next try, longer each time (RFC 5321 says 30 minutes).

## References
- [RFC 5321, section 4.5.4.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1): how often to retry
"""

from mailaudit.checks.capture._findings import SUBJECT
from mailaudit.checks.rule import Facts, Magnitude, NotApplicable, Problem, Problems, Severity, check
from mailaudit.wording import length, numbered

_SOON_S = 60.0


@check(Severity.WARNING, passed="Your software waits before it tries a refused message again.")
def capture_retries_badly(facts: Facts) -> Problems:
    """Report retries within a minute, messages that were never tried again, and tries after a refusal for good."""
    capture = facts.capture
    if not (capture.deferred or capture.insisted):
        raise NotApplicable(
            "nothing was put off in the dry run (mailaudit capture --answer plays a provider that does)"
        )
    soonest = capture.soonest_retry_s
    if soonest is not None and soonest < _SOON_S:
        yield Problem.about(
            SUBJECT,
            f"After a temporary refusal your software tried again within {length(max(1.0, soonest))}.",
            "Let a mail server queue and retry, or wait at least some minutes before the next try.",
            magnitude=Magnitude(capture.retried, "retries"),
        )
    if capture.gave_up and capture.is_whole:
        yield Problem.about(
            SUBJECT,
            f"After a temporary refusal your software gave up {numbered(capture.gave_up, 'message')}.",
            "Hand the mail to a mail server that queues and retries.",
            magnitude=Magnitude(capture.gave_up, "messages"),
            discriminator="given up",
        )
    if capture.insisted:
        yield Problem.about(
            SUBJECT,
            f"After a refusal for good your software tried again {numbered(capture.insisted, 'time')} all the same.",
            "Take the code into account: what begins with 5 will not be taken later either.",
            magnitude=Magnitude(capture.insisted, "retries"),
            discriminator="insisted",
        )
