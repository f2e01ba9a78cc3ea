"""A sending address is one of a private network.

## Why it matters
Nobody outside sees such an address: receivers see the public one behind it, and that is the one that SPF, the
reverse name and the blocklists are about.

## How to fix
Write the public address into the campaign file. Your provider's or platform's settings show it, and so do the
Received headers of a test message.

## References
- [RFC 6890](https://www.rfc-editor.org/rfc/rfc6890)
"""

from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import all_addresses
from mailaudit.facts.sender.origin.addresses import SendingAddress


@check(Severity.ERROR, passed="Every sending address is a public one.", each=all_addresses, needs=())
def ip_private(facts: Facts, address: SendingAddress) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for an address from which no mail can come over the public Internet."""
    if not address.is_private:
        return
    yield Problem.about(
        str(address.ip),
        f"{address.ip} is an address of a private network: receivers see another one, so nothing about this"
        " address can be checked or matter.",
        "Send a test message to a mailbox elsewhere and read the topmost Received header.",
        "Write the public address that stands there into `sending.ips`.",
        location=f"sending.ips.{address.place}",
    )
