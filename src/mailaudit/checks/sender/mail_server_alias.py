"""An MX record of the sender points to an alias.

## Why it matters
The standard wants the name in an MX record to have addresses of its own, not a CNAME. Some mail programs refuse to
follow it: answers and bounces from there are lost.

## How to fix
Put the name to which the alias leads into the MX record.

## References
- [RFC 5321, section 5.1](https://www.rfc-editor.org/rfc/rfc5321#section-5.1)
- [RFC 2181, section 10.3](https://www.rfc-editor.org/rfc/rfc2181#section-10.3)
"""

from mailaudit.checks.rule import Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._exchange import used_exchanges
from mailaudit.facts.sender.mail_servers.mx import MailExchange


@check(Severity.WARNING, passed="No MX record of the sender points to an alias.", each=used_exchanges)
def mail_server_alias(facts: Facts, exchange: MailExchange) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for each mail server whose name is a CNAME."""
    exchange.mx.known_records()
    for host in exchange.hosts:
        if host.alias_of:
            yield Problem.about(
                exchange.domain,
                f"The MX record of {exchange.domain} points to {host.name}, which is an alias of {host.alias_of}.",
                f"Put {host.alias_of} in place of {host.name} into the MX record.",
                owner=Owner.DNS_ADMIN,
                discriminator=host.name,
            )
