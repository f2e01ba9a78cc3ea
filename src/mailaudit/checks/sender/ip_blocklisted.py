"""A sending address is on a blocklist.

## Why it matters
Receivers ask these lists before they accept a connection. A large list stops the mail to most of the world; a
small one costs points at a few. What the lists say of an address is what its last months of mail have earned.

## How to fix
Find and stop the cause first. Then ask for removal, once, in the way that the list describes: `mailaudit delist
NAME` shows it. On a platform, its support does that.

## References
- [RFC 5782](https://www.rfc-editor.org/rfc/rfc5782)
- [RFC 6471](https://www.rfc-editor.org/rfc/rfc6471)
"""

from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.checks.sender._origin import all_addresses
from mailaudit.checks.sender._standing import problems, subjects
from mailaudit.facts.sender.reputation.blocklists import Subject


def _addresses(facts: Facts) -> tuple[Subject, ...]:
    all_addresses(facts)
    return subjects(facts, domains=False)


@check(Severity.ERROR, passed="No sending address is on a blocklist.", each=_addresses, gate_when_unverified=False)
def ip_blocklisted(facts: Facts, subject: Subject) -> Problems:
    """Yield a problem for each list on which an address stands."""
    places = {str(address.ip): address.place for address in facts.sender.origin.addresses}
    yield from problems(facts, subject, f"sending.ips.{places.get(subject.text, 0)}")
