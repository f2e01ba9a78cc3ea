"""What the checks of a dry run have in common."""

from mailaudit.checks.rule import Facts, NotGiven, Unavailable
from mailaudit.facts.capture.model import CaptureFacts
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.wording import numbered

_LIST = "recipients.files"
# One name for every folder, so that a baseline knows the problem of the next run again.
SUBJECT = "capture"


def recorded(facts: Facts) -> CaptureFacts:
    """Return the dry run; raises `NotGiven` without one, and `Unavailable` when no message was taken in it."""
    if not facts.capture.messages:
        if facts.capture.broken:
            unread = numbered(facts.capture.broken, "line")
            raise Unavailable(f"the dry run recorded no message that was taken; {unread} of it cannot be read")
        refused = f", and {numbered(facts.capture.refused, 'refusal')}" if facts.capture.refused else ""
        raise Unavailable(f"the dry run recorded no message that was taken{refused}")
    return facts.capture


def delivers_itself(facts: Facts) -> bool:
    """Say whether the software seems to deliver to the providers itself; a mail server on its machine cannot be told."""
    return facts.campaign.sending.smtp_host is None and facts.sender.sends_via.get() is SendsVia.OWN_SERVER


def compared(count: int | None, without: str) -> int:
    """Return a count that needs the list; raises `NotGiven` where there is none."""
    if count is None:
        raise NotGiven(without)
    return count


def require_list(facts: Facts) -> None:
    """Raise `NotGiven` when the campaign names no list to compare with."""
    if facts.recipients_or_none is None:
        raise NotGiven(f"the campaign names no recipient list ({_LIST})")


def people(count: int) -> str:
    """Return `1 person` or `1,200 people`."""
    return f"{count:,} {'person' if count == 1 else 'people'}"
