"""Another campaign of the same sender is sent at the same time.

## Why it matters
Two campaigns that each keep every limit can break it together. People who stand on both lists get two mails within the
hour, and report the second one as spam.

## How to fix
Move one of the campaigns; the projection adds the other one's messages to every limit that both share.

## References
- [RFC 5321, section 4.5.4.1: sending strategy](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
"""

from mailaudit.checks.rule import Evidence, Facts, NotGiven, Problem, Problems, Severity, check
from mailaudit.wording import clock_time, moment, numbered


@check(Severity.WARNING, passed="No other campaign of this sender is sent at the same time.")
def campaigns_overlap(facts: Facts) -> Problems:
    """Yield a problem for each campaign of the same organizational domain that overlaps."""
    if not facts.volume.beside:
        raise NotGiven("no other campaign is given")
    for overlap in facts.volume.projection.overlaps:
        span = f"{moment(overlap.begins_at)} to {clock_time(overlap.ends_at, overlap.begins_at)}"
        yield Problem.about(
            overlap.name,
            f"“{overlap.name}” ({numbered(overlap.messages, 'mail')}) is sent at the same time, from {span}; both "
            "count together towards every limit that they share.",
            "Start one of the campaigns after the other has ended, better on another day.",
            location="schedule",
            evidence=(Evidence("both are sent", span),),
        )
