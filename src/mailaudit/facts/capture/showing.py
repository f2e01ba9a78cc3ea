"""Who could read in his message the address of somebody else."""

import numpy as np
import numpy.typing as npt

from mailaudit.facts.capture.deliveries import Deliveries, Numbers


class Showing:
    """The messages that name others than their one recipient, and who got those messages."""

    def __init__(self, found: Deliveries) -> None:
        is_told = np.zeros(len(found.at), dtype=bool)
        is_told[found.showing] = True
        is_kept = found.is_taken & is_told[found.line]
        self._line, self._person = found.line[is_kept], found.person[is_kept]
        self._showing, self._shown, self._lines = found.showing, found.shown, len(found.at)

    def count(self, known: Numbers) -> int:
        """Return how many people were shown somebody else of these, which are sorted."""
        if not len(self._shown):
            return 0
        is_one = among(self._shown, known)
        line, shown = self._showing[is_one], self._shown[is_one]
        counts = np.bincount(line, minlength=self._lines)
        only = np.zeros(self._lines, dtype=np.uint64)
        only[line] = shown
        others = counts[self._line]
        sees = (others > 1) | ((others == 1) & (only[self._line] != self._person))
        return len(np.unique(self._person[sees]))


def among(numbers: Numbers, known: Numbers) -> npt.NDArray[np.bool_]:
    """Say which numbers are among others, which are sorted."""
    if not len(known):
        return np.zeros(len(numbers), dtype=bool)
    places = np.searchsorted(known, numbers)
    places[places == len(known)] = 0
    found: npt.NDArray[np.bool_] = known[places] == numbers
    return found
