"""The duties of bulk senders: in plain words, and whether they are met as far as the facts tell."""

from collections.abc import Iterator

from mailaudit.checks.rule import Facts
from mailaudit.facts.sender.dmarc.alignment import Mechanism

WORDS = {
    "spf": "SPF for the MAIL FROM domain",
    "dkim": "a DKIM signature",
    "dmarc": "a DMARC record for the From domain",
    "alignment": "SPF or DKIM in the name of the From domain (alignment)",
    "one-click": "one-click unsubscribe in the header, honoured within two days",
    "complaints": "fewer than 3 spam reports for every 1,000 mails, better fewer than 1",
    "feedback-id": "a Feedback-ID header",
    "signal-spam": "membership of Signal Spam",
    "website": "a real web site on the From domain",
}

# What tells by itself that a duty is unmet.
FOUND_BY = (
    "one-click-unsubscribe-missing",
    "feedback-id-missing",
    "spf-missing",
    "dkim-key-missing",
    "dmarc-missing",
    "dmarc-not-aligned",
)


def unmet(facts: Facts, duties: tuple[str, ...]) -> Iterator[str]:
    """Yield the duties that are known to be unmet; raises `Unavailable` when DNS did not answer."""
    for duty in duties:
        if _is_unmet(facts, duty):
            yield duty


def _is_unmet(facts: Facts, duty: str) -> bool:
    sender = facts.sender
    match duty:
        case "spf":
            return any(not sender.spf(domain).records for domain in sender.mail_from_domains)
        case "dkim":
            return bool(sender.dkim) and not any(key.keys for key in sender.dkim)
        case "dmarc":
            return sender.dmarc.tree_walk.get().record is None
        case "alignment":
            stands = [sender.dmarc.alignment(mechanism) for mechanism in Mechanism]
            return bool(stands) and all(stand is False for stand in stands)
        case "one-click" | "feedback-id":
            field = "List-Unsubscribe-Post" if duty == "one-click" else "Feedback-ID"
            return _lacks_field(facts, field)
    return False


def _lacks_field(facts: Facts, name: str) -> bool:
    message = facts.message_or_none
    samples = (message, *message.others) if message else ()
    return any(one.headers is not None and not one.header(name) for one in samples)
