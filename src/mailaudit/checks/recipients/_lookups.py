"""What the checks that rest on the look-up of recipient domains have in common."""

from mailaudit.checks.recipients._findings import percent, share
from mailaudit.checks.rule import Facts, NotGiven, Unavailable
from mailaudit.wording import numbered

# So many recipients may be behind domains that did not answer.
SILENT_SHARE = 0.05


def left_open(facts: Facts) -> str | None:
    """Return how many domains were not verified, and why; nothing when all were."""
    people = facts.recipients
    found = people.lookups
    if found is None or not (found.silent or found.not_asked):
        return None
    told = []
    if found.silent:
        told.append(
            f"{numbered(found.silent, 'domain')} with "
            f"{numbered(found.silent_recipients, 'recipient')} gave no answer ({found.why})"
        )
    if found.not_asked:
        told.append(
            f"{numbered(found.not_asked, 'domain')} with "
            f"{numbered(found.not_asked_recipients, 'recipient')} "
            f"{'was' if found.not_asked == 1 else 'were'} not asked ({found.why_not_asked})"
        )
    return f"Not verified: {', and '.join(told)}."


def not_asked(facts: Facts) -> NotGiven:
    """Return why nothing is known of the domains when nobody was asked."""
    require_answers(facts)
    lookups = facts.recipients.lookups
    limit = lookups.why_not_asked if lookups else None
    return NotGiven(
        f"no recipient domain was asked: {limit or 'there is no network, and no zone file covers them'}"
    )


def require_answers(facts: Facts) -> None:
    """Raise `Unavailable` when too many of the recipients are behind domains of which nothing is known.

    A domain that was not asked because the time was over is as unknown as one that gave no answer.
    """
    people = facts.recipients
    found = people.lookups
    if not found or share(found.silent_recipients + found.late_recipients, people.unique) <= SILENT_SHARE:
        return
    told = []
    if found.silent:
        told.append(
            f"{found.silent:,} of {found.asked:,} domains, with {percent(found.silent_recipients, people.unique)} of the "
            f"recipients, gave no answer ({found.why})"
        )
    if found.late_recipients:
        told.append(
            f"{percent(found.late_recipients, people.unique)} of the recipients are behind domains that were not asked "
            f"({found.why_not_asked})"
        )
    raise Unavailable(" and ".join(told))
