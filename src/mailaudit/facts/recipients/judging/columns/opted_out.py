"""Counts the people of whom the list itself says that they must not be mailed."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from mailaudit.facts.recipients.judging.columns.dates import without_time
from mailaudit.facts.recipients.judging.columns.permission import SAMPLE_CELLS, refusal_reader
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.reading.columns import shown_name
from mailaudit.facts.recipients.reading.permission_columns import PermissionColumn
from mailaudit.knowledge.list_columns import comparable, list_columns

# With fewer distinct cells, each is looked at as it is.
FEW_CELLS = 2_000
# A person of several refusals is counted under the first of these, then in the order of the alphabet.
_GRAVEST = ("complained", "unsubscribed", "blocklisted", "bounced")
# A word that the campaign does not name among those that may be mailed, and that nobody else knows.
OTHER_WORD = "another status"
OTHER_SPELLING = ", said of another spelling of the mailbox"
# More than any list has rows.
_ROWS = 1 << 40
# What a column is told to be whose cells ask another question, or in words that nobody knows.
NOT_UNDERSTOOD = "its cells are not understood; recipients.status explains them"
Refusals = Callable[[Iterable[str]], Iterator[tuple[str, str]] | None]


def refusals_of(column: PermissionColumn) -> Refusals:
    """Return what yields the refusing cells among distinct ones, each with its reason; nothing where none is understood."""
    words = list_columns().words
    return lambda cells: _refusing(cells, lambda sample: refusal_reader(column.rule, words, sample), column.name)


def refusals_beside(send: Iterable[str], name: str) -> Refusals:
    """Return what yields every cell as a refusal that holds something else than the words `send`."""
    allowed, words = {comparable(word) for word in send}, list_columns().words

    def why(cell: str) -> str | None:
        word = comparable(cell)
        if not word or word in allowed or word in words.nothing:
            return None
        return words.refusing.get(word) or words.unsure.get(word) or words.denied.get(word) or OTHER_WORD

    return lambda cells: _refusing(cells, lambda _sample: why, name)


def _refusing(
    cells: Iterable[str], reader: Callable[[list[str]], Callable[[str], str | None] | None], name: str
) -> Iterator[tuple[str, str]] | None:
    rest = iter(cells)
    sample = list(islice(rest, SAMPLE_CELLS))
    why = reader(sample)
    if why is None:
        return None
    told = ((cell, why(cell)) for cell in chain(sample, rest))
    return (
        (cell, f"{_rank(reason)}{reason} (column {shown_name(name)})")
        for cell, reason in told
        if reason is not None
    )


def _rank(reason: str) -> int:
    return _GRAVEST.index(reason) if reason in _GRAVEST else len(_GRAVEST)


def create_table(found: ListCounts) -> None:
    """Create the empty `refused(r, k, why)`: the rows that say no, each with the rank of its reason in front."""
    found.work.create("refused")


def add_refusals(found: ListCounts, file: Loaded, slot: int, refusals: Refusals) -> bool:
    """Take down the rows of a file whose further column `o<slot>` refuses; say whether its cells are understood."""
    work = found.work
    cell, told = f"o{slot}", f"FROM mailed WHERE {file.within} AND o{slot} <> ''"
    work.run(f"CREATE OR REPLACE TABLE answer_cell AS SELECT DISTINCT {cell} AS cell {told} LIMIT {FEW_CELLS}")
    if work.one("SELECT count(*) FROM answer_cell") == FEW_CELLS:
        # To leave off the time of a moment costs more than all the rest, and is worth it only where there are many.
        cell = without_time(f"trim(o{slot})")
        work.run(f"CREATE OR REPLACE TABLE answer_cell AS SELECT DISTINCT {cell} AS cell {told}")
    cells = (row[0] for row in work.stream("SELECT cell FROM answer_cell ORDER BY cell"))
    refusing = refusals(cells)
    if refusing is None:
        return False
    work.run("CREATE OR REPLACE TABLE refusing_cell(cell VARCHAR, why VARCHAR)")
    work.fill("refusing_cell", ("VARCHAR", "VARCHAR"), refusing)
    if not work.one("SELECT count(*) FROM refusing_cell"):
        return True
    work.run(
        f"INSERT INTO refused SELECT r, k, why FROM mailed JOIN refusing_cell ON {cell} = refusing_cell.cell "
        f"WHERE {file.within} AND o{slot} <> ''"
    )
    return True


def add_opted_out(found: ListCounts) -> None:
    """Create `opted_out(r, k, why)`, one row that refuses for every person with any: a refusal counts for all his rows.

    It counts for every spelling of his mailbox too, as far as the list has them (`mailbox`).
    """
    work = found.work
    # Numbers are compared faster than texts: the gravest reason and, of its rows, the first one are one number.
    work.run(
        "CREATE TABLE reason AS SELECT why, row_number() OVER (ORDER BY why) AS code FROM (SELECT DISTINCT why FROM refused)"
    )
    first = f"SELECT k, min(code * {_ROWS} + r) AS place FROM refused JOIN reason USING (why) GROUP BY k"
    work.run(
        f"CREATE TABLE opted_out AS SELECT (place % {_ROWS})::BIGINT AS r, k, substr(why, 2) AS why FROM ({first}) "
        f"JOIN reason ON code = place // {_ROWS}"
    )
    refusing = "SELECT box, min(why) AS why FROM mailbox JOIN opted_out USING (k) GROUP BY box"
    work.run(
        f"INSERT INTO opted_out SELECT r, k, why || '{OTHER_SPELLING}' FROM mailbox JOIN ({refusing}) USING (box) "
        "WHERE k NOT IN (SELECT k FROM opted_out)"
    )
    found.add(Kind.OPTED_OUT, "opted_out", "why")
    found.split(Kind.OPTED_OUT, "split_part(why, ' (column', 1)")
