"""Which people of a list are of which kind, in portable SQL: one query `(k, reason)` for each kind."""
# ruff: noqa: S608 - texts are quoted as literals, everything else is our own

from collections.abc import Collection

from mailaudit.facts.recipients.cells.spellings import has_spellings, mailbox
from mailaudit.facts.recipients.judging.columns.opted_out import OTHER_SPELLING
from mailaudit.facts.recipients.judging.roles import WHY, is_role, role_names
from mailaudit.facts.recipients.judging.same_person import MAX_DIGITS, MIN_RUN
from mailaudit.facts.recipients.judging.suppression import SHA512, SPELLING, stop_conditions
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.spark.queries import PEOPLE
from mailaudit.facts.recipients.sql import literal

# Views that the queries expect: addresses or digests that must not be mailed, what verification services say, and
# what is wrong with domains (kind, d, why).
STOP, REFUTING, DOMAINS = "mailaudit_stop", "mailaudit_refuting", "mailaudit_bad_domain"
_DIGITS = "0123456789"


def suppressed(lengths: Collection[int] = ()) -> str:
    """Return the query for those whom a suppression list stops, which also holds digests of these `lengths`."""
    forms = list(stop_conditions(lengths, has_domains=True).items())
    if SHA512 in lengths:
        forms.append(("sha2(k, 512)", forms[0][1]))
    found = [
        f"SELECT k, {at} AS rank, {literal(why)} AS why FROM {PEOPLE} WHERE {form} IN (SELECT k FROM {STOP})"
        for at, (form, why) in enumerate(forms)
    ]
    boxes = f"SELECT {mailbox('k')} AS box FROM {STOP} WHERE {has_spellings('k')}"
    found.append(
        f"SELECT k, {len(forms)} AS rank, {literal(SPELLING)} AS why FROM {PEOPLE} "
        f"WHERE {has_spellings('k')} AND {mailbox('k')} IN ({boxes})"
    )
    every = " UNION ALL ".join(found)
    ranked = (
        f"SELECT k, why, row_number() OVER (PARTITION BY k ORDER BY rank) AS place FROM ({every}) AS every_one"
    )
    return f"SELECT k, why AS reason FROM ({ranked}) AS ranked WHERE place = 1"


def refuted() -> str:
    """Return the query for those whom a verification service refutes."""
    return f"SELECT {PEOPLE}.k AS k, why AS reason FROM {PEOPLE} JOIN {REFUTING} ON {REFUTING}.k = {PEOPLE}.k"


def by_domain(kind: Kind) -> str:
    """Return the query for those whose domain is of a kind."""
    return (
        f"SELECT k, why AS reason FROM {PEOPLE} JOIN {DOMAINS} ON {DOMAINS}.d = {PEOPLE}.d "
        f"WHERE {DOMAINS}.kind = {literal(kind.value)}"
    )


def dated(at: int, condition: str, why: str) -> str:
    """Return the query for those of whom a dated column tells something (see `DatedWish.reasons`)."""
    columns = ", ".join(f"{name}{at} AS {name}" for name in ("day", "late", "said", "cell"))
    return f"SELECT k, {why} AS reason FROM (SELECT k, {columns} FROM {PEOPLE}) AS told WHERE {condition}"


def opted_out(slots: Collection[int]) -> str:
    """Return the query for those who refuse in one of the further columns, with the gravest reason, in any spelling."""
    each = " UNION ALL ".join(
        f"SELECT k, refused{at} AS refused FROM {PEOPLE} WHERE refused{at} IS NOT NULL" for at in slots
    )
    own = f"(SELECT k, substr(min(refused), 2) AS reason FROM ({each}) AS each_one GROUP BY k) AS own"
    spelt = f"SELECT {mailbox('k')} AS box, reason FROM {own} WHERE {has_spellings('k')}"
    boxes = f"SELECT box, min(reason) AS reason FROM ({spelt}) AS spelt GROUP BY box"
    others = (
        f"SELECT k, reason || {literal(OTHER_SPELLING)} AS reason FROM {PEOPLE} JOIN ({boxes}) AS boxes "
        f"ON boxes.box = {mailbox('k')} WHERE {has_spellings('k')} AND k NOT IN (SELECT k FROM {own})"
    )
    return f"SELECT k, reason FROM {own} UNION ALL {others}"


def roles() -> str:
    """Return the query for functions."""
    names = ", ".join(map(literal, role_names()))
    people = f"SELECT k, split_part(name, '+', 1) AS plain FROM {PEOPLE}"
    return f"SELECT k, {literal(WHY)} AS reason FROM ({people}) AS named WHERE {is_role('plain', names)}"


def same_mailbox() -> str:
    """Return the query for those whose mailbox an earlier spelling (in the order of the alphabet) reaches already."""
    boxes = f"SELECT k, {mailbox('k')} AS box FROM {PEOPLE} WHERE {has_spellings('k')}"
    return (
        "SELECT k, 'the same mailbox as another address' AS reason FROM "
        f"(SELECT k, row_number() OVER (PARTITION BY box ORDER BY k) AS spelling FROM ({boxes}) AS boxes) AS spelt "
        "WHERE spelling > 1"
    )


def machine_made() -> str:
    """Return the query for addresses of one domain that differ only by consecutive numbers."""
    stems = f"SELECT k, d, name, rtrim(name, '{_DIGITS}') AS stem FROM {PEOPLE}"
    digits = "substr(name, length(stem) + 1)"
    numbered = (
        f"SELECT k, d, stem, cast({digits} AS BIGINT) AS number FROM ({stems}) AS stems "
        f"WHERE stem <> '' AND length({digits}) BETWEEN 1 AND {MAX_DIGITS}"
    )
    runs = (
        "SELECT k, d, stem, number, number - dense_rank() OVER (PARTITION BY d, stem ORDER BY number) AS run "
        f"FROM ({numbered}) AS numbered"
    )
    long = f"SELECT d, stem, run FROM ({runs}) AS runs GROUP BY d, stem, run HAVING count(DISTINCT number) >= {MIN_RUN}"
    return (
        f"SELECT every.k AS k, 'one of a run of numbered addresses' AS reason FROM ({runs}) AS every "
        f"JOIN ({long}) AS long ON every.d = long.d AND every.stem = long.stem AND every.run = long.run"
    )


def international() -> str:
    """Return the query for addresses that need SMTPUTF8."""
    return (
        f"SELECT k, 'letters outside ASCII before the @ sign' AS reason FROM {PEOPLE} "
        "WHERE regexp_replace(k, '^[ -~]*$', '') <> ''"
    )
