"""Recognises the people of a list among those whom the capture names only under its key."""

from array import array
from collections.abc import Iterable

import numpy as np

from mailaudit.facts.capture.deliveries import Deliveries, Numbers
from mailaudit.facts.capture.identity import number_under
from mailaudit.facts.capture.model import Reached
from mailaudit.facts.capture.showing import Showing, among


class People:
    """Everybody who got a message; `meet` those whom the list and the suppression lists know.

    `count` is how many people that are, `twice` how many of them got more than one message, and `shown_others` how many
    were shown the address of somebody else of the run or the list.
    """

    def __init__(self, key: bytes, found: Deliveries) -> None:
        self._key = key
        taken = found.is_taken
        self._got, counts = np.unique(found.person[taken], return_counts=True)
        self._tried = self._got if taken.all() else np.unique(found.person)
        self.count, self.twice = len(self._got), int((counts > 1).sum())
        self._showing = Showing(found)
        self.shown_others = self._showing.count(self._tried)
        self.reached = Reached()

    def meet(
        self,
        listed: Iterable[tuple[str, bool]],
        stopped: Iterable[str],
        *,
        knows_refusals: bool,
        hides_refusals: bool = False,
    ) -> None:
        """Compare with everybody on the list, and whether he refused, and with the addresses that must not be mailed.

        Addresses are in the form in which lists compare them, and may come several times. `hides_refusals`: others are
        only known by their digests.
        """
        names, refusals, others = array("Q"), array("B"), array("Q")
        for address, is_refused in listed:
            names.append(number_under(self._key, address))
            refusals.append(is_refused)
        for address in stopped:
            others.append(number_under(self._key, address))
        known, first = np.unique(np.asarray(names), return_index=True)
        refused = np.asarray(refusals, dtype=bool)[first]
        self.shown_others = self._showing.count(np.union1d(known, self._tried))
        is_reached, is_tried = among(known, self._got), among(known, self._tried)
        said_no: Numbers = np.concatenate((known[refused & is_reached], np.asarray(others)))
        strangers = self.count - int(is_reached.sum())
        self.reached = Reached(
            refusing=len(np.intersect1d(said_no, self._got)) if knows_refusals else None,
            hides_refusals=hides_refusals and strangers > 0,
            strangers=strangers,
            missed=int((~is_reached & ~refused).sum()),
            untried=int((~is_tried & ~refused).sum()),
        )
