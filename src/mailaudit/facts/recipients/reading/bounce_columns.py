"""Finds the columns of a suppression file that tell whether a row stops anybody: kinds of bounces, and who said no."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mailaudit.facts.recipients.cells.permission import SAMPLE_CELLS, Answer, answer, refusal_reader
from mailaudit.facts.recipients.reading.columns import column_name
from mailaudit.knowledge.list_columns import BounceWords, ListColumns, comparable
from mailaudit.knowledge.types.list_columns import Sense

# An enhanced status code (RFC 3463) or a reply code (RFC 5321): those of class 4 are temporary.
_TEMPORARY = re.compile(r"4(?:\.\d{1,3}\.\d{1,3}|\d\d)\b")
_CLASS = "bounceclass"
_SURE = frozenset({"lasting", "passing", "nothing"})
# What lets somebody be mailed, by what the column asks.
_LETS = {
    Sense.STATUS: {Answer.SEND},
    Sense.REFUSAL: {Answer.SEND, Answer.NO},
    Sense.AGREEMENT: {Answer.SEND, Answer.YES},
}
_PERMANENT = re.compile(r"5(?:\.\d{1,3}\.\d{1,3}|\d\d)\b")


@dataclass(slots=True)
class BounceColumns:
    """Takes down which columns of a suppression file tell the kind of its rows; `names` are theirs."""

    known: ListColumns
    names: list[str] = field(default_factory=list)

    def __call__(
        self, header: Sequence[str] | None, sample: Sequence[Sequence[str]], taken: Sequence[int]
    ) -> tuple[int, ...]:
        """Return the places of these columns: their name is known, and so is a word that they hold.

        Whatever its name, a column that tells of bounces, mostly in known words, is one too.
        """
        found = []
        for at, name in enumerate(header or ()):
            if at == taken[0]:
                continue
            cells = {record[at] for record in sample if at < len(record)}
            told = {comparable(cell) for cell in cells if self.kind(name, cell) in _SURE}
            # Of `event-data.severity`, the name of an inner object's value, the last part is its own.
            is_known = comparable(name.rpartition(".")[2]) in self.words.columns
            if name.strip() and self.known.rule(name):
                told = told or cells
                is_known = True
            is_one = is_known or (2 * len(told) >= len(cells - {""}) and any("bounce" in word for word in told))
            if told and is_one:
                found.append(at)
                self.names.append(column_name(header, at))
        return tuple(found)

    @property
    def words(self) -> BounceWords:
        """The words of bounce exports."""
        return self.known.bounces

    def kinds(self, name: str, cells: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield distinct cells of a column with what each tells: a kind, or that it `refuses` or `lets` somebody be mailed.

        A column says who may be mailed only when it says of others that they refuse: it is that of a complete export.
        """
        distinct = list(cells)
        rule = self.known.rule(name) if name.strip() else None
        refuses = refusal_reader(rule, self.known.words, distinct[:SAMPLE_CELLS]) if rule else None
        told = [(cell, self.kind(name, cell)) for cell in distinct]
        # Where no failure is told at all, `processed` and `sent` may be the steps of a request to be forgotten.
        sure = _SURE if "event" in comparable(name) else {"lasting", "passing"}
        if not any(kind in sure for _, kind in told):
            told = [(cell, None) for cell in distinct]
        refusing = {cell for cell, kind in told if kind == "lasting" or (not kind and refuses and refuses(cell))}
        for cell, kind in told:
            if cell in refusing:
                yield cell, "refuses"
            elif kind:
                yield cell, kind
            elif rule and refusing and answer(cell, self.known.words) in _LETS[rule.sense]:
                yield cell, "lets"

    def kind(self, name: str, cell: str) -> str | None:
        """Return whether a cell tells of a `lasting` failure or refusal, a `passing` one, or of `nothing`.

        An `unsure` word tells of a passing one beside other words.
        """
        word = comparable(cell)
        if comparable(name) in self.words.flags:
            said = self.known.words.get(word)
            return ("lasting" if said and said.says == "yes" else "passing") if word else None
        if word.isdigit() and comparable(name) != _CLASS:
            return self._code(cell)
        return self.words.kinds.get(word) or self._code(cell)

    @staticmethod
    def _code(cell: str) -> str | None:
        text = cell.strip()
        return "passing" if _TEMPORARY.match(text) else "lasting" if _PERMANENT.match(text) else None
