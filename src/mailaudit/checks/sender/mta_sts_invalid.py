"""The MTA-STS record cannot be used.

## Why it matters
MTA-STS protects answers to your campaign on their way to you. A record that holds an error, or that stands there
twice, is ignored. It does not touch the delivery of the campaign itself.

## How to fix
Publish one record: `v=STSv1; id=` and a number that changes with each change of the policy.

## References
- [RFC 8461, section 3.1](https://www.rfc-editor.org/rfc/rfc8461#section-3.1)
"""

from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.checks.sender._transport import broken


@check(Severity.NOTE, passed="The MTA-STS record is well-formed, or there is none.")
def mta_sts_invalid(facts: Facts) -> Problems:
    """Yield a problem for a broken or repeated MTA-STS record."""
    yield from broken(facts.sender.transport.mta_sts, "MTA-STS", "STSv1")
