"""Everybody gets the same unsubscribe link.

## Why it matters
One-click unsubscription works without a page on which people could type their address: the link itself must tell who wants
to leave (RFC 8058, section 3.1). When all messages carry the same link, either nobody is unsubscribed by it, and people
report the mail as spam instead, or everybody is.

Only links (`https:`) are compared; a `mailto:` address may be the same for all, since the answer's sender tells who it is.
In the text, the link of two samples to different people is compared where List-Unsubscribe tells these apart: it may lead to
a page that asks for the address, but is more often that of somebody else, left over from a test.

## How to fix
1. Put the recipient's token into the link of `List-Unsubscribe`; every newsletter program has a placeholder for it.
2. Run the dry run again and press the link of two samples.

## References
- [RFC 8058, section 3.1](https://www.rfc-editor.org/rfc/rfc8058#section-3.1): the link must identify the recipient
"""

from collections import defaultdict

from mailaudit.checks.capture._findings import SUBJECT, recorded
from mailaudit.checks.rule import Facts, Magnitude, NotApplicable, Problem, Problems, Severity, check
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.unsubscribe import way_out_address
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="Everybody gets an unsubscribe link of his own.")
def capture_unsubscribe_identical(facts: Facts) -> Problems:
    """Report how many messages share their unsubscribe link with a message to somebody else."""
    capture = recorded(facts)
    if not capture.with_unsubscribe:
        raise NotApplicable("no message of the dry run has a link in List-Unsubscribe")
    without = capture.messages - capture.with_unsubscribe
    if without:
        yield Problem.about(
            SUBJECT,
            f"{numbered(without, 'message')} of the dry run {'has' if without == 1 else 'have'} no link in List-Unsubscribe; "
            f"the others have.",
            "Let every kind of message that the program sends carry List-Unsubscribe.",
            magnitude=Magnitude(without, "messages"),
            severity=Severity.WARNING,
            discriminator="missing",
        )
    if capture.same_unsubscribe:
        have = "has" if capture.same_unsubscribe == 1 else "have"
        yield Problem.about(
            SUBJECT,
            f"{numbered(capture.same_unsubscribe, 'message')} of the dry run {have} the unsubscribe link of somebody else.",
            "Put a token of the recipient into the link of List-Unsubscribe.",
            "Capture again, and press the link of two samples.",
            magnitude=Magnitude(capture.same_unsubscribe, "messages"),
        )
    alike = _alike_in_text(facts)
    if alike:
        yield Problem.about(
            SUBJECT,
            f"In the text of {numbered(alike, 'sample')} to different people the unsubscribe link is the same; "
            f"in List-Unsubscribe each has his own.",
            "Put the recipient's token into the link of the text as well, unless its page asks for the address.",
            "Capture again, and press the link of two samples.",
            magnitude=Magnitude(alike, "samples"),
            severity=Severity.WARNING,
            discriminator="text",
        )


def _alike_in_text(facts: Facts) -> int:
    """Return how many samples show a link that somebody else has, too, though their headers have others."""
    message, plan = facts.message_or_none, facts.campaign.message
    by_address = defaultdict[str | None, list[MessageFacts]](list)
    for sample in (message, *message.others) if message else ():
        if sample.content.value:
            by_address[way_out_address(sample.content.value, plan.unsubscribe if plan else None)].append(sample)
    return sum(
        len(samples)
        for address, samples in by_address.items()
        if address
        and address.lower().startswith("http")
        and all(len({_value(one, name) for one in samples}) > 1 for name in ("To", "List-Unsubscribe"))
    )


def _value(message: MessageFacts, name: str) -> str:
    return " ".join(item.value for item in message.header(name))
