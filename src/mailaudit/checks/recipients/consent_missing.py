"""The list holds people of whom no valid consent is recorded.

## Why it matters
In the European Union advertising by e-mail needs a consent that the sender can prove (ePrivacy directive, GDPR), with a few
exceptions for existing customers; supervisors consider a consent that was not used for years as lapsed. Who never agreed
presses the spam button, which hurts the delivery to everybody else.

A row whose consent column holds neither a date nor a word such as yes, granted or subscribed has no recorded consent:
an error. A date older than `consent.max_age` (in calendar months and years) is a warning, and so is one that lies after the
send and therefore proves nothing. A word without a date is a consent of which only the age is not known: a note, when an age
was asked for. Where the column is empty, that of `consent.fallback` counts (Mailchimp: OPTIN_TIME after CONFIRM_TIME).

## How to fix
1. Do not mail the people without a recorded consent. Find the record, or ask them by another channel.
2. Ask those whose consent is old to confirm it, in small numbers and over weeks.
3. `mailaudit clean --remove no-consent,old-consent` writes the list without them.

## References
- [Directive 2002/58/EC, article 13](https://eur-lex.europa.eu/eli/dir/2002/58/oj): unsolicited communications
- [GDPR, article 7](https://eur-lex.europa.eu/eli/reg/2016/679/oj): proof of consent
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Facts, NotGiven, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="A consent that is recent enough is recorded for everybody.")
def consent_missing(facts: Facts) -> Problems:
    """Report the recipients of each file without a recorded consent, and those whose consent is too old."""
    people, plan = facts.recipients, facts.campaign.recipients
    if plan is None or plan.consent is None:
        raise NotGiven("the campaign names no column with the date of consent (recipients.consent)")
    for count, problem in hits(facts, Kind.CONSENT_MISSING):
        yield problem(
            f"No consent is recorded for {numbered(count, 'recipient')} "
            f"({percent(count, people.unique)}): column {plan.consent.column!r} holds neither a date nor a yes.",
            "Do not mail them: find the record of their consent, or ask by another channel.",
            "Run `mailaudit clean --remove no-consent` to write the list without them.",
            discriminator="missing",
        )
    for count, problem in hits(facts, Kind.CONSENT_EXPIRED):
        yield problem(
            f"The consent of {numbered(count, 'recipient is', 'recipients is')} older than {plan.consent.max_age} "
            f"({percent(count, people.unique)}).",
            "Ask them to confirm, in small numbers and over weeks, and mail only those who do.",
            "Run `mailaudit clean --remove old-consent` to write the list without them.",
            severity=Severity.WARNING,
            discriminator="expired",
        )
    for count, problem in hits(facts, Kind.CONSENT_LATER):
        yield problem(
            f"The consent of {numbered(count, 'recipient is', 'recipients is')} dated after the send "
            f"({percent(count, people.unique)}): such a date proves nothing.",
            "Look whether day and month are exchanged in the export, and write dates as 2026-11-30.",
            "Mail these people only when their consent is on record.",
            severity=Severity.WARNING,
            discriminator="later",
        )
    for count, problem in hits(facts, Kind.CONSENT_UNDATED):
        yield problem(
            f"The consent of {numbered(count, 'recipient has', 'recipients has')} no date "
            f"({percent(count, people.unique)}): whether it is older than {plan.consent.max_age} is not known.",
            "Name a column with the date (recipients.consent), or leave max_age out.",
            severity=Severity.NOTE,
            discriminator="undated",
        )
