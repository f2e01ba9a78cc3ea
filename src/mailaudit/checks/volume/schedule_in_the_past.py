"""The campaign begins before the moment of the audit.

## Why it matters
A start that lies in the past is nearly always a slip: last year's date, or the file of the last campaign. Every hour, day and
night that the report names is then wrong, and so is what else leaves at that time.

## How to fix
Write the real start under `schedule`, with the year.

## References
- [ISO 8601: date and time](https://www.iso.org/iso-8601-date-and-time-format.html)
"""

from datetime import UTC, timedelta

from mailaudit.campaign.values.start import dated
from mailaudit.checks.rule import Evidence, Facts, NotGiven, Problem, Problems, Severity, check
from mailaudit.wording import length, moment, zone_of

# Who audits a campaign on the day on which it leaves knows that.
_TODAY = timedelta(days=1)


@check(Severity.WARNING, passed="The campaign begins in the future.", needs=("schedule",))
def schedule_in_the_past(facts: Facts) -> Problems:
    """Yield a problem when the schedule begins before now; a note on the day itself."""
    schedule = facts.campaign.schedule
    start = dated(schedule.start) if schedule else None
    if schedule is None or start is None:
        raise NotGiven("the schedule names no day to start on")
    start = start if start.tzinfo else start.replace(tzinfo=schedule.timezone or UTC)
    late = facts.now - start
    if late <= timedelta():
        return
    ago = length(late.total_seconds())
    yield Problem.about(
        facts.campaign.name,
        f"The campaign is to begin on {moment(start)} ({zone_of(start)}), which is {ago} ago.",
        "Write the real start of the campaign under `schedule`, and check the year.",
        location="schedule.start",
        evidence=(Evidence("now", f"{moment(facts.now.replace(microsecond=0))} ({zone_of(facts.now)})"),),
        severity=Severity.NOTE if late < _TODAY else None,
    )
