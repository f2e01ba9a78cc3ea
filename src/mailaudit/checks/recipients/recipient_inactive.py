"""The list holds people who have not opened anything for long.

## Why it matters
Mailbox providers judge a sender by how many recipients open, and abandoned mailboxes are turned into spam traps after a
year or so. People who ignored the last twelve months of mail are the first whom a campaign should leave out.

Below 10 % of the recipients it is a note. A row without a date counts as never engaged; that alone is a note, because the
person may have joined last week.

## How to fix
1. Leave them out of this campaign. `mailaudit clean --remove inactive` writes the list without them.
2. Try to win them back with one or two mails of their own, in small numbers; then let them go.

## References
- [Gmail: sender guidelines](https://support.google.com/a/answer/81126): engagement and list hygiene
"""

from mailaudit.checks.recipients._findings import hits, percent, share
from mailaudit.checks.rule import Facts, NotGiven, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered

WARNING_SHARE = 0.10


@check(Severity.WARNING, passed="Everybody on the list was active recently.")
def recipient_inactive(facts: Facts) -> Problems:
    """Report the recipients of each file who were last active too long ago, or never."""
    people, plan = facts.recipients, facts.campaign.recipients
    if plan is None or plan.last_engaged is None:
        raise NotGiven("the campaign names no column with the last activity (recipients.last_engaged)")
    for kind, told in (
        (Kind.INACTIVE, f"not active for more than {plan.last_engaged.max_age}"),
        (Kind.NEVER_ENGAGED, "never active, as far as the list tells"),
        (Kind.ENGAGED_LATER, "last active after the send, which cannot be"),
    ):
        for count, problem in hits(facts, kind):
            many = kind is Kind.INACTIVE and share(count, people.unique) >= WARNING_SHARE
            yield problem(
                f"{numbered(count, 'recipient was', 'recipients were')} {told} ({percent(count, people.unique)}): "
                "providers take mail that nobody opens for spam.",
                "Leave them out of this campaign (`mailaudit clean --remove inactive`).",
                "Try to win them back with mails of their own, in small numbers; then let them go.",
                severity=Severity.WARNING if many else Severity.NOTE,
                discriminator=kind.value,
            )
