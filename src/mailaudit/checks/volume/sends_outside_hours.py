"""Mail leaves in the middle of the night.

## Why it matters
Mail that arrives at three in the morning is read late or wakes people up; it is reported as spam more often, nobody is
there when something goes wrong, and some relays let only a quarter through at night.

## How to fix
Give the schedule daily hours, for example `hours: "09:00-18:00"`.

## References
- [A published policy with lower limits at night](https://portail.ac-reunion.fr/ladoclela/books/la-messagerie-nationale/page/limite-denvoi-de-messages)
- [RFC 5321, section 4.5.4.1: sending strategy](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Impact, Magnitude, NotGiven, Problem, Problems, Severity, check
from mailaudit.wording import moment, numbered


@check(Severity.NOTE, passed="No message leaves at night.")
def sends_outside_hours(facts: Facts) -> Problems:
    """Yield a problem when messages leave between 21:00 and 07:00."""
    projection = facts.volume.projection
    if projection.at_night is None:
        raise NotGiven("the schedule gives no start")
    if not projection.at_night:
        return
    share = projection.at_night / max(facts.volume.messages, 1)
    yield Problem.about(
        facts.campaign.name,
        f"{numbered(projection.at_night, 'mail')} of {facts.volume.messages:,} "
        f"{'leaves' if projection.at_night == 1 else 'leave'} between 21:00 and 07:00, when nobody "
        "reads them and nobody watches.",
        'Give the schedule daily hours: `hours: "09:00-18:00"`.',
        "If your software knows no hours, start so early that the last mail leaves before the evening.",
        magnitude=Magnitude(projection.at_night, "messages"),
        location="schedule",
        evidence=(
            Evidence("first mail", moment(projection.starts_at)),
            Evidence("last mail", moment(projection.ends_at)),
        ),
        impact=Impact(projection.at_night, share),
    )
