"""The points on which two programs were asked about the same records."""

from msgspec import Struct

from mailaudit.facts.observed import Observed


class Point(Struct, frozen=True):
    """One question with both answers, as words; `ruling` tells who is right by the standard, where that is known."""

    question: str
    ours: str
    theirs: str
    ruling: str | None = None

    @property
    def agrees(self) -> bool:
        """Whether both gave the same answer."""
        return self.ours == self.theirs


class SecondOpinion(Struct, frozen=True):
    """The points of one domain's SPF and one domain's DMARC; unknown where a look-up of ours or theirs failed."""

    program: str
    spf: Observed[tuple[Point, ...]]
    dmarc: Observed[tuple[Point, ...]]
