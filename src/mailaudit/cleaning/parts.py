"""Which part of a sending each row belongs to: a day's share, or a provider's lane."""
# ruff: noqa: S608 - every name and number in these statements is our own

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from mailaudit.cleaning.choose_rows import decide
from mailaudit.errors import refused
from mailaudit.facts.recipients.judging.columns.own_time import zone_of_cell
from mailaudit.facts.recipients.judging.judge_list import JudgedList
from mailaudit.facts.recipients.judging.providers import assign, sequence, sites

# What no program would mail, and no plan counts; and who must not be mailed, whatever the plan counted.
UNSENT = ("invalid", "unreadable", "missing")
UNWANTED = ("suppressed", "opted-out")
_KEPT = "(SELECT * FROM mailed WHERE r NOT IN (SELECT r FROM removed)) AS mailed"


@dataclass(frozen=True, slots=True)
class Part:
    """One list to write: its label in the file name, how many messages it holds, and whose they are, for a lane.

    `is_lane` tells lanes from days; the lane of everybody else has no provider. `zone` is that of a wave.
    """

    label: str
    messages: int
    provider: str | None = None
    is_lane: bool = field(default=False, kw_only=True)
    zone: str | None = field(default=None, kw_only=True)


def place_rows(
    judged: JudgedList, parts: Sequence[Part], *, engaged_first: bool = False, own_zone: str = "UTC"
) -> None:
    """Create `place(r, part)` for every row with a valid address that may be mailed, and `removed` for the others.

    A plan counts the list as it stands, so that the parts hold at most what it says: the last days are the shorter. Days take
    the rows in the order of the list, or those who were active most recently first, where a column tells. Who lives nobody
    knows where belongs to the wave of `own_zone`. Raises `InputError` when the list no longer has as many messages as
    the plan counted.
    """
    gone = decide(judged, (*UNSENT, *UNWANTED))
    work = judged.found.work
    for table in ("bound", "lane", "zone_cell", "place"):
        work.create(table)
    if any(part.is_lane for part in parts):
        _by_provider(judged, parts)
    elif any(part.zone for part in parts):
        _by_zone(judged, parts, own_zone, engaged_first=engaged_first)
    else:
        _in_order(judged, parts, engaged_first=engaged_first)
    counted = dict(work.rows("SELECT part, count(*) FROM place GROUP BY part"))
    unwanted = sum(gone.get(name, 0) for name in UNWANTED)
    fits = all(counted.get(number, 0) <= part.messages for number, part in enumerate(parts))
    if not fits or sum(counted.values()) + unwanted != sum(part.messages for part in parts):
        raise refused("the list changed while it was planned", todo="plan again when it is complete")


def _in_order(judged: JudgedList, parts: Sequence[Part], *, engaged_first: bool) -> None:
    work = judged.found.work
    firsts = [1, *accumulate((part.messages for part in parts), initial=1)][1:-1]
    work.fill("bound", ("INTEGER", "BIGINT"), list(enumerate(firsts)))
    numbered = _numbered(judged, _KEPT, engaged_first=engaged_first)
    work.run(
        f"INSERT INTO place SELECT r, part FROM ({numbered}) AS numbered ASOF JOIN bound ON numbered.n >= bound.first"
    )


def _numbered(judged: JudgedList, rows: str, *, engaged_first: bool) -> str:
    """Return the SELECT that numbers rows of `mailed` in the order in which they are sent."""
    active = engaged_first and "last_engaged" in judged.found.oldest
    order = "dated_last_engaged.day DESC NULLS LAST, mailed.r" if active else "mailed.r"
    told = " LEFT JOIN dated_last_engaged ON dated_last_engaged.k = mailed.k" if active else ""
    return f"SELECT mailed.r AS r, row_number() OVER (ORDER BY {order}) AS n FROM {rows}{told}"


def _by_zone(judged: JudgedList, parts: Sequence[Part], own_zone: str, *, engaged_first: bool) -> None:
    work = judged.found.work
    every: dict[str | None, list[int]] = {}
    for number, part in enumerate(parts):
        every.setdefault(part.zone, []).append(number)
    numbers = {zone: days[0] for zone, days in every.items()}
    own = numbers.get(own_zone, len(parts))
    for file, fields in zip(judged.found.files, judged.fields, strict=True):
        column = fields.zone
        cell = f"coalesce(o{column.slot}, '')" if column else "''"
        cells = [text for (text,) in work.stream(f"SELECT DISTINCT {cell} FROM {_KEPT} WHERE {file.within}")]
        told = [
            (text, numbers.get(zone_of_cell(text, is_language=column.is_language) if column else None, own))
            for text in cells
        ]
        work.run("DELETE FROM zone_cell")
        work.fill("zone_cell", ("VARCHAR", "INTEGER"), told)
        work.run(
            f"INSERT INTO place SELECT r, part FROM (SELECT r, {cell} AS cell FROM {_KEPT} WHERE {file.within}) AS listed "
            "JOIN zone_cell USING (cell)"
        )
    for first, *further in every.values():
        # The people of a zone whose mail is spread over days.
        ends = zip(
            (first, *further), accumulate(parts[number].messages for number in (first, *further)), strict=True
        )
        whens = " ".join(f"WHEN n <= {end} THEN {number}" for number, end in ends)
        if further:
            rows = f"(SELECT * FROM mailed WHERE r IN (SELECT r FROM place WHERE part = {first})) AS mailed"
            ranked = _numbered(judged, rows, engaged_first=engaged_first)
            work.run(
                f"UPDATE place SET part = CASE {whens} END FROM ({ranked}) AS ranked WHERE place.r = ranked.r"
            )


def _by_provider(judged: JudgedList, parts: Sequence[Part]) -> None:
    work = judged.found.work
    _, names = assign(judged.found, asked=judged.verdicts is not None)
    sequence(judged.found, (*names, *sites(judged.found)))
    rest = next((number for number, part in enumerate(parts) if part.provider is None), len(parts))
    own = [(part.provider, number) for number, part in enumerate(parts) if part.provider is not None]
    work.fill("lane", ("VARCHAR", "INTEGER"), own)
    whose = "SELECT d, part FROM seat JOIN lane USING (name)"
    work.run(
        f"INSERT INTO place SELECT r, coalesce(part, {rest}) FROM (SELECT r, split_part(k, '@', 2) AS d FROM {_KEPT}) "
        f"AS listed LEFT JOIN ({whose}) AS whose USING (d)"
    )
