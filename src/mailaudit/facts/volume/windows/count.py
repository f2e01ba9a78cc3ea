"""The fullest window and the first breach of one limit over streams of mail, exactly, in bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mailaudit.facts.volume.flow.stream_math import Ints, Stream
from mailaudit.facts.volume.windows.closed_form import has_closed_form, see_segments
from mailaudit.facts.volume.windows.window import Stretch, Tally, Window, chunks


@dataclass(frozen=True, slots=True)
class Fullest:
    """The outcome for one key under one limit; ticks and message numbers (from 0) as in the campaign's stream."""

    peak: int
    opens: int | None
    closes: int | None
    allowed: int
    other_in_peak: int
    breach_tick: int | None
    breach_number: int | None
    over: int
    over_other: int
    crowded: tuple[Stretch, ...]


def fullest(window: Window, campaign: Stream, others: Sequence[Stream]) -> Fullest:
    """Return the fullest window that holds a message of the campaign.

    Of messages at one instant the other mail counts first, so a campaign's message always finds the fuller
    window. Evenly spaced mail is counted in closed form, a selection message by message: O(n log n) time, and
    O(1) memory beside the streams.
    """
    own, strange = Tally(), Tally()
    if has_closed_form(campaign, others, window):
        see_segments(own, window, campaign, others)
    else:
        own.see_all(window, campaign, others)
    for place in range(len(others)):
        _see_other(strange, window, campaign, others, place)
    return _outcome(window, (campaign, *others), own, strange)


def _see_other(tally: Tally, window: Window, campaign: Stream, others: Sequence[Stream], place: int) -> None:
    """Take in one stream of other mail, as far as its messages' windows hold a message of the campaign."""
    if not campaign.count:
        return
    begin = campaign.times(np.array([0], dtype=np.int64))
    for start, ticks in chunks(others[place], int(others[place].upto(begin - 1)[0])):
        edge = window.edge(ticks)
        ahead = campaign.upto(ticks - 1)
        held = ahead - campaign.upto(edge)
        chosen = np.flatnonzero(held > 0)
        if len(chosen):
            held, when, before = held[chosen], ticks[chosen], edge[chosen]
            alone = start + chosen + 1 - others[place].upto(before)
            for rank, other in enumerate(others):
                if rank != place:
                    # At one instant, the streams follow one another in their order.
                    alone = alone + other.upto(when - (rank > place)) - other.upto(before)
            allowed = window.allowed(when)
            tally.see(start, when, held + alone, allowed)
            hurt = (held + alone > allowed) & (alone <= allowed)
            tally.crowd(place, start + chosen, when, hurt.astype(np.int64))
        elif ahead[-1] >= campaign.count:
            return


def _outcome(window: Window, streams: Sequence[Stream], own: Tally, strange: Tally) -> Fullest:
    best = Tally()
    for tally in (own, strange):
        if tally.closes is not None:
            best.offer(tally.peak, tally.allowed, tally.closes)
    opens, in_peak = None, 0
    if best.closes is not None:
        closes = np.array([best.closes], dtype=np.int64)
        edge = window.edge(closes)
        firsts = [_next_after(stream, edge) for stream in streams]
        opens = min(first for first in firsts if first is not None)
        in_peak = sum(int((other.upto(closes) - other.upto(edge))[0]) for other in streams[1:])
    return Fullest(
        peak=best.peak,
        opens=opens,
        closes=best.closes,
        allowed=best.allowed,
        other_in_peak=in_peak,
        breach_tick=strange.first_tick if own.first_tick is None else own.first_tick,
        breach_number=own.first_number,
        over=own.over,
        over_other=strange.over,
        crowded=tuple(strange.crowded),
    )


def _next_after(stream: Stream, edge: Ints) -> int | None:
    place = stream.upto(edge)
    return int(stream.times(place)[0]) if place[0] < stream.count else None
