"""Recipients have a domain that is parked: its mail goes to a host where nobody reads it.

## Why it matters
Domains that lapsed, are for sale or live on typing errors often send all their mail to one catch-all of a parking company.
It takes every message, so that nothing bounces, but there is no person behind it, and some of these hosts are evaluated to
find senders who do not look after their lists: a typo-trap risk.

A domain counts as parked when *all* of its mail servers (MX) are such hosts by their whole names. The list is short and each
host has a source: `mailaudit knowledge` files, `parking.yml`. Hosts that also serve real customers are not on it.

## How to fix
1. Look up what the person's address was meant to be, and correct it only when you can prove it.
2. Remove the others: `mailaudit clean` does.
3. Confirm new addresses by a mail with a link (double opt-in): nobody at a parked domain clicks on it.

## References
- [Szurdi, Christin: Email Typosquatting (IMC 2017)](https://doi.org/10.1145/3131365.3131399): few servers, many typo domains
"""

from mailaudit.checks.recipients._findings import hits, percent, those
from mailaudit.checks.recipients._lookups import left_open, not_asked, require_answers
from mailaudit.checks.rule import Confidence, Facts, Problems, Severity, check
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.wording import numbered


@check(
    Severity.WARNING,
    passed="No domain of the list that answered is parked at a host that is known.",
    proviso=left_open,
    needs=("recipients", "dns"),
)
def domain_parked(facts: Facts) -> Problems:
    """Report the recipients of each file whose domain sends its mail to a parking host."""
    people = facts.recipients
    if not all(Kind.PARKED in file.counts for file in people.files):
        raise not_asked(facts)
    for count, problem in hits(facts, Kind.PARKED):
        yield problem(
            f"{numbered(count, 'recipient has', 'recipients have')} a parked domain "
            f"({percent(count, people.unique)}): nobody reads mail there, which is a typo-trap risk.",
            f"Remove {those(count, 'recipient', 'recipients')} from {problem.file.name} (`mailaudit clean`).",
            "Let new subscribers confirm their address by a link (double opt-in).",
            confidence=Confidence.MEDIUM,
        )
    require_answers(facts)
