"""A site that the message links to is on a blocklist.

## Why it matters
Filters look up every host that a message leads to. One link to a listed site has the whole message refused or filed as junk,
however good the name of its sender is.

## How to fix
Leave the link out, or link to another site. When the site is yours, or that of your platform, find out why it is listed: a
hacked page, a shortener, complaints. Stop the cause, then ask for removal as the list describes.

## References
- [Spamhaus: Domain Blocklist](https://www.spamhaus.org/blocklists/domain-blocklist/)
- [SURBL](https://www.surbl.org/lists), [URIBL](https://uribl.com/about.shtml)
- [RFC 5782](https://www.rfc-editor.org/rfc/rfc5782): how lists in DNS answer
"""

from msgspec.structs import replace

from mailaudit.checks.message._message import content_of, place_of
from mailaudit.checks.rule import Facts, Fix, Owner, Problems, Severity, check
from mailaudit.checks.sender._standing import problems, subjects
from mailaudit.facts.sender.names import organizational_domain
from mailaudit.facts.sender.reputation.blocklists import OF_A_LINK, Subject


def _linked(facts: Facts) -> tuple[Subject, ...]:
    content_of(facts)
    linked = {organizational_domain(host) for host in facts.message.link_domains}
    return tuple(one for one in subjects(facts, domains=True) if one.roles == (OF_A_LINK,) and one.text in linked)


@check(
    Severity.ERROR,
    passed="No site that the message links to is on a blocklist.",
    needs=("message", "dns"),
    each=_linked,
    gate_when_unverified=False,
)
def link_domain_blocklisted(facts: Facts, subject: Subject) -> Problems:
    """Yield a problem for each list on which the domain of a link stands; those of the sender are judged elsewhere."""
    for problem in problems(facts, subject, "message"):
        steps = (f"Take the links to {subject.text} out of the message, or replace them.", *problem.fix.steps)
        yield replace(problem, location=place_of(facts), fix=Fix(Owner.SENDER, steps))
