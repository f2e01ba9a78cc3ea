"""Lines behind a list that name nobody: totals, counts, and how the export came about."""

import re
from collections.abc import Sequence

# A row without an address: its number, how it begins, and whether it cannot be read.
Behind = tuple[int, str, bool]
FOOTER = "a line of totals or remarks behind the list"
_CELL = re.compile(r"[^;,\t|]*")
_WORDS = re.compile(
    r"(?:grand |sub-?)?totals?\b|sum\b|summen?\b|gesamt|zwischensumme|somme\b|sous-total|totale\b|totaal\b|suma\b"
    r"|razem\b|celkem\b|count\b|anzahl\b|nombre\b|n[uú]mero\b|aantal\b|liczba\b|copyright\b|©|end of\b|exported\b|generated\b"
    r"|created (?:by|on)\b|erstellt\b|exportiert\b|exporté|généré"
    r"|fin d[ue]\b|ende de[rs]\b|(?:page|seite|p[aá]gina|strona) \d|stand:|source ?:|quelle:|confidential\b|confidentiel\b"
    r"|vertraulich\b|average\b|moyenne\b|durchschnitt|итого|всего|合計|总计|合计",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\(?\d[\d\s.,']*(?:rows?|records?|contacts?|lignes?|zeilen|datens|filas?|righe|rijen|linhas|wiersz)",
    re.IGNORECASE,
)
MAX_LENGTH = 500


def is_footer(line: str) -> bool:
    """Say whether a line behind a list, or its first cell, is one of totals or remarks."""
    if "@" in line or len(line) > MAX_LENGTH:
        return False
    cells = (cell.strip(" \"'*-=") for cell in _CELL.findall(line))
    first = next((cell for cell in cells if cell), "")
    return bool(_WORDS.match(first) or _COUNTED.match(first))


def footers(rows: Sequence[Behind]) -> list[int]:
    """Return which of the last rows without an address are footers, the last one first: no other row is behind them.

    What is too short to be a row is one beside others, such as the name of a report and of the firm.
    """
    found: list[int] = []
    is_told = False
    for row, start, is_cut in reversed(rows):
        told = is_footer(start)
        if not told and not (is_cut and start and "@" not in start):
            break
        found.append(row)
        is_told = is_told or told
    return found if is_told else []
