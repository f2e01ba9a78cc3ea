"""A verification service says that some addresses must not be mailed.

## Why it matters
mailaudit never connects to the mail servers of your recipients: probing mailboxes looks like harvesting, gets the prober
blocklisted, and tells less than it seems, because many servers accept everything. Services that verify addresses have other
means. When you have used one, its result file is evidence that this audit takes into account.

Only clear verdicts count (invalid, undeliverable, do not mail, spamtrap, abuse, disposable); catch-all, risky and
unknown prove nothing. From 2 % of the recipients on, the finding is an error; below, a warning.

## How to fix
1. Remove these recipients. `mailaudit clean --remove refuted` writes the list without them.
2. Verify again when the result file is older than a few months.

## References
- [RFC 5321, section 3.5](https://www.rfc-editor.org/rfc/rfc5321#section-3.5): why servers do not answer such questions
"""

from mailaudit.checks.recipients._findings import bounce_severity, hits, percent
from mailaudit.checks.rule import Facts, NotGiven, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="No verification service refutes anybody on the list.")
def address_refuted(facts: Facts) -> Problems:
    """Report the recipients of each file whom a verification service refutes."""
    plan, people = facts.campaign.recipients, facts.recipients
    if plan is None or not plan.verification:
        raise NotGiven("the campaign names no result file of a verification service (recipients.verification)")
    for count, problem in hits(facts, Kind.REFUTED):
        yield problem(
            f"A verification service says that {numbered(count, 'recipient')} must not be mailed "
            f"({percent(count, people.unique)}).",
            "Remove them (`mailaudit clean --remove refuted`).",
            severity=bounce_severity(count, people.unique),
        )
