"""The list holds domains that look mistyped.

## Why it matters
`gmial.com` is nobody's mailbox: mail to it bounces or is silently collected by a domain that was registered to catch such
slips. Blocklists run such domains too, so every hit is a typo-trap risk.

Known slips are reported however often they stand in the list; another domain that is one slip of the finger away from a large
provider only when it is less frequent than that provider, because the list then does not show that it is real. Addresses are
never changed.

## How to fix
1. Look up in your records what each person meant; ask if there is another channel.
2. Remove those that cannot be cleared. `mailaudit clean --remove typo` writes the list without them.
3. Suggest the correction in the sign-up form.

## References
- [Spamhaus: typo domains as spam traps](https://www.spamhaus.org/resource-hub/deliverability/)
"""

from mailaudit.checks.recipients._findings import hits, percent
from mailaudit.checks.rule import Confidence, Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(Severity.WARNING, passed="No domain of the list looks mistyped.")
def domain_typo(facts: Facts) -> Problems:
    """Report the recipients of each file whose domain looks like a slip."""
    for count, problem in hits(facts, Kind.TYPO):
        yield problem(
            f"{numbered(count, 'recipient has', 'recipients have')} a domain that looks mistyped "
            f"({percent(count, facts.recipients.unique)}): it bounces or reaches a stranger (a typo-trap risk).",
            "Look up what each person meant, and correct the address only when you can prove it.",
            "Remove the others (`mailaudit clean --remove typo`).",
            "Suggest the correction in the sign-up form.",
            confidence=Confidence.MEDIUM,
        )
