"""How the campaign stands with each mailbox provider, in words for every format."""

from msgspec import Struct

from mailaudit.impact.states import EITHER, UNSEEN
from mailaudit.language.spoken import word
from mailaudit.reports.content import words
from mailaudit.reports.content.at_risk import was_to_look
from mailaudit.reports.document.providers import CellEntry, MatrixRow
from mailaudit.reports.document.types import Document

# The requirements that have a column of their own, and what they are called; the others are told in words.
COLUMNS = {
    "spf": "SPF",
    "dkim": "DKIM",
    "dmarc": "DMARC",
    "alignment": word("Alignment"),
    "reverse-dns": "Reverse DNS",
    "one-click": word("One-click"),
    "tls": "TLS",
}
_LABELS = {
    "alignment": "SPF or DKIM for the From domain",
    "one-click": "one-click unsubscribe",
    "unsubscribe-link": "visible unsubscribe link",
    "html-size": "HTML within what is shown",
    "reverse-dns": "reverse DNS",
    "authentication": "SPF or DKIM",
    "helo": "HELO name",
    "return-path": "bounce address",
    "feedback-id": "Feedback-ID header",
    "connections": "connections at a time",
    "messages-per-connection": "messages per connection",
    "recipients-per-message": "recipients per message",
    "new-address-rate": "rate of a new address",
    "message-size": "message size",
    "allow-list": "sender known to them",
}
_EFFECTS = {"refused": "refused", "junked": "filed as junk", "deferred": "delayed"}


class Provider(Struct, frozen=True):
    """A provider of the list: `cells` by column (nothing where it does not ask), `others` beside the columns."""

    name: str
    recipients: int
    share: str
    cells: tuple[CellEntry | None, ...]
    others: tuple[CellEntry, ...]

    @property
    def unmet(self) -> list[CellEntry]:
        """What the campaign does not meet."""
        return [cell for cell in self._all if cell.state == "unmet"]

    @property
    def missed(self) -> str:
        """What the campaign does not meet, each with what happens to mail otherwise, in words."""
        told = ((label(cell), consequence(cell)) for cell in self.unmet)
        return "; ".join(f"{name} ({then})" if then else name for name, then in told)

    @property
    def met(self) -> list[CellEntry]:
        """What the campaign meets."""
        return [cell for cell in self._all if cell.state == "met"]

    @property
    def unverified(self) -> list[CellEntry]:
        """What a check could not verify this time."""
        found = [cell for cell in self._all if cell.state == "unverified" and not is_unseen(cell)]
        kinds = {cell.requirement for cell in found}
        return [cell for cell in found if cell.requirement != EITHER or kinds.isdisjoint({"spf", "dkim"})]

    @property
    def unseen(self) -> list[CellEntry]:
        """What nobody can see before the send."""
        return [cell for cell in self._all if is_unseen(cell)]

    @property
    def asks_nothing_yet(self) -> bool:
        """Whether all that it asks begins at a volume that the campaign does not reach."""
        return all(cell.state == "not-required" for cell in self._all)

    @property
    def _all(self) -> list[CellEntry]:
        return [*(cell for cell in self.cells if cell), *self.others]


class Standing(Struct, frozen=True):
    """The columns in use, the providers with known rules, and the others with their shares."""

    columns: tuple[str, ...]
    providers: tuple[Provider, ...]
    without_rules: tuple[str, ...]


def standing(document: Document) -> Standing | None:
    """Return the matrix as it is shown; nothing without a list whose providers are known, or where nobody was to look."""
    matrix = document.facts.providers_matrix
    if matrix is None or not any(row.cells for row in matrix.rows) or not was_to_look(document):
        return None
    columns = [kind for kind in COLUMNS if kind in matrix.requirements]
    return Standing(
        columns=tuple(COLUMNS[kind] for kind in columns),
        providers=tuple(_provider(row, columns, document) for row in matrix.rows if row.cells),
        without_rules=tuple(
            f"{words.provider(row.provider, document)} ({words.share(row.share)})"
            for row in matrix.rows
            if not row.cells
        ),
    )


def consequence(cell: CellEntry) -> str:
    """Return what happens to mail that does not meet a requirement: `refused with 550 5.7.27`; empty when unknown."""
    if cell.effect is None:
        return ""
    code = f" with {cell.code}" if cell.code else ""
    doubt = "" if cell.confidence == "high" else f", {cell.confidence} confidence"
    return f"{_EFFECTS[cell.effect]}{code}{doubt}"


def is_unseen(cell: CellEntry) -> bool:
    """Say whether no check can see before the send how the campaign stands."""
    return cell.state == "unverified" and cell.requirement in UNSEEN


def label(cell: CellEntry) -> str:
    """Return the name of a requirement."""
    return {**COLUMNS, **_LABELS}.get(cell.requirement, cell.requirement.replace("-", " "))


def _provider(row: MatrixRow, columns: list[str], document: Document) -> Provider:
    first = {cell.requirement: cell for cell in reversed(row.cells)}
    return Provider(
        name=words.provider(row.provider, document),
        recipients=row.recipients,
        share=words.share(row.share),
        cells=tuple(first.get(kind) for kind in columns),
        others=tuple(cell for cell in row.cells if cell.requirement not in COLUMNS),
    )
