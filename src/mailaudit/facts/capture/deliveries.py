"""The lines of a capture as columns, so that a million of them are counted in seconds and in little memory."""

from array import array
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from mailaudit.facts.capture.identity import number_of
from mailaudit.facts.capture.read import KEPT, Capture, Line, sample_name

_MOST_PROVIDERS = 60_000
_FEW = _SEVERAL = 2
TAKEN, DEFERRED, REFUSED = 2, 4, 5
_VERDICTS = {"2": TAKEN, "4": DEFERRED}
Numbers = npt.NDArray[np.uint64]
Seconds = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


class Recorded(Struct, frozen=True):
    """When each delivery was made, in seconds from the first, and the provider of each as a place in `names`."""

    seconds: Seconds
    names: tuple[str, ...]
    providers: npt.NDArray[np.uint16]


@dataclass(slots=True)
class Names:
    """What is counted while lines are read: domains and shapes of what was taken, and lines that cannot be read.

    `sizes` are those of messages that are larger than a sample, by the names of their samples, which are there already.
    """

    from_domains: Counter[str] = field(default_factory=Counter)
    from_addresses: Counter[tuple[str, int]] = field(default_factory=Counter)
    mail_from_domains: Counter[str] = field(default_factory=Counter)
    helo_names: Counter[str] = field(default_factory=Counter)
    shapes: set[int] = field(default_factory=set)
    bare_line_ends: int = 0
    broken: int = 0
    taken: int = 0
    sizes: dict[str, int] = field(default_factory=dict)

    def note(self, line: Line) -> None:
        """Count what one message shows that was taken."""
        self.taken += 1
        if line.size > KEPT and (name := sample_name(self.taken)) in self.sizes:
            self.sizes[name] = line.size
        if line.from_:
            self.from_domains[line.from_.lower()] += 1
            self.from_addresses[line.from_.lower(), number_of(line.from_id or "")] += line.from_id is not None
        if line.ehlo:
            self.helo_names[line.ehlo.lower()] += 1
        self.mail_from_domains[(line.mail_from or "<>").lower()] += 1
        self.shapes.add(line.shape)
        self.bare_line_ends += line.bare_line_ends


class Deliveries(Struct, frozen=True):
    """Lines in the order of time, and beside them each of their recipients; names under the key are numbers.

    `verdict` is the first digit of the answer; `message_id` and `unsubscribe` are 0 where there is none. Of a recipient,
    `line` is the place of his line, `provider` that of his provider in `providers`; `shown` are people whom the header of the
    message at `showing` names, and the body only seldom.
    """

    names: Names
    providers: tuple[str, ...]
    at: Seconds
    began: Seconds
    connection: npt.NDArray[np.int64]
    verdict: npt.NDArray[np.uint8]
    message_id: Numbers
    unsubscribe: Numbers
    line: Places
    person: Numbers
    provider: npt.NDArray[np.uint16]
    showing: Places
    shown: Numbers

    @property
    def is_taken(self) -> npt.NDArray[np.bool_]:
        """Which recipients got their message."""
        taken: npt.NDArray[np.bool_] = (self.verdict == TAKEN)[self.line]
        return taken

    @property
    def recorded(self) -> Recorded:
        """What was taken, to whom and when."""
        taken = self.is_taken
        times = self.at[self.line[taken]]
        served, places = np.unique(self.provider[taken], return_inverse=True)
        names = tuple(self.providers[one] for one in served)
        return Recorded(times - times[:1].sum(), names, places.astype(np.uint16))


def deliveries_of(capture: Capture) -> Deliveries:
    """Read the lines of a capture; raises `InputError` when the file cannot be read."""
    names, providers = Names(sizes={path.name: 0 for path in capture.samples}), dict[str, int]()
    at, began = array("d"), array("d")
    connection, verdict, message_id, unsubscribe, counts = (array(kind) for kind in "qBQQI")
    person, provider = array("Q"), array("H")
    showing, shown, naming, named = (array("Q") for _ in range(4))
    for line in capture.lines():
        if line is None:
            names.broken += 1
            continue
        if line.is_taken:
            names.note(line)
        for name in line.shows:
            showing.append(len(at))
            shown.append(number_of(name))
        for name in line.names:
            naming.append(len(at))
            named.append(number_of(name))
        at.append(line.at)
        began.append(line.began)
        connection.append(line.connection)
        verdict.append(_VERDICTS.get(line.reply[:1], REFUSED))
        message_id.append(number_of(line.message_id) if line.message_id else 0)
        unsubscribe.append(number_of(line.unsubscribe) if line.unsubscribe else 0)
        # A message that names somebody twice reaches him once.
        to = line.to if len(line.to) < _SEVERAL else {one.id: one for one in line.to}.values()
        counts.append(len(to))
        for one in to:
            person.append(number_of(one.id))
            provider.append(providers.setdefault(one.provider, len(providers) % _MOST_PROVIDERS))
    order = np.argsort(np.asarray(at), kind="stable")
    is_slip = _seldom(np.asarray(named))
    all_showing = np.concatenate((np.asarray(showing), np.asarray(naming)[is_slip])).astype(np.intp)
    line_of, places = _recipients(np.asarray(counts), order)
    return Deliveries(
        names,
        tuple(providers)[:_MOST_PROVIDERS],
        at=np.asarray(at)[order],
        began=np.asarray(began)[order],
        connection=np.asarray(connection)[order],
        verdict=np.asarray(verdict)[order],
        message_id=np.asarray(message_id)[order],
        unsubscribe=np.asarray(unsubscribe)[order],
        line=line_of,
        person=np.asarray(person)[places],
        provider=np.asarray(provider)[places],
        showing=np.argsort(order)[all_showing],
        shown=np.concatenate((np.asarray(shown), np.asarray(named)[is_slip])),
    )


def _seldom(named: Numbers) -> npt.NDArray[np.bool_]:
    """Say who is named in so few messages that he is none whom all are to read of, such as a partner or an author."""
    _, places, counts = np.unique(named, return_inverse=True, return_counts=True)
    seldom: npt.NDArray[np.bool_] = counts[places] <= _FEW
    return seldom


def _recipients(counts: npt.NDArray[np.uint32], order: Places) -> tuple[Places, Places]:
    """Return the line of each recipient when lines are put in order, and where he was written."""
    begins = np.cumsum(counts, dtype=np.intp) - counts
    sizes = counts[order]
    line = np.repeat(np.arange(len(order)), sizes)
    moved = begins[order] - (np.cumsum(sizes, dtype=np.intp) - sizes)
    return line, np.arange(len(line)) + np.repeat(moved, sizes)
