"""The From domain, or the one that takes bounces, cannot receive mail.

## Why it matters
Many receivers look whether they could answer: they refuse mail when the domain of From or of MAIL FROM does not
exist, has no mail server, or says that it takes no mail (null MX). Answers, complaints and bounces are lost, so
you keep mailing addresses that are dead.

## How to fix
Publish an MX record that leads to a server which accepts mail for the domain. For the domain of bounces that is
usually a server of the sending service.

## References
- [RFC 5321, section 5.1](https://www.rfc-editor.org/rfc/rfc5321#section-5.1)
- [RFC 7505](https://www.rfc-editor.org/rfc/rfc7505)
"""

from mailaudit.checks.rule import Evidence, Facts, Fix, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._exchange import roles, used_exchanges
from mailaudit.checks.sender._placing import of_alias, of_suffix
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.names import is_at_or_under


@check(Severity.ERROR, passed="Every domain of the sender can receive mail.", each=used_exchanges)
def from_domain_receives_no_mail(facts: Facts, exchange: MailExchange) -> Problems:
    """Yield a problem for a From, MAIL FROM or Reply-To domain to which no mail can be delivered."""
    if exchange.receives_mail:
        return
    role, key = roles(facts, exchange.domain)
    yield Problem(
        subject=exchange.domain,
        message=f"{exchange.domain}, {role}, {_why(exchange)}: receivers may refuse the campaign, and answers are lost.",
        location=key,
        evidence=tuple(Evidence("mail server", host.name) for host in exchange.hosts),
        fix=fix_of(facts, exchange),
    )


def fix_of(facts: Facts, exchange: MailExchange) -> Fix:
    """Return who publishes an MX record where: at an alias nothing can stand (RFC 1034, section 3.6.2)."""
    if suffix := of_suffix(exchange.domain):
        return suffix
    test = "Send a message to an address of that domain and see that it arrives."
    wrong = facts.sender.wrong_names
    if not exchange.mx.cname_chain or wrong.is_wildcard(exchange.mx):
        return Fix.by(
            Owner.DNS_ADMIN,
            f"Publish an MX record for {exchange.domain} with the server that takes its mail.",
            test,
        )
    unfinished = of_alias(facts, exchange.mx)
    if unfinished:
        return unfinished
    target = exchange.mx.cname_chain[-1]
    if is_at_or_under(target, facts.sender.organizational_domain):
        step = f"Publish the MX record for {exchange.domain} at {target}, of which it is an alias."
        return Fix.by(Owner.DNS_ADMIN, step, test)
    step = (
        f"{exchange.domain} is an alias (CNAME) of {target}, and nothing can stand beside an alias: ask the owner of"
        f" {target} (your sending service) to publish an MX record there, or for records in place of the alias."
    )
    return Fix.by(Owner.PLATFORM, step, test)


def _why(exchange: MailExchange) -> str:
    if not exchange.exists:
        return "does not exist"
    if exchange.refuses_mail:
        return "declares that it takes no mail (null MX)"
    if exchange.is_local_only:
        return "names mail servers that nobody can reach from outside (loopback or a private network)"
    if exchange.hosts:
        return "names mail servers that have no address"
    return "has no mail server"
