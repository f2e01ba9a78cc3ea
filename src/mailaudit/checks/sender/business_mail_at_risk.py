"""The campaign shares its name or its machine with the daily mail.

## Why it matters
Mailbox providers judge domains and addresses, not intentions. When recipients of a campaign complain, everything
from the same domain and the same server is delayed, junked or refused with it: offers, invoices, answers to
customers.

## How to fix
Give the campaign a sub-domain of its own, with its own SPF, DKIM and DMARC, and let it leave from machines that
send nothing else. Then a bad campaign costs a campaign, and not the company's mail.

## References
- [M3AAWG Sender Best Common Practices](https://www.m3aawg.org/published-documents)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

import re
from collections.abc import Iterator

from mailaudit.checks.change import SeparateCampaign
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import whole_list
from mailaudit.facts.sender.origin.daily_mail import SharedWithDailyMail
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.receivers import provider_named
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.wording import numbered

_MOST = 4
_OWN_MACHINES = frozenset({SendsVia.OWN_SERVER, SendsVia.MAILBOX})
_REST_OF_NAME = re.compile(r" \(| and |, ")


@check(Severity.WARNING, passed="The campaign does not share its domain or its server with the daily mail.")
def business_mail_at_risk(facts: Facts) -> Problems:
    """Yield a problem when daily mail uses the same domain, address or machine."""
    shared = facts.sender.origin.daily_mail
    if not shared.is_anything_shared and not (shared.daily and facts.sender.sends_via.get() in _OWN_MACHINES):
        return
    own = facts.sender.organizational_domain
    sub = f"news.{own}" if facts.sender.from_domain == own else f"campaigns.{own}"
    platform = facts.sender.origin.verdict.platform
    asked = setup_records(platform, sub) if platform else ()
    service = platform.name if platform else "a sending platform"
    yield Problem.about(
        facts.sender.from_domain,
        f"Campaigns and your daily mail share {_shared(facts, shared)} ({_daily(shared)}). When recipients"
        f" complain, {_providers(facts)} will delay, junk or refuse both.",
        f"Use a sub-domain for campaigns only, for example {sub}, and write it into the From address.",
        f"Register {sub} at {service} and publish the SPF and DKIM records that it shows.",
        f"Keep Reply-To at the address that people know, and leave {own} to the daily mail.",
        location="from",
        evidence=tuple(_evidence(shared)),
        impact=whole_list(facts),
        change=SeparateCampaign(sub, shared.mx_host, tuple(record for record in asked if record.is_exact)),
    )


def _shared(facts: Facts, shared: SharedWithDailyMail) -> str:
    parts = []
    if shared.address:
        parts.append(f"the address {shared.address}")
    elif shared.domain:
        parts.append(f"the domain {shared.domain}")
    if shared.machine:
        parts.append(f"the server {', '.join(shared.machine)}")
    elif facts.sender.sends_via.value is SendsVia.OWN_SERVER and not shared.is_kept_elsewhere:
        parts.append("your own server")
    elif facts.sender.sends_via.value is SendsVia.MAILBOX:
        parts.append("the mailbox service")
    return " and ".join(parts)


def _daily(shared: SharedWithDailyMail) -> str:
    named = "; ".join(shared.daily[:_MOST])
    return named or "the mail that this server takes"


def _providers(facts: Facts) -> str:
    recipients = facts.recipients_or_none
    shares = [
        one for one in (recipients.providers if recipients else ()) if one.provider not in {"other", "unknown"}
    ]
    if not shares:
        return "mailbox providers"
    named = [_title(share.provider) for share in shares[:_MOST]]
    listed = " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else named[0]
    return f"{listed} ({numbered(sum(one.recipients for one in shares[:_MOST]), 'recipient')})"


def _title(provider: str) -> str:
    known = provider_named(provider)
    return _REST_OF_NAME.split(known.name)[0] if known else provider


def _evidence(shared: SharedWithDailyMail) -> Iterator[Evidence]:
    for one in shared.daily:
        yield Evidence("daily mail", one)
    if shared.mx_host:
        yield Evidence("incoming mail server", shared.mx_host)
    if shared.mailboxes:
        yield Evidence("mailbox service", shared.mailboxes.name)
    for ip in shared.machine:
        yield Evidence("shared server", ip)
