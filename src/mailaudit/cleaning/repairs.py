"""Writes what cells that hold no address plainly mean, for somebody who decides, and whom that would meet twice."""
# ruff: noqa: S608 - every name and number in these statements is our own

import csv
from pathlib import Path

from mailaudit.cleaning.copy_lines import is_formula
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.load import Loaded

COLUMNS = ("line", "old", "new", "reason", "clash")


def write_repairs(judged: JudgedList, file: Loaded, path: Path, *, neutral: bool) -> int:
    """Write the repairs of one list as CSV, and return how many there are.

    `clash` says where the address stands already, that it must not be mailed, or why else it was not taken.
    """
    work = judged.found.work
    stopped = "k IN (SELECT k FROM stop)" if Kind.SUPPRESSED in judged.found.counts else "FALSE"
    already = f"'stands already in ' || {judged.found.place_of('first')}"
    rows = work.stream(
        f"SELECT r, old, new, reason, CASE WHEN {stopped} THEN 'stands in the suppression list' WHEN first <> r "
        f"THEN {already} ELSE coalesce(clash, '') END FROM repair JOIN (SELECT k, "
        "min(r) AS first FROM (SELECT k, r FROM mailed UNION ALL SELECT k, r FROM repair) GROUP BY k) USING (k) "
        f"WHERE {file.within} ORDER BY r"
    )
    count = 0
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        for row, *cells in rows:
            count += 1
            shown = (f"'{cell}" if neutral and is_formula(cell) else cell for cell in cells)
            writer.writerow((file.line(row), *shown))
    return count
