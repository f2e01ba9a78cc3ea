"""A sending address has no reverse name.

## Why it matters
Before they read a single line, receivers ask for the name of the address that connects. Gmail, Microsoft, Orange,
GMX and many others refuse mail from an address without one, over IPv6 even more strictly than over IPv4.

## How to fix
The owner of the address (your hosting company or your access provider) sets the reverse name, usually in its
customer area. Choose a name of your own domain and publish its A or AAAA record as well.

## References
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
- [RFC 1912, section 2.1](https://www.rfc-editor.org/rfc/rfc1912#section-2.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import free_name, is_platforms, public_addresses, whole_list
from mailaudit.facts.sender.origin.addresses import SendingAddress


@check(Severity.ERROR, passed="Every sending address has a reverse name.", each=public_addresses)
def reverse_dns_missing(facts: Facts, address: SendingAddress) -> Problems:
    """Yield a problem for an address without a PTR record."""
    if address.names:
        return
    name = free_name(facts, address)
    yield Problem.about(
        str(address.ip),
        f"{address.ip} has no reverse name: Gmail, Microsoft, Orange and others refuse mail from it.",
        f"Ask the owner of {address.ip} (your hosting company) to set its reverse name to {name}.",
        f"Publish the address record of {name} with {address.ip}, so that the name leads back.",
        f"Let the sending server introduce itself as {name} (HELO).",
        owner=Owner.PLATFORM if is_platforms(facts) else Owner.SERVER_ADMIN,
        location=f"sending.ips.{address.place}",
        evidence=(Evidence("asked", f"{address.ip.reverse_pointer} PTR"),),
        impact=whole_list(facts),
        cause="missing",
    )
