"""Has the same sender judged twice."""

from mailaudit.facts.dns.answer import Resolver
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.second_opinion.checkdmarc import ask_checkdmarc
from mailaudit.facts.sender.second_opinion.compare import compare
from mailaudit.facts.sender.second_opinion.model import SecondOpinion


async def observe_second_opinion(sender: SenderFacts, dns: Resolver) -> SecondOpinion:
    """Return what checkdmarc says of the MAIL FROM domain's SPF and the From domain's DMARC, beside what we say."""
    judged = await ask_checkdmarc(sender.mail_from_domain, sender.from_domain, dns)
    return compare(sender.spf(sender.mail_from_domain), sender.dmarc, judged)
