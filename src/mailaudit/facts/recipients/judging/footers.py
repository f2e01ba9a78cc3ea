"""Lines behind a list that name nobody: totals, counts, and how the export came about."""

import re

FOOTER = "a line of totals or remarks behind the list"
_CELL = re.compile(r"[^;,\t|]*")
_WORDS = re.compile(
    r"(?:grand |sub-?)?totals?\b|sum\b|summen?\b|gesamt|zwischensumme|somme\b|sous-total|totale\b|totaal\b|suma\b"
    r"|razem\b|celkem\b|count\b|anzahl\b|nombre\b|n[uú]mero\b|aantal\b|liczba\b|copyright\b|©|end of\b|exported\b|generated\b"
    r"|created (?:by|on)\b|erstellt\b|exportiert\b|exporté|généré",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\(?\d[\d\s.,']*(?:rows?|records?|contacts?|lignes?|zeilen|datens|filas?|righe|rijen|linhas|wiersz)",
    re.IGNORECASE,
)
MAX_LENGTH = 500


def is_footer(line: str) -> bool:
    """Say whether the last line of a list, which holds no address, is one of totals or remarks."""
    if "@" in line or len(line) > MAX_LENGTH:
        return False
    cells = (cell.strip(" \"'*-=") for cell in _CELL.findall(line))
    first = next((cell for cell in cells if cell), "")
    return bool(_WORDS.match(first) or _COUNTED.match(first))
