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
from datetime import date

from mailaudit.checks.rule import Evidence, Facts, Fix, Owner, Problem, Problems, Severity, check
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge.load import providers
from mailaudit.knowledge.types.fact import Provenance


@check(Severity.NOTE, passed="No rule that touches the campaign is known to change soon.", needs=("dns",))
def rule_changes_soon(facts: Facts) -> Problems:
    """Yield a problem for each announced change of the service that sends, and of the providers that receive."""
    for subject, text, since, fact in sorted((*_of_receivers(facts), *_of_sender(facts)), key=lambda one: one[2]):
        yield Problem(
            subject=subject,
            message=f"From {since.day} {since:%B %Y}: {text}",
            location="sending.smtp" if facts.campaign.sending.smtp else "from",
            evidence=(Evidence("source", f"{fact.source}, checked on {fact.date}"),),
            fix=Fix.by(Owner.SENDER, f"Prepare for what {subject} changes on {since.day} {since:%B %Y}."),
            confidence=fact.confidence,
            discriminator=f"{since}",
        )


def _of_sender(facts: Facts) -> Iterator[tuple[str, str, date, Provenance]]:
    sender = facts.sender
    service = sender.origin.verdict.mailbox if sender.sends_via.get() is SendsVia.MAILBOX else None
    for change in service.changes if service else ():
        if service and change.since and change.since > facts.now.date():
            yield service.name, change.text, change.since, change.provenance


def _of_receivers(facts: Facts) -> Iterator[tuple[str, str, date, Provenance]]:
    shares = facts.recipients_or_none.providers if facts.recipients_or_none else ()
    known = {provider.id: provider for provider in providers()}
    for share in shares:
        provider = known.get(share.provider)
        for item in provider.requirements if provider else ():
            if provider and item.since and item.since > facts.now.date():
                yield provider.name, item.text, item.since, item.provenance
