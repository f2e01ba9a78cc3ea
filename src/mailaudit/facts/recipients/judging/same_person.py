"""What only the whole list shows: one mailbox under several spellings, runs of made-up names, wide characters."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.judging.spellings import has_spellings, mailbox
from mailaudit.facts.recipients.kinds import Kind

# So many consecutive numbers behind one stem are no coincidence.
MIN_RUN = 8
# A longer number is a telephone number or an account.
MAX_DIGITS = 9


def add_same_mailbox(found: ListCounts) -> int:
    """Create `mailbox(r, k, box)` of the addresses that may share one, and `same_mailbox(r, k, first)`.

    The latter has the recipients whose mail goes to a mailbox that is already on the list.
    """
    if not found.has_near:
        found.work.create("mailbox")
        return found.none(Kind.SAME_MAILBOX)
    found.work.run(
        f"CREATE TABLE mailbox AS SELECT min(r) AS r, k, any_value({mailbox('k')}) AS box FROM near "
        f"WHERE {has_spellings('k')} GROUP BY k"
    )
    found.work.run(
        "CREATE TABLE same_mailbox AS SELECT r, k, first FROM mailbox JOIN "
        "(SELECT box, min(r) AS first FROM mailbox GROUP BY box HAVING count(*) > 1) USING (box) WHERE r <> first"
    )
    return found.add(Kind.SAME_MAILBOX, "same_mailbox", f"'the same mailbox as in ' || {found.place_of('first')}")


def add_machine_made(found: ListCounts) -> int:
    """Create `machine_made(r, k)`: addresses of one domain that differ only by consecutive numbers (test1, test2 …)."""
    # Any run of eight has four numbers that differ only by their last digit; few addresses are in such company.
    company = "hash(left(k, instr(k, '@') - 2), substr(k, instr(k, '@')))"
    digit = "substr(k, instr(k, '@') - 1, 1) BETWEEN '0' AND '9'"
    found.work.run(
        f"CREATE TABLE close AS SELECT {company} AS h FROM mailed WHERE {digit} "
        f"GROUP BY h HAVING count(*) >= {MIN_RUN // 2}"
    )
    if not found.work.one("SELECT count(*) FROM close"):
        return found.none(Kind.MACHINE_MADE)
    # A run may go on in other tens, and with or without zeros in front: every number behind the stem counts.
    stem = "hash(rtrim(split_part(k, '@', 1), '0123456789'), substr(k, instr(k, '@')))"
    found.work.run(
        f"CREATE TABLE stem AS SELECT DISTINCT {stem} AS h FROM mailed WHERE {digit} AND {company} IN (SELECT h FROM close)"
    )
    found.work.run(f"CREATE TABLE numbered AS {_numbered(f'{digit} AND {stem} IN (SELECT h FROM stem)')}")
    found.work.run(
        "CREATE TABLE machine_made AS SELECT r, k FROM numbered JOIN (SELECT d, stem, run FROM numbered "
        f"GROUP BY d, stem, run HAVING count(DISTINCT number) >= {MIN_RUN}) USING (d, stem, run)"
    )
    return found.add(Kind.MACHINE_MADE, "machine_made", "'one of a run of numbered addresses'")


def _numbered(condition: str) -> str:
    """Return the query that splits addresses into stem and number; those of one run have the same `run`."""
    return (
        "SELECT r, k, stem, d, number, number - dense_rank() OVER (PARTITION BY d, stem ORDER BY number) AS run FROM "
        "(SELECT r, k, d, stem, try_cast(substr(name, length(stem) + 1) AS BIGINT) AS number FROM "
        "(SELECT r, k, d, name, rtrim(name, '0123456789') AS stem FROM "
        "(SELECT min(r) AS r, k, split_part(k, '@', 2) AS d, split_part(k, '@', 1) AS name FROM mailed "
        f"WHERE {condition} GROUP BY k)) WHERE stem <> '' AND length(name) - length(stem) BETWEEN 1 AND {MAX_DIGITS})"
    )


def add_international(found: ListCounts) -> int:
    """Create `international(r, k)`: recipients whose local part is not ASCII, so that mail to them needs SMTPUTF8."""
    # Every plain row is ASCII: only rows that were looked at closely can hold anything else.
    found.work.run(
        "CREATE TABLE international AS SELECT min(r) AS r, k FROM judged WHERE k IS NOT NULL "
        "AND strlen(k) <> length(k) GROUP BY k"
    )
    return found.add(Kind.SMTPUTF8, "international", "'letters outside ASCII before the @ sign'")
