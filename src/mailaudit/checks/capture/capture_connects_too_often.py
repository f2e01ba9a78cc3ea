"""Your software opens more connections at once than a provider takes.

## Why it matters
Some providers count the connections that one address holds open at the same time, and put off whoever holds more: Orange
takes two. What is put off comes late, and a program that then opens still more connections is taken for an attack.

This holds for software that delivers to the providers itself. One that hands its mail to a mail server or a platform may
open as many connections to that as it grants; the mail server then keeps the provider's number.

## How to fix
1. Limit the connections for each provider: `default_destination_concurrency_limit` or a transport of its own in Postfix,
   the number of workers or SMTP connections in the program.
2. Or hand the mail to a mail server that does so, and run the dry run again.

## References
- [Orange postmaster](https://postmaster.orange.fr): two connections at a time from one address
"""

from mailaudit.checks.capture._findings import delivers_itself, recorded
from mailaudit.checks.rule import Facts, Magnitude, NotApplicable, Problem, Problems, Severity, check
from mailaudit.knowledge.receivers import provider_named

_KIND = "connections"


@check(Severity.WARNING, passed="The dry run opened no more connections at once than each provider takes.")
def capture_connects_too_often(facts: Facts) -> Problems:
    """Report each provider to which more connections delivered at once than it takes from one address."""
    if not delivers_itself(facts):
        raise NotApplicable("the software does not deliver to the providers itself")
    for name, count in recorded(facts).at_once:
        provider = provider_named(name)
        wanted = provider.requirement(_KIND) if provider else None
        if provider is None or wanted is None or wanted.value is None or count <= wanted.value:
            continue
        yield Problem.about(
            name,
            f"In the dry run {count:,} connections delivered to {provider.name} at once; "
            f"it takes {wanted.value:g} from one address.",
            f"Limit what delivers to {provider.name} at once to {wanted.value:g} connections.",
            "Or hand the mail to a mail server that keeps the number, and capture again.",
            confidence=wanted.provenance.confidence,
            magnitude=Magnitude(count, "connections"),
        )
