"""The campaign does not say when or how fast it is sent.

## Why it matters
Without a pace nobody can tell how many messages leave in ten minutes, and most programs send as fast as they can when
nobody tells them not to. When the campaign names a program whose default pace is known, that is taken; otherwise limits,
bursts and the business mail cannot be checked at all.

## How to fix
Write down what the sending software is set to: a rate, or a batch and its interval, and the start.

## References
- [RFC 5321, section 4.5.4.1: sending strategy](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
"""

from mailaudit.checks.rule import Facts, NotGiven, Problem, Problems, Severity, check


@check(Severity.NOTE, passed="The campaign says how fast it is sent.", needs=("recipients",))
def schedule_missing(facts: Facts) -> Problems:
    """Yield a problem when the schedule gives no pace of its own."""
    volume = facts.volume_or_none
    if volume is None:
        raise NotGiven("the campaign names no recipient list")
    if volume.projection_or_none is not None and not volume.assumed_pace:
        return
    yield Problem.about(
        facts.campaign.name,
        _message(facts),
        "Look up in your sending software how many messages it sends in which time.",
        "Write it into the campaign file, for example `schedule: {start: 2026-12-01T09:00, rate: 30/min}`.",
        location="schedule",
    )


def _message(facts: Facts) -> str:
    limiter = facts.volume.limiter
    if limiter is None:
        return "The campaign does not say how fast it is sent: nobody can tell whether a limit is broken."
    how = (
        "sends as fast as it can unless it is told otherwise: all messages are taken to leave at once"
        if limiter.size is None
        else "is taken to send at its default pace"
    )
    return (
        f"The campaign does not say how fast it is sent; {limiter.name} {how}. "
        "If yours is set otherwise, every number about the flow is wrong."
    )
