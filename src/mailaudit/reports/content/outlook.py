"""What will become of the mail at each provider: refused, junk, at risk, unknown or fine."""

from msgspec import Struct

from mailaudit.reports.content import words
from mailaudit.reports.content.at_risk import open_cells, stopping, was_to_look
from mailaudit.reports.content.refusal import is_disowned, refusing
from mailaudit.reports.document.providers import MatrixRow
from mailaudit.reports.document.types import Document

FATES = {
    "refused": "refused",
    "junk": "filed as junk",
    "risk": "at risk",
    "unknown": "without published rules",
    "fine": "fine, as far as it shows",
}


class Portion(Struct, frozen=True):
    """The recipients of one provider (`share` is a fraction from 0 to 1) and what will become of their mail."""

    fate: str
    provider: str
    recipients: int
    share: float


class Outlook(Struct, frozen=True):
    """Every provider of the list, the worst fate first, and the largest first in each."""

    portions: tuple[Portion, ...]

    def of(self, fate: str) -> tuple[Portion, ...]:
        """Return the portions of one fate."""
        return tuple(portion for portion in self.portions if portion.fate == fate)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Each fate that somebody has, and in words who and how many."""
        return tuple((fate, self._line(fate)) for fate in FATES if self.of(fate))

    def _line(self, fate: str) -> str:
        mine = self.of(fate)
        count = sum(portion.recipients for portion in mine)
        names = ", ".join(f"{portion.provider} {words.share(portion.share)}" for portion in mine)
        return f"{count:,} {FATES[fate]}: {names}"


def outlook(document: Document) -> Outlook | None:
    """Return what will become of the mail; nothing where the providers of the list are not known."""
    matrix = document.facts.providers_matrix
    if matrix is None or not matrix.rows or not was_to_look(document):
        return None
    order = list(FATES)
    is_unsafe = bool(refusing(document).listed) or is_disowned(document)
    portions = [
        Portion(
            _fate(row, document, is_unsafe=is_unsafe),
            words.provider(row.provider, document),
            row.recipients,
            row.share,
        )
        for row in matrix.rows
    ]
    return Outlook(tuple(sorted(portions, key=lambda one: (order.index(one.fate), -one.recipients))))


def _fate(row: MatrixRow, document: Document, *, is_unsafe: bool) -> str:
    effects = {cell.effect for cell in stopping(row)}
    if "refused" in effects:
        return "refused"
    if "junked" in effects:
        return "junk"
    if is_unsafe or open_cells(row, document) or any(cell.state == "unmet" for cell in row.cells):
        return "risk"
    return "fine" if row.cells else "unknown"
