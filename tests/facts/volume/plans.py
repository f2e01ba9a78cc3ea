"""Campaigns and facts for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from mailaudit.campaign.model import Campaign
from mailaudit.facts.observed import Observed
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.mailing import Mailing, mailing_of
from mailaudit.facts.volume.model import Peak, Projection
from mailaudit.facts.volume.observe import observe_volume


@dataclass(frozen=True)
class _Sender:
    organizational_domain: str
    origin: SimpleNamespace


def sender(via: str | None = "own-server", domain: str = "acme.example") -> SenderFacts:
    """A sender of which only the way out is known; `None` means that DNS did not answer."""
    known = Observed.known(via != "platform") if via else Observed[bool].unknown("the servers did not answer")
    verdict = SimpleNamespace(ordinary=known, mailbox=None)
    return cast("SenderFacts", _Sender(domain, SimpleNamespace(verdict=verdict)))


def recipients(messages: int, **more: Any) -> RecipientFacts:
    """A list of so many good addresses."""
    return RecipientFacts(
        files=(),
        rows=messages,
        valid=messages,
        invalid=0,
        unreadable=0,
        duplicates=0,
        unique=messages,
        domains=1,
        **more,
    )


def campaign(schedule: dict[str, Any] | None, **keys: Any) -> Campaign:
    """A campaign of news@acme.example."""
    plan = {"from": "news@acme.example", "recipients": {"files": ["r.csv"]}, "schedule": schedule, **keys}
    return Campaign.model_validate(plan, context={})


def mailing(schedule: dict[str, Any] | None, via: str | None = "own-server", **keys: Any) -> Mailing:
    """What such a campaign sends."""
    return mailing_of(campaign(schedule, **keys), sender(via))


def projected(messages: int, schedule: dict[str, Any], **keys: Any) -> Projection:
    """The projection of a campaign from an own server."""
    facts = observe_volume(mailing(schedule, **keys), recipients(messages))
    assert facts is not None
    return facts.projection


def only_peak(messages: int, schedule: dict[str, Any], **keys: Any) -> Peak:
    """The peak under the rule for ordinary addresses, when no other limit applies."""
    (peak,) = projected(messages, schedule, **keys).peaks
    return peak
