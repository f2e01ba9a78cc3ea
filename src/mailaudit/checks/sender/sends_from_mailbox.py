"""The campaign leaves from an ordinary mailbox.

## Why it matters
Mailbox services are made for people who write to people. They count what one mailbox sends, block it for hours or
days when it sends too much, and forbid mass mail in their terms. Then the daily mail stops as well. From an
address at a provider such as Gmail or Orange, nobody can sign the mail with a domain of his own, so it fails DMARC
anywhere else.

## How to fix
Use a domain of your own and a sending platform. Keep the mailbox for the answers.

## References
- [Gmail: sending limits](https://support.google.com/mail/answer/22839)
- [Google Workspace: sending limits](https://support.google.com/a/answer/166852)
- [Exchange Online limits](https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits)
"""

from collections.abc import Iterator

from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import reasons, whole_list
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.types.mailbox import MailboxLimit, MailboxService
from mailaudit.wording import length, numbered

_DAY = 86400


@check(Severity.WARNING, passed="Nothing says that the campaign leaves from an ordinary mailbox.")
def sends_from_mailbox(facts: Facts) -> Problems:
    """Yield a problem when the campaign leaves through a service for the mail of people."""
    sender = facts.sender
    if sender.sends_via.get() is not SendsVia.MAILBOX:
        return
    service = sender.origin.verdict.mailbox
    limit = _daily(service)
    yield Problem.about(
        str(facts.campaign.from_.address),
        f"The mail leaves from a mailbox{f' at {service.name}' if service else ''}, which is made for people"
        f" who write to people{_too_much(facts, limit)}: it will be blocked, and your daily mail with it.",
        "Choose a sending platform and register a domain of your own there.",
        "Send from an address of that domain; name the mailbox as Reply-To.",
        "Publish the SPF, DKIM and DMARC records that the platform shows.",
        location="sending.smtp" if facts.campaign.sending.smtp else "from",
        evidence=(*reasons(facts), *_limits(service)),
        confidence=sender.origin.verdict.confidence,
        impact=whole_list(facts),
    )


def _daily(service: MailboxService | None) -> MailboxLimit | None:
    limits = service.limits if service else ()
    daily = [one for one in limits if one.window_s == _DAY and one.which != "internal" and one.condition is None]
    certain = [one for one in daily if one.provenance.confidence is not Confidence.LOW]
    return min(certain, key=lambda one: one.max, default=None)


def _too_much(facts: Facts, limit: MailboxLimit | None) -> str:
    if limit is None:
        return " and limits what one of them sends"
    allowed = f" and lets one of them reach {_most(limit)} in 24 hours"
    recipients = facts.recipients_or_none
    if recipients is None or recipients.unique <= limit.max:
        return allowed
    days = -(-recipients.unique // limit.max)
    return (
        f"{allowed} (your list of {numbered(recipients.unique, 'address', 'addresses')} would take {days:,} days)"
    )


def _most(limit: MailboxLimit) -> str:
    return f"{limit.max:,} {f'{limit.which} ' if limit.which else ''}{limit.counts}"


def _limits(service: MailboxService | None) -> Iterator[Evidence]:
    for limit in service.limits if service else ():
        condition = f" ({limit.condition})" if limit.condition else ""
        source = limit.provenance.source
        yield Evidence("limit", f"{_most(limit)} in {length(limit.window_s)}{condition}; source: {source}")
