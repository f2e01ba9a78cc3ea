"""A domain of the sender or of the message is on a blocklist.

## Why it matters
Filters look up every domain in a message: of the sender, of the signature, of every link. A listed domain spoils
the message wherever it is sent from, and moving to another server or platform does not help.

## How to fix
Find out why: a hacked site, a link shortener, complaints. Stop the cause, then ask for removal as the list
describes: `mailaudit delist NAME` shows it.

## References
- [RFC 5782, section 2.2](https://www.rfc-editor.org/rfc/rfc5782#section-2.2)
- [Spamhaus DBL](https://www.spamhaus.org/blocklists/domain-blocklist/)
"""

from mailaudit.checks.rule import Facts, Problems, Severity, check
from mailaudit.checks.sender._standing import problems, subjects
from mailaudit.facts.sender.reputation.blocklists import OF_A_LINK, Subject

_KEYS = {"the MAIL FROM domain": "return_path", "the HELO name": "sending.helo"}


def _domains(facts: Facts) -> tuple[Subject, ...]:
    return tuple(one for one in subjects(facts, domains=True) if one.roles != (OF_A_LINK,))


@check(
    Severity.ERROR, passed="No domain of the sender is on a blocklist.", each=_domains, gate_when_unverified=False
)
def domain_blocklisted(facts: Facts, subject: Subject) -> Problems:
    """Yield a problem for each list on which a domain stands."""
    yield from problems(facts, subject, _KEYS.get(subject.roles[0], "from"))
