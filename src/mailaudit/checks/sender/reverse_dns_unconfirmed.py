"""The reverse name of a sending address does not lead back to it.

## Why it matters
Whoever owns an address can call it what he likes; only the owner of the name can publish where it leads. Receivers
therefore believe a reverse name only when it leads back to the address. Orange refuses mail otherwise, and Gmail
asks for it from every sender.

## How to fix
Publish an A or AAAA record for the reverse name that holds the address, or have the reverse name changed to one
that does.

## References
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
- [RFC 8601, section 2.7.3](https://www.rfc-editor.org/rfc/rfc8601#section-2.7.3)
"""

from mailaudit.checks.change import PublishAddresses
from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import is_platforms, public_addresses, whole_list
from mailaudit.facts.dns.records import address_type
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.addresses import SendingAddress


@check(Severity.ERROR, passed="The reverse name of every sending address leads back to it.", each=public_addresses)
def reverse_dns_unconfirmed(facts: Facts, address: SendingAddress) -> Problems:
    """Yield a problem for an address none of whose reverse names leads back."""
    if not address.names:
        raise NotApplicable("the address has no reverse name")
    if address.confirmed:
        return
    name = address.names[0].name
    kind = address_type(address.ip.version)
    is_own = is_at_or_under(name, facts.sender.organizational_domain)
    yield Problem.about(
        str(address.ip),
        f"The reverse name of {address.ip} is {name}, but that name does not lead back to {address.ip}: receivers"
        " treat the address as if it had no name.",
        f"Publish the {kind} record below, or ask the owner of {name} to do it.",
        f"If {name} is not yours, have the reverse name changed to one of your own domain.",
        owner=Owner.PLATFORM if is_platforms(facts) else Owner.DNS_ADMIN if is_own else Owner.SERVER_ADMIN,
        location=f"sending.ips.{address.place}",
        evidence=tuple(Evidence("reverse name", one.name) for one in address.names),
        impact=whole_list(facts),
        change=PublishAddresses(name, (address.ip,)) if is_own else None,
        otherwise=(f"Publish the {kind} record of {name} with {address.ip}.",),
    )
