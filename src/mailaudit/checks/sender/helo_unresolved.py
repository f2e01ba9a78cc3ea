"""The name that the sending server gives itself has no address.

## Why it matters
Receivers look the HELO name up. Orange refuses mail from a server whose name does not resolve, and filters give
points for it elsewhere.

## How to fix
Publish an A or AAAA record for the name with the server's address.

## References
- [RFC 5321, section 4.1.4](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4)
- [Orange: rules for senders](https://postmaster.orange.fr)
"""

from mailaudit.checks.change import PublishAddresses
from mailaudit.checks.rule import Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import helo_names
from mailaudit.facts.sender.origin.addresses import HeloName


@check(Severity.ERROR, passed="The HELO name has an address.", each=helo_names)
def helo_unresolved(facts: Facts, helo: HeloName) -> Problems:
    """Yield a problem for a HELO name without an address of the versions that the campaign sends from."""
    if helo.shape is not None:
        raise NotApplicable("the HELO name is no public host name")
    if helo.addresses:
        return
    ips = facts.campaign.sending.ips
    yield Problem.about(
        helo.name,
        f"The sending server calls itself {helo.name}, but that name has no address: Orange refuses such mail, and"
        " others trust it less.",
        f"Publish the address of {helo.name}.",
        "Check that the server really gives this name.",
        owner=Owner.DNS_ADMIN,
        location="sending.helo",
        change=PublishAddresses(helo.name, ips) if ips else None,
    )
