"""A DKIM key says that it is only a test.

## Why it matters
`t=y` asks receivers to treat a failed signature like no signature. Some go further and give a valid one no credit.
The flag is meant for the first days and often forgotten.

## How to fix
Publish the same record without `t=y`.

## References
- [RFC 6376, section 3.6.1](https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, RepairKey, Severity, check
from mailaudit.checks.sender._dkim import owner_of_key, published
from mailaudit.facts.sender.dkim.observe import DkimFacts


@check(Severity.WARNING, passed="No DKIM key of the campaign is marked as a test.", each=published)
def dkim_key_testing(facts: Facts, dkim: DkimFacts) -> Problems:
    """Yield a problem for a key record with the flag t=y."""
    testing = [key for key in dkim.keys if key.testing]
    if not testing:
        return
    name = dkim.selector.name
    owned = owner_of_key(facts, dkim) is Owner.DNS_ADMIN
    yield Problem.about(
        name,
        f"The DKIM key at {name} is marked as a test (t=y): receivers may give its signatures no credit.",
        "Replace the record by the one below, which is the same without t=y."
        if owned
        else f"Ask the owner of {dkim.cname_target} to remove t=y from the key.",
        owner=Owner.DNS_ADMIN if owned else Owner.PLATFORM,
        location=dkim.selector.location,
        evidence=(Evidence("flags", "t=y"),),
        change=RepairKey(name, end_test=True) if owned else None,
        otherwise=(f"Publish the same record at {name} without t=y.",),
    )
