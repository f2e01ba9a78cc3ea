"""What the checks of mail servers have in common."""

from mailaudit.checks.rule import Facts
from mailaudit.facts.sender.mail_servers.mx import MailExchange


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
