"""What providers ask that stops the mail, and which take it only if something is true that nothing shows."""

from collections.abc import Iterable

from mailaudit.impact.states import UNSEEN, kinds_of
from mailaudit.language.spoken import word
from mailaudit.reports.content.ranking import NOT_SELECTED
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.providers import CellEntry, MatrixRow
from mailaudit.reports.document.types import Document

STOPPING = {"refused": word("refuse"), "junked": word("junk")}
# Through a platform the machines are its own, and so are their names.
_OF_THE_SERVER = frozenset({"helo", "reverse-dns"})
_CONDITIONS = {
    "spf": "it passes SPF",
    "dkim": "it is signed with DKIM",
    "authentication": "it passes SPF or DKIM",
    "dmarc": "it passes DMARC",
    "alignment": "SPF or DKIM passes for your own domain",
    "reverse-dns": "its server has a reverse name",
    "helo": "its server says its own name",
    "return-path": "bounces reach you",
}
_CONDITIONS_AT_MOST = 2


def stopping(row: MatrixRow) -> list[CellEntry]:
    """Return what a provider asks, refuses or junks mail for, and does not get."""
    return [cell for cell in row.cells if cell.state == "unmet" and _stops(cell)]


def stopped(providers: Iterable[str], checks: Iterable[str], document: Document) -> ImpactEntry | None:
    """Return the recipients of those among some providers that refuse or junk the mail for what checks found.

    Nothing where that is nobody: who only asks for it takes the mail all the same, and the verdict does not count them.
    """
    rows = {row.provider: row for row in rows_of(document)}
    kinds = {kind for check in checks for kind in kinds_of(check)}
    named = filter(None, map(rows.get, dict.fromkeys(providers)))
    hit = [row for row in named if any(cell.requirement in kinds for cell in stopping(row))]
    if not hit:
        return None
    return ImpactEntry(
        recipients=sum(row.recipients for row in hit),
        share=round(min(1.0, sum(row.share for row in hit)), 6),
        providers=tuple(row.provider for row in hit),
    )


def at_risk(document: Document) -> list[MatrixRow]:
    """Return the providers that refuse or junk nothing for certain, but might for what could not be verified.

    None in a run that was not to look at how the mail is authenticated.
    """
    if not was_to_look(document):
        return []
    return [row for row in rows_of(document) if not stopping(row) and open_cells(row, document)]


def was_to_look(document: Document) -> bool:
    """Say whether the run was to look at how the mail is authenticated: without that nothing is known of the providers."""
    reasons = {result.reason for result in document.results if result.check.startswith(("spf-", "dkim-"))}
    return reasons != {NOT_SELECTED}


def open_cells(row: MatrixRow, document: Document) -> list[CellEntry]:
    """Return what a provider refuses or junks mail for and could be seen before the send, but was not."""
    not_mine = _OF_THE_SERVER if document.facts.sender.get("sends_via") == "platform" else frozenset()
    return [
        cell
        for cell in row.cells
        if cell.state == "unverified" and _stops(cell) and cell.requirement not in UNSEEN | not_mine
    ]


def conditions(rows: Iterable[MatrixRow], document: Document) -> list[str]:
    """Return what must be true for providers that are at risk to take the mail, in words, the roots alone."""
    kinds = {cell.requirement for row in rows for cell in open_cells(row, document)}
    if "authentication" in kinds and _is_unmet("spf", document):
        kinds = kinds - {"authentication"} | {"dkim"}
    if kinds & {"spf", "dkim"}:
        kinds -= {"authentication"}
    if kinds & {"spf", "dkim", "authentication"}:
        kinds -= {"dmarc", "alignment"}  # these follow from the others
    return [told for kind, told in _CONDITIONS.items() if kind in kinds][:_CONDITIONS_AT_MOST]


def _is_unmet(kind: str, document: Document) -> bool:
    return any(
        cell.requirement == kind and cell.state == "unmet" for row in rows_of(document) for cell in row.cells
    )


def _stops(cell: CellEntry) -> bool:
    return cell.effect in STOPPING and cell.confidence != "low"


def rows_of(document: Document) -> tuple[MatrixRow, ...]:
    """Return the providers of the list, as far as they are known."""
    matrix = document.facts.providers_matrix
    return matrix.rows if matrix else ()
