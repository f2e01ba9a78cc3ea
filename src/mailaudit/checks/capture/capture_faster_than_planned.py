"""Your software sends faster than the plan.

## Why it matters
The schedule of the campaign file is what was promised; the dry run shows what the software does when nothing holds it back.
A program without a working limiter hands over everything at once, and receivers that see hundreds of messages in a minute
from an address that usually sends a few defer or refuse them.

The dry run is as fast as the software went against a server on the same machine: the network is left out, so the true run
may be slower, and is never faster than this.

## How to fix
1. Set the limiter of the program to the pace of the plan (`mailaudit plan` prints the settings), or
2. give the true pace under `schedule` and see what the limits say to it.

## References
- [Email sender guidelines](https://support.google.com/a/answer/81126): increase the sending volume slowly
"""

from mailaudit.checks.capture._findings import SUBJECT, recorded
from mailaudit.checks.rule import Facts, Magnitude, NotGiven, Problem, Problems, Severity, check

# A minute that begins between two messages holds one more than the pace says.
_ALLOWANCE = 1.1


@check(
    Severity.WARNING,
    passed="The dry run was no faster than the schedule.",
    needs=("recipients", "schedule", "capture"),
)
def capture_faster_than_planned(facts: Facts) -> Problems:
    """Report a dry run whose fastest minute holds clearly more than the schedule allows."""
    capture, pace = recorded(facts), facts.volume.planned_pace
    if pace is None:
        raise NotGiven("the schedule gives no pace to compare with (schedule.rate)")
    planned = max(float(60 * pace.per_second), float(pace.size))
    if capture.fastest > planned * _ALLOWANCE + 1:
        yield Problem.about(
            SUBJECT,
            f"Planned are {planned:,.0f} messages a minute; in the dry run your software sent {capture.fastest:,} in one.",
            "Set the limiter of the program to the planned pace; `mailaudit plan` prints the settings.",
            "Capture again: the dry run is as fast as your software goes, the network excluded.",
            magnitude=Magnitude(capture.fastest, "messages a minute"),
        )
