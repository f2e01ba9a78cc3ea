"""The campaign leaves from the sender's own server.

## Why it matters
Mailbox providers judge the address that mail comes from. A server that has always sent a few messages a day has no
reputation for thousands: they are slowed down, refused or filed as spam, some providers refuse an address that
they do not know until its owner has written to them, and complaints then also hit the invoices and answers that
leave from the same server. A sending platform brings addresses with a history, handles bounces, complaints and
unsubscriptions, and keeps the campaign apart from the daily mail.

## How to fix
Send campaigns through a platform that is made for them, with a sub-domain of its own. If it must be your server,
give it an address of its own, a reverse name, SPF, DKIM and DMARC, and raise the volume over weeks.

## References
- [M3AAWG Sender Best Common Practices](https://www.m3aawg.org/published-documents)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import reasons, whole_list
from mailaudit.facts.sender.origin.own_names import SendsVia


@check(Severity.WARNING, passed="Nothing says that the campaign leaves from the sender's own server.")
def sends_from_own_server(facts: Facts) -> Problems:
    """Yield a problem when the campaign says so, or when the sending addresses belong to the sender's names."""
    sender = facts.sender
    if sender.sends_via.get() is not SendsVia.OWN_SERVER:
        return
    ips = ", ".join(str(ip) for ip in facts.campaign.sending.ips)
    yield Problem.about(
        sender.from_domain,
        f"The mail leaves from your own server{f' ({ips})' if ips else ''}, which has no reputation for"
        " mass mail: expect slow delivery, refusals and spam folders, also for your daily mail.",
        "Choose a platform that is made for newsletters and send this campaign through it.",
        f"Give it a sub-domain of its own, for example news.{sender.organizational_domain}.",
        "Until then send slowly, first to the people who opened your last mails.",
        f"See that mail to postmaster@ and abuse@{sender.organizational_domain} is read: complaints arrive there.",
        location="sending.platform" if facts.campaign.sending.platform else "sending.ips",
        evidence=reasons(facts),
        confidence=sender.origin.verdict.confidence,
        impact=whole_list(facts),
    )
