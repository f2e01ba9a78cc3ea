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

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._exchange import mx_fix, roles, used_exchanges
from mailaudit.facts.sender.mail_servers.mx import MailExchange


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
        fix=mx_fix(facts, exchange),
    )


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
