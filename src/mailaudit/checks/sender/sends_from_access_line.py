"""The campaign leaves from an access line, as homes and offices have it.

## Why it matters
No receiver expects a mail server on such a line: the owners of access networks publish their addresses in policy
lists so that others refuse direct mail from there. Whole campaigns are refused at the door.

## How to fix
Hand the mail to a server that may send: the platform's, or that of your provider.

## References
- [Spamhaus PBL](https://www.spamhaus.org/blocklists/policy-blocklist/)
- [T-Online: rules for senders](https://postmaster.t-online.de)
"""

from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import public_addresses, whole_list
from mailaudit.facts.sender.origin.addresses import ReverseName, SendingAddress


@check(
    Severity.ERROR,
    passed="No sending address has the name of an access line.",
    each=public_addresses,
    gate_when_unverified=False,
)
def sends_from_access_line(facts: Facts, address: SendingAddress) -> Problems:
    """Yield a problem for a sending address whose reverse name is that of an access line."""
    for one in address.names:
        if one.shape is not None and one.shape.kind == "access-line":
            yield _problem(facts, address, one)
            return


def _problem(facts: Facts, address: SendingAddress, one: ReverseName) -> Problem:
    shape = one.shape
    known = shape.provenance.confidence if shape else Confidence.LOW
    return Problem.about(
        str(address.ip),
        f"{address.ip} is called {one.name}, as the lines of homes and offices are: most receivers refuse mail"
        " that comes directly from there.",
        "Do not send from this line: hand the mail to a sending platform, or to your provider's mail server.",
        "If the address is fixed and yours, ask the provider for a reverse name of your own domain.",
        location=f"sending.ips.{address.place}",
        evidence=(Evidence("reverse name", one.name), Evidence("shape", shape.name if shape else "")),
        # Access networks number their lines by the address; a name without it was given to one machine.
        severity=None if one.repeats(address.ip) else Severity.WARNING,
        # A word in a name is a strong hint, a provider's own pattern a proof.
        confidence=known if known is not Confidence.HIGH or one.name.count(".") > 1 else Confidence.MEDIUM,
        impact=whole_list(facts),
        cause=shape.name if shape else "",
    )
