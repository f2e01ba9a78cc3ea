"""The name that the sending server gives itself is no public host name.

## Why it matters
A server introduces itself with HELO or EHLO and its full name. `localhost`, a bare machine name or a private name
are what infected machines say, so filters give many points for it and Orange refuses the connection.

## How to fix
Set the name in the mail server's configuration (`myhostname` in Postfix, `primary_hostname` in Exim) to its
reverse name, for example `mail.acme.example`.

## References
- [RFC 5321, section 4.1.1.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1)
- [Orange: rules for senders](https://postmaster.orange.fr)
"""

from mailaudit.checks.rule import Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import helo_names
from mailaudit.facts.sender.origin.addresses import HeloName


@check(Severity.ERROR, passed="The HELO name is a public host name.", each=helo_names, needs=())
def helo_invalid(facts: Facts, helo: HeloName) -> Problems:
    """Yield a problem for a HELO name of a shape that receivers distrust."""
    shape = helo.shape
    if shape is None:
        return
    name = f"mail.{facts.sender.organizational_domain}"
    yield Problem.about(
        helo.name,
        f"The sending server calls itself {helo.name}, {shape.meaning}: receivers take that for an infected"
        " machine.",
        f"Set the server's HELO name to its reverse name, for example {name}.",
        "Write the same name as `sending.helo` into the campaign file.",
        owner=Owner.SERVER_ADMIN,
        location="sending.helo",
        confidence=shape.provenance.confidence,
    )
