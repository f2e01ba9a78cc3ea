"""Counts a capture: its pace, its people, and what its messages have in common."""

from collections import Counter

import numpy as np
from msgspec.structs import replace

from mailaudit.campaign.message import MessagePlan
from mailaudit.facts.capture.counting import (
    connections_at_once,
    count_by_provider,
    fastest_minute,
    messages_in_common,
    retries,
)
from mailaudit.facts.capture.deliveries import DEFERRED, TAKEN, Deliveries, deliveries_of
from mailaudit.facts.capture.identity import comparable, domain_of, number_under
from mailaudit.facts.capture.model import CaptureFacts, Reached
from mailaudit.facts.capture.people import People
from mailaudit.facts.capture.read import KEPT, Capture, Summary
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.reading.bodies import unreadable

_MOST_NAMES = 20
# What the user stopped, or a number of messages, tells nothing of those who had not been reached yet.
_WHOLE = {"command": 0, "idle": None}


class Captured:
    """A capture that was read, and its people, who are to meet the list before its facts are asked for.

    `recorded` is every delivery in the order in which it was made.
    """

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        found = deliveries_of(capture)
        # Only what is needed later stays in memory while the list is read.
        self._counted, self._from = _counted(capture, found), found.names.from_addresses
        self._sizes = found.names.sizes
        self.recorded = found.recorded
        self.people = People(capture.key, found)

    def messages(self, planned: MessagePlan | None) -> tuple[MessagePlan | None, ...]:
        """Return the planned message with each sample, as it was really sent, in place of its files."""
        plan = planned or MessagePlan.model_validate({"eml": self._capture.folder, "kind": "sample"})
        as_sent = {"html": None, "text": None, "kind": "sample"}
        seen = (path.absolute() for path in self._capture.samples)
        return tuple(plan.model_copy(update=as_sent | {"eml": path}) for path in seen) or (planned,)

    def whole(self, message: MessageFacts) -> MessageFacts:
        """Return samples with the size of the messages that they were taken of, and why no text of them is known."""
        others = tuple(self.whole(one) for one in message.others)
        size = self._sizes.get(message.path, 0)
        if size <= max(KEPT, message.size or 0):
            return replace(message, others=others)
        told = f"its sample holds the first {KEPT >> 20} MiB of {size / (1 << 20):.1f}, and no text stands in them"
        content = message.content if message.content.is_known else unreadable(told)
        return replace(message, size=size, content=content, others=others)

    def facts(self, sender: str = "") -> CaptureFacts:
        """Return the facts of the capture, held against the address of From that the campaign gives."""
        people, own = self.people, comparable(sender)
        at_home, number = domain_of(own), number_under(self._capture.key, own)
        others = (count for (domain, one), count in self._from.items() if domain == at_home and one != number)
        return replace(
            self._counted,
            people=people.count,
            twice=people.twice,
            shown_others=people.shown_others,
            reached=people.reached,
            other_from=sum(others),
        )


def _counted(capture: Capture, found: Deliveries) -> CaptureFacts:
    """Return the facts but for the people."""
    summary, names = capture.summary, found.names
    taken, is_taken = found.verdict == TAKEN, found.is_taken
    times = found.at[found.line[is_taken]]
    waits, gave_up, insisted = retries(found)
    return CaptureFacts(
        display=capture.folder.absolute().name,
        started_at=summary.started_at,
        answer=summary.answer,
        is_whole=_is_whole(summary),
        ended_by=summary.ended_by,
        command_exit=summary.command_exit,
        messages=int(taken.sum()),
        recipients=len(times),
        people=0,
        seconds=float(times[-1] - times[0]) if len(times) else 0.0,
        fastest=fastest_minute(times),
        connections=len(np.unique(found.connection)),
        most_connections=summary.most_connections,
        broken=names.broken,
        unfinished=summary.unfinished_messages,
        bare_line_ends=names.bare_line_ends,
        providers=count_by_provider(found),
        twice=0,
        reached=Reached(),
        same_message_id=messages_in_common(found, found.message_id, least=2),
        same_unsubscribe=messages_in_common(found, found.unsubscribe, least=1),
        with_unsubscribe=int((found.unsubscribe[taken] != 0).sum()),
        from_domains=_names(names.from_domains),
        mail_from_domains=_names(names.mail_from_domains),
        helo_names=_names(names.helo_names),
        shapes=len(names.shapes),
        samples=len(capture.samples),
        at_once=tuple(sorted(connections_at_once(found))),
        refused=int((~taken).sum()),
        deferred=int((found.verdict == DEFERRED).sum()),
        retried=len(waits),
        gave_up=gave_up,
        insisted=insisted,
        soonest_retry_s=min(waits, default=None),
        ends_refused=bool(len(taken) and not taken[-1]),
    )


def _is_whole(summary: Summary) -> bool:
    """Say whether the software had come to its end by itself, and in good order."""
    return summary.ended_by in _WHOLE and summary.command_exit == _WHOLE[summary.ended_by]


def _names(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name, _ in counted.most_common(_MOST_NAMES)))
