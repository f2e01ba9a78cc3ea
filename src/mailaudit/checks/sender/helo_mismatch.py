"""The name that the sending server gives itself leads to other addresses.

## Why it matters
A HELO name that belongs to another machine looks borrowed. Some filters give points for it, and a reverse name, a
HELO name and an address that agree are the cheapest proof that a mail server is run with care.

## How to fix
Use the reverse name of the sending address as HELO name, and let its address record hold every address that sends.

## References
- [RFC 5321, section 4.1.4](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4)
"""

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import helo_names
from mailaudit.facts.observed import NotApplicable, NotGiven
from mailaudit.facts.sender.origin.addresses import HeloName


@check(
    Severity.NOTE,
    passed="The HELO name leads to the sending addresses.",
    each=helo_names,
    follows=("reverse-dns-missing",),
)
def helo_mismatch(facts: Facts, helo: HeloName) -> Problems:
    """Yield a problem when the HELO name leads somewhere, but to none of the sending addresses."""
    ips = facts.campaign.sending.ips
    if not ips:
        raise NotGiven("the campaign names no sending address (sending.ips)")
    found = helo.addresses
    if not found:
        raise NotApplicable("the HELO name has no address")
    if found & set(ips):
        return
    shown = ", ".join(sorted(str(ip) for ip in found))
    yield Problem.about(
        helo.name,
        f"The sending server calls itself {helo.name}, which leads to {shown} and to none of the sending"
        " addresses: the name looks borrowed.",
        "Set the server's HELO name to the reverse name of its own address.",
        "Publish one address record for that name for each address that sends.",
        owner=Owner.SERVER_ADMIN,
        location="sending.helo",
        evidence=(Evidence("addresses of the HELO name", shown),),
    )
