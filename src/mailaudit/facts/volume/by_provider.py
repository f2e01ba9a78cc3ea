"""What each recipient provider gets, and when: in the planned order and if the list were shuffled."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.volume.flow.stream_math import Ints, Selection
from mailaudit.facts.volume.flow.streams import Flows
from mailaudit.facts.volume.limits import OF_A_PROVIDER, limit_on_provider
from mailaudit.facts.volume.mailing import Mailing
from mailaudit.facts.volume.model import Duty, Peak, ProviderFlow
from mailaudit.facts.volume.peaks import peak_of
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import Sliding
from mailaudit.knowledge.types.volume import LimitRule
from mailaudit.knowledge.volume import obligations

# Recipients of whom nobody knows who receives for them share no machine and no limit.
NOT_A_PROVIDER = frozenset({"other", "unknown"})
WINDOW_S = 600
_SEED = 20_26
Sequenced = NDArray[np.uint16]


class ProviderView(Struct, frozen=True):
    """All that is projected of the recipient providers."""

    flows: tuple[ProviderFlow, ...] = ()
    peaks: tuple[Peak, ...] = ()
    duties: tuple[Duty, ...] = ()


def view_providers(
    recipients: RecipientFacts, rules: Sequence[LimitRule], mailing: Mailing, order: str, flows: Flows
) -> ProviderView:
    """Project each provider, the one with the most recipients first; nothing when nobody knows the providers.

    One provider after the other, so that only one provider's messages are laid out at a time.
    """
    listed = recipients.provider_sequence
    if listed is None or len(listed) != flows.campaign.count:
        return ProviderView()
    shuffled = shuffle(listed)
    planned = shuffled if order == "shuffled" else interleave(listed) if order == "interleaved" else listed
    places, mixed_places = Places(planned), Places(shuffled)
    found: list[ProviderFlow] = []
    peaks: list[Peak] = []
    duties: list[Duty] = []
    names = enumerate(recipients.provider_names)
    for _, name, index in sorted((-places.count(index), name, index) for index, name in names):
        if name in NOT_A_PROVIDER or not places.count(index):
            continue
        stream = Selection(flows.campaign, places.of(index))
        mixed = stream if planned is shuffled else Selection(flows.campaign, mixed_places.of(index))
        found.append(_flow(name, stream, mixed, flows))
        peaks.extend(_peaks(name, stream, rules, mailing, flows))
        duties.extend(_duties(name, stream, mailing, flows))
    return ProviderView(tuple(found), tuple(peaks), tuple(duties))


class Places:
    """Where in the order of sending each provider's messages stand, by the provider's index: sorted once for all."""

    __slots__ = ("_begins", "_grouped")

    def __init__(self, sequence: Sequenced) -> None:
        self._grouped = np.argsort(sequence, kind="stable")
        self._begins = np.concatenate(([0], np.cumsum(np.bincount(sequence, minlength=1)))).astype(np.int64)

    def count(self, index: int) -> int:
        """Return how many messages a provider gets."""
        return int(self._begins[index + 1] - self._begins[index]) if index + 1 < len(self._begins) else 0

    def of(self, index: int) -> Ints:
        """Return the places, from 0, in order."""
        if not self.count(index):
            return np.array([], dtype=np.int64)
        return self._grouped[self._begins[index] : self._begins[index + 1]]


def shuffle(sequence: Sequenced) -> Sequenced:
    """Return one random order, always the same."""
    mixed = sequence.copy()
    np.random.default_rng(_SEED).shuffle(mixed)
    return mixed


def interleave(sequence: Sequenced) -> Sequenced:
    """Return the order that spreads each provider's messages evenly over the whole."""
    counts = np.bincount(sequence)
    # The k-th of a provider's m messages belongs at the middle of the k-th of m equal parts.
    grouped = np.argsort(sequence, kind="stable")
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rank = np.arange(len(sequence)) - starts[sequence[grouped]]
    share = (rank + 0.5) / counts[sequence[grouped]]
    return sequence[grouped][np.argsort(share, kind="stable")]


def _flow(name: str, stream: Selection, shuffled: Selection, flows: Flows) -> ProviderFlow:
    window = Sliding(flows.clock.ticks(WINDOW_S), 0)
    begins, ends = stream.times(np.array([0, stream.count - 1], dtype=np.int64)).tolist()
    return ProviderFlow(
        provider=name,
        messages=stream.count,
        peak=fullest(window, stream, ()).peak,
        peak_shuffled=fullest(window, shuffled, ()).peak,
        begins_at=flows.instant(begins),
        ends_at=flows.instant(ends),
    )


def _peaks(
    name: str, stream: Selection, rules: Sequence[LimitRule], mailing: Mailing, flows: Flows
) -> Iterator[Peak]:
    for rule in rules:
        if rule.scope in OF_A_PROVIDER and rule.provider in {None, name}:
            yield peak_of(limit_on_provider(rule, name, mailing), flows, stream)


def _duties(name: str, stream: Selection, mailing: Mailing, flows: Flows) -> Iterator[Duty]:
    for obligation in obligations():
        if obligation.rule.provider == name:
            limit = limit_on_provider(obligation.rule, name, mailing)
            yield Duty(obligation, peak_of(limit, flows, stream))
