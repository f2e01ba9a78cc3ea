"""Writes for every address that stays which row and which date justify that it is mailed."""
# ruff: noqa: S608 - every name and number in these statements is our own

import csv
from pathlib import Path

from mailaudit.cleaning.copy_lines import is_formula
from mailaudit.facts.recipients.judging.columns.dated import day_cell
from mailaudit.facts.recipients.judging.counts import ListCounts, line_of
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.kinds import DATED
from mailaudit.facts.recipients.loading.load import Loaded


def write_ledger(judged: JudgedList, file: Loaded, path: Path, *, neutral: bool) -> None:
    """Write the kept addresses of one list as CSV: line, address, and for each dated column its date and its row.

    The row of a date may be another one of the same person, also in another file, which the clean list leaves out.
    """
    work = judged.found.work
    named = [name for name in DATED if DATED[name].expired in judged.found.counts]
    shown = "".join(
        f", coalesce({name}.day, {name}.said, ''), CASE WHEN {name}.r IS NULL THEN '' ELSE "
        f"{judged.found.place_of(f'{name}.r', 'kept.r')} END"
        for name in named
    )
    joins = "".join(f" LEFT JOIN ({_best(judged.found, name)}) AS {name} ON {name}.k = kept.k" for name in named)
    rows = work.stream(
        f"SELECT {line_of(file, 'kept.r')} AS line, coalesce(kept.w, kept.k){shown} FROM mailed AS kept{joins} "
        f"WHERE kept.r >= {file.first} AND kept.r < {file.end} AND kept.r NOT IN (SELECT r FROM removed) "
        "ORDER BY line, kept.r"
    )
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["line", "address", *(title for name in named for title in (name, f"{name}_row"))])
        for line, *cells in rows:
            disarmed = (f"'{cell}" if neutral and is_formula(cell) else cell for cell in cells)
            writer.writerow((line, *disarmed))


def _best(found: ListCounts, name: str) -> str:
    """Return the query for the first row that tells the latest date of a person, or a yes when there is no date."""
    return (
        f"SELECT best.k, min(listed.r) AS r, any_value(best.day) AS day, any_value(best.said) AS said FROM dated_{name} "
        f"AS best JOIN {found.dated[name]} AS listed ON listed.k = best.k JOIN date_{name} AS told "
        f"ON {day_cell(found, 'listed.cell')} = told.cell WHERE told.day = best.day OR (best.day IS NULL "
        "AND told.said = best.said) GROUP BY best.k"
    )
