"""The MAIL FROM domain has more than one SPF record.

## Why it matters
Receivers do not choose between two records and do not add them up: the standard makes them give up with a
permanent error. SPF then passes for no message of the domain, the daily mail included.

A second record that receivers do not take for SPF (commas, another version, `spf2.0`) does no such harm, and no good: who is
named there alone is not allowed to send. That is a warning, and a note for a record of Sender ID, which nobody reads now.

## How to fix
Put everything that the records allow into one record that starts with `v=spf1`, and delete the others.

## References
- [RFC 7208, section 4.5](https://www.rfc-editor.org/rfc/rfc7208#section-4.5)
"""

from mailaudit.checks.rule import ChangeSpf, Evidence, Facts, Magnitude, Problem, Problems, Severity, SpfAim, check
from mailaudit.checks.sender._spf import record_owner
from mailaudit.facts.sender.lookalikes import is_sender_id


@check(
    Severity.ERROR,
    passed="The MAIL FROM domain has at most one SPF record.",
    each=lambda facts: facts.sender.mail_from_domains,
)
def spf_multiple_records(facts: Facts, domain: str) -> Problems:
    """Yield a problem when several TXT records of the domain are SPF records."""
    spf = facts.sender.spf(domain)
    records = spf.records
    if len(records) == 1 and spf.lookalikes:
        yield _ignored(facts, domain, records[0], spf.lookalikes)
    if len(records) < 2:  # noqa: PLR2004 - one is right
        return
    yield Problem.about(
        domain,
        f"{domain} has {len(records)} SPF records; receivers then ignore all of them and SPF always fails.",
        f"Replace the {len(records)} SPF records of {domain} by the one below, which allows what they allowed together.",
        owner=record_owner(facts, domain),
        evidence=tuple(Evidence("SPF record", record) for record in records),
        magnitude=Magnitude(len(records), "records"),
        change=ChangeSpf(domain, SpfAim.JOIN),
        otherwise=(
            f"Write one record that allows what the {len(records)} were meant to allow, and delete the others.",
        ),
    )


def _ignored(facts: Facts, domain: str, record: str, others: tuple[str, ...]) -> Problem:
    told = "another TXT record that was" if len(others) == 1 else f"{len(others)} other TXT records that were"
    return Problem.about(
        domain,
        f"Beside its SPF record {domain} has {told} meant for SPF and that receivers ignore: who is named there alone"
        " may not send.",
        "Replace them by the one record below, which allows what they were to allow together.",
        owner=record_owner(facts, domain),
        severity=Severity.NOTE if all(map(is_sender_id, others)) else Severity.WARNING,
        evidence=(Evidence("SPF record", record), *(Evidence("ignored", text) for text in others[:3])),
        discriminator="ignored",
        change=ChangeSpf(domain, SpfAim.JOIN),
        otherwise=("Add what is still needed of the other record to the SPF record, and delete the other one.",),
    )
