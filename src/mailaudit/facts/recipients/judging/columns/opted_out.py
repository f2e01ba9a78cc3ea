"""Counts the people of whom the list itself says that they must not be mailed."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from msgspec import Struct

from mailaudit.facts.recipients.cells.dates import without_time
from mailaudit.facts.recipients.cells.permission import SAMPLE_CELLS, knows_all, refusal_reader
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
# What is told of a column whose cells ask another question, or speak in words that nobody knows.
NOT_UNDERSTOOD = "its cells are not understood; recipients.status explains them"
PARTLY_UNDERSTOOD = "some of its words are not understood; recipients.status explains them"


class Told(Struct, frozen=True):
    """What the distinct cells of a column tell: those that refuse, each with its reason, and what must be known of it."""

    refusing: Iterator[tuple[str, str]]
    note: str = ""

    @property
    def is_understood(self) -> bool:
        """Whether the column says who may be mailed."""
        return self.note != NOT_UNDERSTOOD


Refusals = Callable[[Iterable[str]], Told]


def refusals_of(column: PermissionColumn) -> Refusals:
    """Return what tells the refusing cells among distinct ones."""
    rule, words = column.rule, list_columns().words

    def told(cells: Iterable[str]) -> Told:
        rest = iter(cells)
        sample = list(islice(rest, SAMPLE_CELLS))
        why = refusal_reader(rule, words, sample)
        if why is None:
            return Told(iter(()), NOT_UNDERSTOOD)
        note = "" if knows_all(rule, words, sample) else PARTLY_UNDERSTOOD
        return Told(_refusing(chain(sample, rest), why, column.name), note)

    return told


def refusals_beside(send: Iterable[str], name: str) -> Refusals:
    """Return what tells every cell as a refusal that holds something else than the words `send`."""
    allowed, words = {comparable(word) for word in send}, list_columns().words

    def why(cell: str) -> str | None:
        word = comparable(cell)
        known = words.get(word)
        if not word or word in allowed or (known and known.says == "nothing"):
            return None
        return (known and known.reason) or OTHER_WORD

    return lambda cells: Told(_refusing(cells, why, name))


def _refusing(cells: Iterable[str], why: Callable[[str], str | None], name: str) -> Iterator[tuple[str, str]]:
    for cell in cells:
        if reason := why(cell):
            yield cell, f"{_rank(reason)}{reason} (column {shown_name(name)})"


def _rank(reason: str) -> int:
    return _GRAVEST.index(reason) if reason in _GRAVEST else len(_GRAVEST)


def create_table(found: ListCounts) -> None:
    """Create the empty `refused(r, k, why)`: the rows that say no, each with the rank of its reason in front."""
    found.work.create("refused")


def add_refusals(found: ListCounts, file: Loaded, slot: int, refusals: Refusals) -> Told:
    """Take down the rows of a file whose further column `o<slot>` refuses; return what its cells told."""
    work = found.work
    cell, told = f"o{slot}", f"FROM mailed WHERE {file.within} AND o{slot} <> ''"
    few = f"SELECT DISTINCT {cell} AS cell {told} LIMIT {FEW_CELLS}"
    if work.one(f"CREATE OR REPLACE TABLE answer_cell AS {few}") == FEW_CELLS:
        # To leave off the time of a moment costs more than all the rest, and is worth it only where there are many.
        cell = without_time(f"trim(o{slot})")
        work.run(f"CREATE OR REPLACE TABLE answer_cell AS SELECT DISTINCT {cell} AS cell {told}")
    cells = (row[0] for row in work.stream("SELECT cell FROM answer_cell ORDER BY cell"))
    told_by_cells = refusals(cells)
    work.put("refusing_cell", told_by_cells.refusing)
    if not work.one("SELECT count(*) FROM refusing_cell"):
        return told_by_cells
    work.run(
        f"INSERT INTO refused SELECT r, k, why FROM mailed JOIN refusing_cell ON {cell} = refusing_cell.cell "
        f"WHERE {file.within} AND o{slot} <> ''"
    )
    return told_by_cells


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
    found.count(Kind.OPTED_OUT, "opted_out", "why")
    found.split(Kind.OPTED_OUT, "split_part(why, ' (column', 1)")
