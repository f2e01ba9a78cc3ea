"""The From address has no name beside it.

## Why it matters
People recognise a name faster than an address; mail without one is more often reported as spam.

## How to fix
Write `from: "ACME News <news@acme.example>"` in the campaign, and the same in the sending software.

## References
- [RFC 5322, section 3.4](https://www.rfc-editor.org/rfc/rfc5322#section-3.4)
"""

from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check


@check(Severity.NOTE, passed="The From address has a name beside it.", needs=())
def from_name_missing(facts: Facts) -> Problems:
    """Yield a problem when the From header is a bare address."""
    sender = facts.campaign.from_
    if sender.display_name is None:
        yield Problem.about(
            str(sender.address),
            f"People will see {sender.address} and no name.",
            "Add a name in front of the address.",
            location="from",
        )
