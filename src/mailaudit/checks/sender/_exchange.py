"""What the checks of mail servers have in common."""

from mailaudit.checks.rule import Facts, Fix, Owner
from mailaudit.checks.sender._placing import of_alias, of_suffix
from mailaudit.facts.sender.mail_servers.mx import MailExchange
from mailaudit.facts.sender.names import is_at_or_under


def used_exchanges(facts: Facts) -> tuple[MailExchange, ...]:
    """Return where mail to the From, MAIL FROM and Reply-To domains goes."""
    campaign = facts.campaign
    wanted = {campaign.from_domain, campaign.mail_from_domain}
    if campaign.reply_to:
        wanted.add(campaign.reply_to.address.domain)
    return tuple(exchange for exchange in facts.sender.exchanges if exchange.domain in wanted)


def roles(facts: Facts, domain: str) -> tuple[str, str]:
    """Return what a domain does in the campaign, in words, and the key that names it."""
    campaign = facts.campaign
    if domain == campaign.from_domain:
        return "the domain in From", "from"
    if domain == campaign.mail_from_domain:
        return "the domain that takes bounces", "return_path"
    return "the domain that takes answers", "reply_to"


def mx_fix(facts: Facts, exchange: MailExchange) -> Fix:
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
