"""A rule that touches the campaign changes on a day to come.

## Why it matters
A mailbox service or a mailbox provider has announced that it will refuse from some day on what it takes today. A program
that is set up now, or a campaign that is repeated, stops working on that day without having changed.

## How to fix
Prepare before the day that is named, and run this audit again for a campaign that leaves after it.

## References
- [Exchange Online: SMTP AUTH with a password, the time line](https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835)
"""

from collections.abc import Iterator

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.load import providers
from mailaudit.knowledge.types.fact import Note
from mailaudit.knowledge.types.provider import Requirement
from mailaudit.wording import whole_day


@check(Severity.NOTE, passed="No rule that touches the campaign is known to change soon.")
def rule_changes_soon(facts: Facts) -> Problems:
    """Yield a problem for each announced change of the service that sends, and of the providers that receive."""
    today = facts.now.date()
    coming = [(one.since, name, one) for name, one in _announced(facts) if one.since and one.since > today]
    for since, subject, change in sorted(coming, key=lambda one: one[0]):
        yield Problem.about(
            subject,
            f"From {whole_day(since)}: {change.text}",
            f"Prepare for what {subject} changes on {whole_day(since)}.",
            location="sending.smtp" if facts.campaign.sending.smtp else "from",
            evidence=(Evidence("source", f"{change.provenance.source}, checked on {change.provenance.date}"),),
            confidence=change.provenance.confidence,
            discriminator=f"{since}",
        )


def _announced(facts: Facts) -> Iterator[tuple[str, Note | Requirement]]:
    """Yield the changes of the providers that receive, and of the service that sends."""
    known = {provider.id: provider for provider in providers()}
    for share in facts.recipients_or_none.providers if facts.recipients_or_none else ():
        if provider := known.get(share.provider):
            yield from ((provider.name, item) for item in provider.requirements)
    sender = facts.sender
    service = sender.origin.verdict.mailbox if sender.sends_via.get() is SendsVia.MAILBOX else None
    if service:
        yield from ((service.name, change) for change in service.changes)
