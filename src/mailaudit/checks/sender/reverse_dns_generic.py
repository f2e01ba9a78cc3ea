"""The reverse name of a sending address is the default of a hosting company or an access network.

## Why it matters
A name such as `vps-1a2b.host.example` or one that repeats the address says that nobody has set the machine up for
mail. Filters give points for it, and some receivers, T-Online among them, refuse such senders.

## How to fix
Have the reverse name set to a name of your own domain, for example `mail.acme.example`, and publish its address
record.

## References
- [RFC 5321, section 4.1.4](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4)
- [T-Online: rules for senders](https://postmaster.t-online.de)
"""

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import free_name, public_addresses
from mailaudit.facts.sender.names import is_at_or_under
from mailaudit.facts.sender.origin.addresses import ReverseName, SendingAddress
from mailaudit.knowledge.lookup import platforms_by

_KINDS = {"generic", "hosting", "access-line"}


@check(
    Severity.WARNING,
    passed="The reverse names are not the defaults of a hosting company or an access network.",
    each=public_addresses,
    follows=("sends-from-access-line",),
)
def reverse_dns_generic(facts: Facts, address: SendingAddress) -> Problems:
    """Yield a problem for an address all of whose reverse names are generic, unless one is the sender's or a platform's."""
    if not address.names:
        raise NotApplicable("the address has no reverse name")
    own = facts.sender.organizational_domain
    if not all(_is_generic(one, own) for one in address.names):
        return
    one = address.names[0]
    shape = one.shape
    if shape is None:
        return
    name = free_name(facts, address)
    example = f" (for example {name})" if is_at_or_under(name, own) else ""
    yield Problem.about(
        str(address.ip),
        f"{address.ip} is called {one.name}, a name that its owner gives to every machine ({shape.name}):"
        " filters take it for a server that nobody has set up for mail.",
        f"Set the reverse name of {address.ip} to a name of your own domain, in your hosting company's settings.",
        f"Publish the address record of that name{example}, and use it as HELO name.",
        owner=Owner.SERVER_ADMIN,
        location=f"sending.ips.{address.place}",
        evidence=(Evidence("reverse name", one.name), Evidence("shape", shape.name)),
        confidence=shape.provenance.confidence,
        cause=shape.name,
    )


def _is_generic(one: ReverseName, own: str) -> bool:
    if is_at_or_under(one.name, own) or platforms_by("reverse-name", one.name):
        return False
    return one.shape is not None and one.shape.kind in _KINDS
