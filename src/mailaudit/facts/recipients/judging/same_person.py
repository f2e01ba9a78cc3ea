"""What only the whole list shows: one mailbox under several spellings, runs of made-up names, wide characters."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from mailaudit.facts.recipients.cells.spellings import has_spellings, mailbox
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind

# So many consecutive numbers behind one stem are no coincidence.
MIN_RUN = 8
# A longer number is a telephone number or an account.
MAX_DIGITS = 9
# So many numbers have a bit each in a number of 64, beside those around them that a run may go on in.
_EDGE, _BLOCK = MIN_RUN - 1, 48


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
    shared = (
        "SELECT r, k, first FROM mailbox JOIN "
        "(SELECT box, min(r) AS first FROM mailbox GROUP BY box HAVING count(*) > 1) USING (box) WHERE r <> first"
    )
    first = f"'the same mailbox as in ' || {found.place_of('first')}"
    return found.add(Kind.SAME_MAILBOX, "same_mailbox", shared, first)


def add_machine_made(found: ListCounts) -> int:
    """Create `machine_made(r, k)`: addresses of one domain that differ only by consecutive numbers (test1, test2 …)."""
    # Any run of eight has four numbers that differ only by their last digit; few addresses are in such company.
    company = "hash(left(k, instr(k, '@') - 2), substr(k, instr(k, '@')))"
    digit = "substr(k, instr(k, '@') - 1, 1) BETWEEN '0' AND '9'"
    many = f"SELECT {company} AS h FROM mailed WHERE {digit} GROUP BY h HAVING count(*) >= {MIN_RUN // 2}"
    if not found.work.made("close", many):
        return found.none(Kind.MACHINE_MADE)
    # A run may go on in other tens, and with or without zeros in front: every number behind the stem counts.
    near = _numbered(f"{digit} AND {company} IN (SELECT h FROM close)")
    found.work.run(f"CREATE TABLE stem AS SELECT DISTINCT h FROM {near}")
    found.work.run(
        f"CREATE TABLE filled AS SELECT h, block, bit_or(bits) AS bits FROM {_numbered(digit)} "
        "WHERE h IN (SELECT h FROM stem) GROUP BY h, block"
    )
    found.work.run(f"CREATE TABLE run AS {_runs()}")
    made = (
        f"SELECT r, k FROM {_numbered(digit)} AS numbered JOIN run USING (h, block) "
        "ANTI JOIN later USING (r) WHERE numbered.bits & run.bits <> 0"
    )
    return found.add(Kind.MACHINE_MADE, "machine_made", made, "'one of a run of numbered addresses'")


def _numbered(condition: str) -> str:
    """Return the FROM item of addresses with a number: a digest of all but that, its block, and its bit there."""
    stem = "hash(left(k, ends - strlen(digits)), substr(k, ends + 1))"
    return (
        f"(SELECT r, k, {stem} AS h, number // {_BLOCK} AS block, "
        f"{1 << _EDGE}::UBIGINT << (number % {_BLOCK})::UBIGINT AS bits FROM "
        "(SELECT *, try_cast(digits AS INTEGER) AS number FROM (SELECT r, k, instr(k, '@') - 1 AS ends, "
        f"regexp_extract(k, '([0-9]+)@', 1) AS digits FROM mailed WHERE {condition})) "
        f"WHERE strlen(digits) BETWEEN 1 AND least({MAX_DIGITS}, ends - 1))"
    )


def _runs() -> str:
    """Return the query for the blocks of numbers with a bit for each that lies in a run of eight or more.

    A bit for each number takes no sorting. Beside those of its own numbers, a block has the seven next ones on either side.
    """
    first = (1 << 2 * _EDGE) - (1 << _EDGE)
    runs = (
        "(SELECT h, block, bit_or(bits) AS bits FROM (FROM filled UNION ALL "
        f"SELECT h, block + 1, bits >> {_BLOCK} FROM filled UNION ALL "
        f"SELECT h, block - 1, (bits & {first}) << {_BLOCK} FROM filled) GROUP BY h, block)"
    )
    # Who has the next one, the next two and the next four too begins a run; so many behind him are in it.
    for shift in (1, 2, 4):
        runs = f"(SELECT h, block, bits & (bits >> {shift}) AS bits FROM {runs})"
    for shift in (1, 2, 4):
        runs = f"(SELECT h, block, bits | (bits << {shift}) AS bits FROM {runs})"
    return f"FROM {runs} WHERE bits <> 0"


def add_international(found: ListCounts) -> int:
    """Create `international(r, k)`: recipients whose local part is not ASCII, so that mail to them needs SMTPUTF8."""
    # Every plain row is ASCII: only rows that were looked at closely can hold anything else.
    wide = "SELECT min(r) AS r, k FROM judged WHERE k IS NOT NULL AND strlen(k) <> length(k) GROUP BY k"
    return found.add(Kind.SMTPUTF8, "international", wide, "'letters outside ASCII before the @ sign'")
