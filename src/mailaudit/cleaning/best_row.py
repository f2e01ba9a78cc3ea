"""Which row of a repeated address stays: the one that says most about consent and activity, or that refuses."""
# ruff: noqa: S608 - every name and number in these statements is our own

from mailaudit.facts.recipients.judging.columns.dated import rows_with_days
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind


def ranked(rows: str, tie: str, oldest: str | None) -> str:
    """Return the portable query that adds to rows of people whether each one `stays`, and the row `kept` that stays first.

    `rows` is a FROM item with the address `k`, `refuses`, the days `agreed`, `late` and `active`, and `said`, a yes without a
    day. `tie` tells rows apart that say the same, `oldest` is the first day that is no inactivity. A row that refuses stays
    before all others, then the one with the latest consent, then the one with the latest activity. A further row stays when
    it alone shows the consent of who refuses, or that the person was active lately: what the list passed before it was
    cleaned, it passes afterwards.
    """
    consent = "agreed DESC NULLS LAST, said DESC NULLS LAST, late DESC NULLS LAST, active DESC NULLS LAST"
    best = f"refuses DESC, {consent}, {tie}"
    windows = (
        f"row_number() OVER (PARTITION BY k ORDER BY {best}) AS place, "
        f"row_number() OVER (PARTITION BY k ORDER BY {consent}, {tie}) AS consented, "
        f"row_number() OVER (PARTITION BY k ORDER BY active DESC NULLS LAST, {tie}) AS latest, "
        f"first_value({tie}) OVER (PARTITION BY k ORDER BY {best}) AS kept, "
        f"first_value(active) OVER (PARTITION BY k ORDER BY {best}) AS known"
    )
    is_lost = "FALSE" if oldest is None else f"known IS NULL OR (known < '{oldest}' AND active >= '{oldest}')"
    is_asked = "coalesce(agreed, said, late) IS NOT NULL"
    stays = f"place = 1 OR (consented = 1 AND {is_asked}) OR (latest = 1 AND active IS NOT NULL AND ({is_lost}))"
    return f"SELECT *, {stays} AS stays FROM (SELECT *, {windows} FROM {rows}) AS placed"


def repeats_beside_the_best(found: ListCounts) -> str | None:
    """Return a FROM item `(r, k, why)` of the repeated rows that go; nothing when the first row of each address stays."""
    if not found.oldest and not found.total(Kind.OPTED_OUT):
        return None
    work = found.work
    dated = {name: name in found.oldest for name in ("consent", "last_engaged")}
    joins = "".join(
        f" LEFT JOIN {rows_with_days(found, name)} AS row_{name} ON row_{name}.r = mailed.r"
        for name, is_there in dated.items()
        if is_there
    )
    agreed = "row_consent.day, row_consent.said, row_consent.late" if dated["consent"] else "NULL, NULL, NULL"
    active = "row_last_engaged.day" if dated["last_engaged"] else "NULL"
    work.create("rated")
    work.run(
        f"INSERT INTO rated SELECT mailed.r, mailed.k, mailed.r IN (SELECT r FROM refused), {agreed}, {active} FROM mailed "
        f"JOIN repeated ON repeated.k = mailed.k{joins}"
    )
    place = f"'stands already in ' || {found.place_of('kept', 'r')}"
    going = f"({ranked('rated', 'r', found.oldest.get('last_engaged'))})"
    return f"(SELECT r, k, {place} AS why FROM {going} AS ranked WHERE NOT stays)"


def repeats_that_stay(found: ListCounts) -> int:
    """Return how many rows stay beside another one of their address, once repeats were removed."""
    if not found.total(Kind.DUPLICATE) or not (found.oldest or found.total(Kind.OPTED_OUT)):
        return 0
    left = "SELECT count(*) - count(DISTINCT k) FROM rated WHERE r NOT IN (SELECT r FROM removed)"
    count: int = found.work.one(left)
    return count
