"""Much more mail leaves on one day than receivers are used to.

## Why it matters
Receivers trust a domain and a server for what they have seen of it. A server that sent forty mails an hour yesterday and
six thousand today behaves like one that was broken into: the mail is slowed down, filed as spam or refused, and the good
name of years is gone in an hour. Published schedules begin with a few hundred a day and at most double each day.

What receivers are used to is taken from `other_mail`. The pool of a sending platform is known already; there this check
does not apply.

## How to fix
Spread the campaign over several days that at most double, the most interested people first, or send through a platform.

## References
- [Customer.io: domain warming, never more than double the previous stage](https://docs.customer.io/journeys/domain-warming)
- [Batch: warming up a domain, day by day](https://doc.batch.com/)
- [Gmail: increase the sending volume slowly](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Evidence, Facts, Magnitude, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.volume._words import warm_up_steps
from mailaudit.facts.volume.model import Day
from mailaudit.facts.volume.warm_up import first_steep
from mailaudit.knowledge.volume import warm_up
from mailaudit.wording import moment, numbered


@check(Severity.WARNING, passed="No day brings much more mail than receivers are used to.")
def warm_up_too_steep(facts: Facts) -> Problems:
    """Yield a problem for the first day that grows too fast."""
    projection = facts.volume.projection
    found = first_steep(projection.days, projection.ordinary_day)
    if found is None:
        return
    if not facts.volume.ordinary_address.get():
        raise NotApplicable("the mail leaves through a sending platform's pool, which receivers know")
    yield _problem(facts, found.day, found.number, found.usual, found.allowed)


def _problem(facts: Facts, day: Day, place: int, usual: int, allowed: int) -> Problem:
    when = moment(facts.volume.projection.starts_at).split(",")[0] if place == 1 and day.day else f"day {place}"
    total = day.messages + day.other
    before = f"at most {numbered(usual, 'mail')} a day" if usual else "nothing that the campaign file tells of"
    wanted = facts.volume.projection.recommended
    return Problem.about(
        facts.sender.organizational_domain,
        f"{numbered(total, 'mail leaves', 'mails leave')} on {when}, after {before}. A sender that receivers do not "
        "know for mass mail "
        f"should send at most {allowed:,} then, and at most double each day.",
        *warm_up_steps(wanted.daily if wanted else ()),
        magnitude=Magnitude(total, "messages"),
        location="schedule",
        evidence=(
            Evidence("day before", f"{usual:,}"),
            Evidence("that day", f"{total:,}, of which the campaign {day.messages:,}"),
            Evidence("source", warm_up().provenance.source),
        ),
        confidence=warm_up().provenance.confidence,
        # Below the first day of a schedule for known domains, few receivers will notice.
        severity=Severity.NOTE if total <= warm_up().first_day_established else None,
    )
