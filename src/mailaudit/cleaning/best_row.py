"""Which row of a repeated address stays: the one that says most about consent and activity, or that refuses."""
# ruff: noqa: S608 - every name and number in these statements is our own

from __future__ import annotations

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind


def repeats_beside_the_best(found: ListCounts) -> str | None:
    """Return a FROM item `(r, k, why)` of the repeated rows that go; nothing when the first row of each address stays.

    A row that refuses stays before all others, then the one with the latest consent, then the one with the latest
    activity. A second row stays when it alone shows that the person was active lately: what the list passed before it was
    cleaned, it passes afterwards.
    """
    if not found.oldest and not found.total(Kind.OPTED_OUT):
        return None
    work = found.work
    dated = {name: name in found.oldest for name in ("consent", "last_engaged")}
    joins = "".join(
        f" LEFT JOIN row_{name} ON row_{name}.r = mailed.r" for name, is_there in dated.items() if is_there
    )
    agreed = "row_consent.day, row_consent.said, row_consent.late" if dated["consent"] else "NULL, NULL, NULL"
    active = "row_last_engaged.day" if dated["last_engaged"] else "NULL"
    work.create("rated")
    work.run(
        f"INSERT INTO rated SELECT mailed.r, mailed.k, mailed.r IN (SELECT r FROM refused), {agreed}, {active} FROM mailed "
        f"JOIN repeated ON repeated.k = mailed.k{joins}"
    )
    best = "refuses DESC, agreed DESC NULLS LAST, said DESC NULLS LAST, late DESC NULLS LAST, active DESC NULLS LAST, r"
    work.run(f"CREATE TABLE kept_row AS {_first(best)}")
    if dated["last_engaged"]:
        oldest = found.oldest["last_engaged"]
        kept = "(SELECT rated.k, active AS known FROM kept_row JOIN rated ON rated.r = kept_row.r)"
        lost = f"active IS NOT NULL AND (known IS NULL OR (known < '{oldest}' AND active >= '{oldest}'))"
        work.run(
            f"INSERT INTO kept_row SELECT first_one.k, first_one.r FROM ({_first('active DESC NULLS LAST, r')}) AS first_one "
            f"JOIN rated USING (r) JOIN {kept} AS kept ON kept.k = first_one.k WHERE {lost}"
        )
    place = f"'stands already in ' || {found.place_of('kept', 'r')}"
    return (
        f"(SELECT r, k, {place} AS why FROM (SELECT rated.r, rated.k, kept FROM rated JOIN "
        "(SELECT k, min(r) AS kept FROM kept_row GROUP BY k) AS stays ON stays.k = rated.k "
        "WHERE rated.r NOT IN (SELECT r FROM kept_row)))"
    )


def _first(order: str) -> str:
    ranked = f"SELECT k, r, row_number() OVER (PARTITION BY k ORDER BY {order}) AS place FROM rated"
    return f"SELECT k, r FROM ({ranked}) AS ranked WHERE place = 1"
