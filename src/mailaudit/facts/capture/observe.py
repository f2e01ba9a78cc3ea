"""Counts a capture: its pace, its people, and what its messages have in common."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import accumulate

from mailaudit.campaign.message import MessagePlan
from mailaudit.facts.capture.model import CaptureFacts, Recorded
from mailaudit.facts.capture.people import People
from mailaudit.facts.capture.read import Capture, Line, Summary

_MINUTE_S = 60.0
_MOST_NAMES = 20
# What clients say that know no name of theirs.
_OF_LOOPBACK = frozenset({"localhost", "localhost.localdomain", "[127.0.0.1]"})
# What the user stopped, or a number of messages, tells nothing of those who had not been reached yet.
_WHOLE = {"command": 0, "idle": None}


class Captured:
    """A capture that was read, and its people, who are to meet the list before its facts are asked for."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._taken = sorted((line for line in capture.lines if line.is_taken), key=lambda line: line.at)
        self.people = People(capture.key, ([one.id for one in line.to] for line in self._taken))

    @property
    def recorded(self) -> Recorded:
        """Every delivery in the order in which it was made."""
        first = self._taken[0].at if self._taken else 0.0
        return Recorded(
            [line.at - first for line in self._taken for _ in line.to],
            [one.provider for line in self._taken for one in line.to],
        )

    def message(self, planned: MessagePlan | None) -> MessagePlan | None:
        """Return the planned message with the first sample, as it was really sent, in place of its files."""
        if not self._capture.samples:
            return planned
        seen = MessagePlan.model_validate({"eml": self._capture.samples[0].absolute(), "kind": "sample"})
        return (
            planned.model_copy(update={"eml": seen.eml, "html": None, "text": None, "kind": "sample"})
            if planned
            else seen
        )

    def facts(self) -> CaptureFacts:
        """Return the facts of the capture."""
        return _counted(self._capture, self._taken, self.people)


def _counted(capture: Capture, taken: Sequence[Line], people: People) -> CaptureFacts:
    refused = [line for line in capture.lines if not line.is_taken]
    times = [line.at for line in taken for _ in line.to]
    waits, gave_up = _retries(capture.lines)
    providers = Counter(one.provider for line in taken for one in line.to)
    with_unsubscribe = [line for line in taken if line.unsubscribe is not None]
    return CaptureFacts(
        display=capture.folder.absolute().name,
        started_at=capture.summary.started_at,
        answer=capture.summary.answer,
        is_whole=_is_whole(capture.summary),
        messages=len(taken),
        recipients=sum(len(line.to) for line in taken),
        people=len(people.counts),
        seconds=times[-1] - times[0] if times else 0.0,
        fastest=_fastest(times),
        connections=len({line.connection for line in capture.lines}),
        most_connections=capture.summary.most_connections,
        broken=capture.broken,
        unfinished=capture.summary.unfinished_messages,
        bare_line_ends=sum(line.bare_line_ends for line in taken),
        providers=tuple(sorted(providers.items(), key=lambda item: (-item[1], item[0]))),
        twice=people.twice,
        reached=people.reached,
        same_message_id=_shared(((line.message_id, line) for line in taken), least=2),
        same_unsubscribe=_shared(((line.unsubscribe, line) for line in with_unsubscribe), least=1),
        with_unsubscribe=len(with_unsubscribe),
        from_domains=_names(line.from_ for line in taken),
        mail_from_domains=_names(line.mail_from or "<>" for line in taken),
        helo_names=_names(line.ehlo for line in taken if line.ehlo not in _OF_LOOPBACK),
        shapes=len({line.shape for line in taken}),
        samples=len(capture.samples),
        at_once=_at_once(sorted(capture.lines, key=lambda line: line.at)),
        refused=len(refused),
        deferred=sum(line.is_deferred for line in refused),
        retried=len(waits),
        gave_up=gave_up,
        soonest_retry_s=min(waits, default=None),
    )


def _is_whole(summary: Summary) -> bool:
    """Say whether the software had come to its end by itself, and in good order."""
    return summary.ended_by in _WHOLE and summary.command_exit == _WHOLE[summary.ended_by]


def _names(values: Iterable[str | None]) -> tuple[str, ...]:
    counted = Counter(value.lower() for value in values if value)
    return tuple(sorted(name for name, _ in counted.most_common(_MOST_NAMES)))


def _fastest(times: Sequence[float]) -> int:
    """Return the most messages in any minute; `times` never decrease."""
    window: deque[float] = deque()
    most = 0
    for at in times:
        window.append(at)
        while window[0] <= at - _MINUTE_S:
            window.popleft()
        most = max(most, len(window))
    return most


def _at_once(lines: Sequence[Line]) -> tuple[tuple[str, int], ...]:
    """Return for each provider the most connections between whose first and last message to it one instant lies."""
    spans: dict[tuple[str, int], tuple[float, float]] = {}
    for line in lines:
        for provider in {one.provider for one in line.to}:
            begin, _ = spans.get((provider, line.connection), (line.began, line.at))
            spans[provider, line.connection] = (begin, line.at)
    steps: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for (provider, _), (begin, end) in spans.items():
        steps[provider] += [(begin, 1), (end, -1)]
    # What ends when another begins does not overlap it: at one instant, ends come first.
    return tuple(
        sorted((provider, max(accumulate(step for _, step in sorted(found)))) for provider, found in steps.items())
    )


def _shared(values: Iterable[tuple[str | None, Line]], *, least: int) -> int:
    """Return how many messages hold a value that several people got, in so many messages at least."""
    people: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for value, line in values:
        if value is not None:
            people[value].update(one.id for one in line.to)
            counts[value] += 1
    return sum(count for value, count in counts.items() if count >= least and len(people[value]) > 1)


def _retries(lines: Sequence[Line]) -> tuple[list[float], int]:
    """Return how long each delivery that was put off waited for its next try, and how many had none."""
    waiting: dict[str, float] = {}
    waits = []
    for line in sorted(lines, key=lambda one: one.at):
        for one in line.to:
            before = waiting.pop(one.id, None)
            if before is not None:
                waits.append(line.began - before)
            if line.is_deferred:
                waiting[one.id] = line.at
    return waits, len(waiting)
