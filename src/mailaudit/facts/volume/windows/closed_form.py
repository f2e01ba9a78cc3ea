"""The windows of evenly spaced mail in closed form: a few segments instead of millions of messages.

Between two borders (a run begins or ends, at the window's front or at its edge; another message arrives or drops out;
the limit changes) the count at each beat either rises by the beat's size, or stays, because as much drops out as is
added. Both have closed forms. Where a run drops out at another pace than mail is added, the beats are counted one by
one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from mailaudit.facts.volume.flow.stream_math import Ints, Runs, Stream, distinct
from mailaudit.facts.volume.windows.window import Tally, Window, chunks


@dataclass(frozen=True, slots=True)
class Segments:
    """Beats between two borders, one entry a segment, in order of time.

    `number` is the first message (from 0), `tick` its instant, `beats` how many beats of `size` messages follow
    every `step` ticks, `count` what the window holds when the first beat is through, `rises` whether each further
    beat adds `size` (else the count stays), `uneven` whether neither is so.
    """

    number: Ints
    tick: Ints
    beats: Ints
    step: Ints
    size: Ints
    count: Ints
    rises: NDArray[np.bool_]
    uneven: NDArray[np.bool_]

    @property
    def peaks(self) -> Ints:
        """The fullest window of each segment."""
        return self.count + np.where(self.rises, (self.beats - 1) * self.size, 0)

    @property
    def peak_ticks(self) -> Ints:
        """The first instant at which each segment is fullest."""
        return self.tick + np.where(self.rises, (self.beats - 1) * self.step, 0)


# Other mail is laid out in memory for the closed form; beyond this, everything is counted message by message.
MOST_ARRIVALS = 2_000_000


def has_closed_form(campaign: Stream, others: Sequence[Stream], window: Window) -> TypeGuard[Runs]:
    """Say whether segments are fewer than messages, and few enough to be held at once."""
    if not isinstance(campaign, Runs):
        return False
    # A run is cut at both its ends, and where they leave the window.
    borders = sum(other.count for other in others) + window.fixed + 4 * campaign.run_count
    return borders < min(campaign.count, MOST_ARRIVALS)


def cut(window: Window, campaign: Runs, others: Sequence[Stream], extra: Ints) -> Segments:
    """Cut the campaign at every border, and at the `extra` ticks."""
    first, step, beats, size, base = campaign.columns()
    last = first + (beats - 1) * step
    arrivals = [ticks for other in others for _, ticks in chunks(other)]
    marks = np.concatenate((first, *arrivals, extra))
    borders = window.borders(np.concatenate((marks, last + 1)), np.concatenate((first, last, *arrivals)))
    begins = distinct(borders[(borders >= first[0]) & (borders <= last[-1])])
    ends = np.append(begins[1:], last[-1] + 1)
    run = np.searchsorted(first, begins, side="right") - 1
    place = -(-(begins - first[run]) // step[run])
    after = np.minimum(-(-(ends - first[run]) // step[run]), beats[run])
    kept = np.flatnonzero(after > place)
    run, place, after = run[kept], place[kept], after[kept]
    ticks = first[run] + place * step[run]
    edge = window.edge(ticks)
    count = base[run] + (place + 1) * size[run] - campaign.upto(edge)
    for other in others:
        count += other.upto(ticks) - other.upto(edge)
    leaving = np.maximum(np.searchsorted(first, edge, side="right") - 1, 0)
    drops = window.slides & (edge >= first[leaving]) & (edge < last[leaving])
    alike = (step[leaving] == step[run]) & (size[leaving] == size[run])
    return Segments(
        number=base[run] + place * size[run],
        tick=ticks,
        beats=after - place,
        step=step[run],
        size=size[run],
        count=count,
        rises=~drops,
        uneven=drops & ~alike,
    )


def see_segments(tally: Tally, window: Window, campaign: Runs, others: Sequence[Stream]) -> None:
    """Take in the whole campaign; the same outcome as message by message, in time that does not grow with it."""
    segments = cut(window, campaign, others, np.array([], dtype=np.int64))
    even = np.flatnonzero(~segments.uneven)
    if len(even):
        _see_even(tally, window, segments, even)
    for place in np.flatnonzero(segments.uneven).tolist():
        start = int(segments.number[place])
        tally.see_all(window, campaign, others, start, start + int(segments.beats[place] * segments.size[place]))


def _see_even(tally: Tally, window: Window, segments: Segments, chosen: Ints) -> None:
    peaks, ticks = segments.peaks[chosen], segments.peak_ticks[chosen]
    allowed = np.broadcast_to(np.asarray(window.allowed(segments.tick[chosen])), peaks.shape)
    best = (
        int(np.argmax(peaks / np.maximum(allowed, 1))) if len(set(allowed.tolist())) > 1 else int(np.argmax(peaks))
    )
    tally.offer(int(peaks[best]), int(allowed[best]), int(ticks[best]))
    beats, size = segments.beats[chosen], segments.size[chosen]
    rises = segments.rises[chosen]
    # A rising segment is one long climb, message by message; a level one repeats its first beat.
    climb = np.where(rises, beats * size, size)
    beyond = np.clip(peaks - allowed, 0, climb)
    tally.over += int(np.sum(np.where(rises, beyond, beyond * beats)))
    hit = np.flatnonzero(beyond)
    if len(hit):
        place = int(hit[0])
        within = int(climb[place] - beyond[place])
        tick = int(segments.tick[chosen][place] + within // size[place] * segments.step[chosen][place])
        tally.breach(int(segments.number[chosen][place]) + within, tick)
