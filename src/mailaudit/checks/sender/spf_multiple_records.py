"""The MAIL FROM domain has more than one SPF record.

## Why it matters
Receivers do not choose between two records and do not add them up: the standard makes them give up with a
permanent error. SPF then passes for no message of the domain, the daily mail included.

## How to fix
Put everything that the records allow into one record that starts with `v=spf1`, and delete the others.

## References
- [RFC 7208, section 4.5](https://www.rfc-editor.org/rfc/rfc7208#section-4.5)
"""

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.checks.rule import Evidence, Facts, Fix, Magnitude, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import record_owner


@check(
    Severity.ERROR,
    passed="The MAIL FROM domain has at most one SPF record.",
    needs=("dns",),
    each=lambda facts: facts.sender.mail_from_domains,
)
def spf_multiple_records(facts: Facts, domain: str) -> Problems:
    """Yield a problem when several TXT records of the domain are SPF records."""
    records = facts.sender.spf(domain).records
    if len(records) < 2:  # noqa: PLR2004 - one is right
        return
    yield Problem(
        subject=domain,
        message=f"{domain} has {len(records)} SPF records; receivers then ignore all of them and SPF always fails.",
        evidence=tuple(Evidence("SPF record", record) for record in records),
        magnitude=Magnitude(len(records), "records"),
        fix=Fix(
            record_owner(facts, domain),
            (
                f"Delete all {len(records)} TXT records of {domain} that start with v=spf1.",
                "Add the one record below, which allows what they allowed together.",
            ),
            ChangeSpf(domain, SpfAim.JOIN),
            otherwise=(
                f"Write one record that allows what the {len(records)} were meant to allow, and delete the others.",
            ),
        ),
    )
