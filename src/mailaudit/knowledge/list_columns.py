"""Tells which columns of a list say who may be mailed, and what their words mean."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from mailaudit.knowledge.column_phrases import Phrases, phrases
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.list_columns import Beside, ColumnNames, Export, ListColumnsFile, Sense

__all__ = ["BounceWords", "ColumnNames", "ListColumns", "Sense", "Vocabulary", "comparable", "list_columns"]

_WORDS = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What is written together with the word that it is beside: `emailoptin`, `newsletterstatus`.
_PREFIXES = ("email", "mail", "newsletter", "marketing", "nieuwsbrief", "boletin")


class Vocabulary(Struct, frozen=True):
    """Words in comparable form: for yes, no, nothing, for being mailed, and for not being mailed with the reason.

    `refusing` count everywhere, `unsure` only where all words of a column are known here, `denied` and `granted` only
    in columns that ask for an agreement.
    """

    positive: frozenset[str]
    negative: frozenset[str]
    nothing: frozenset[str]
    send: frozenset[str]
    granted: frozenset[str]
    refusing: Mapping[str, str]
    unsure: Mapping[str, str]
    denied: Mapping[str, str]


class BounceWords(Struct, frozen=True):
    """Columns of bounce exports and their words, in comparable form; in a column of `flags`, `yes` is a lasting failure."""

    columns: frozenset[str]
    flags: frozenset[str]
    yes: frozenset[str]
    lasting: frozenset[str]
    passing: frozenset[str]
    unsure: frozenset[str]
    nothing: frozenset[str]


class ListColumns(Struct, frozen=True):
    """All that is known about such columns; `by_name` has comparable names, `by_whole_name` those that are not shortened."""

    words: Vocabulary
    beside: frozenset[str]
    elsewhere: frozenset[str]
    by_name: Mapping[str, ColumnNames]
    by_whole_name: Mapping[str, ColumnNames]
    phrases: Phrases
    unless: tuple[Beside, ...]
    fallbacks: Mapping[str, str]
    bounces: BounceWords
    exports: tuple[Export, ...]

    def rule(self, name: str) -> ColumnNames | None:
        """Return what a column of this name says, or nothing when its name asks another question."""
        tokens = _tokens(name)
        whole, short = "".join(tokens), "".join(token for token in tokens if token not in self.beside)
        found = self.by_whole_name.get(whole) or self.by_name.get(short) or self.by_name.get(whole)
        rests = [short.removeprefix(prefix) for prefix in _PREFIXES if short.startswith(prefix)]
        return (
            found
            or next((self.by_name[rest] for rest in rests if rest in self.by_name), None)
            or self.phrases.rule(tokens)
        )

    def is_of_another_trade(self, name: str, others: Sequence[str]) -> bool:
        """Say whether a column is about something else, as the names of the others beside it show."""
        rules = [one for one in self.unless if comparable(name) in map(comparable, one.column.split(" | "))]
        keys = {comparable(other) for other in others}
        tokens = {token for other in others for token in _tokens(other)} if rules else set()
        return any(
            comparable(one.beside) in keys if one.beside else not tokens.isdisjoint(one.words.split())
            for one in rules
        )

    def asks_elsewhere(self, name: str) -> bool:
        """Say whether a name shows that its column is about something else than mail."""
        return not self.elsewhere.isdisjoint(_tokens(name))


def comparable(text: str) -> str:
    """Return a text without case, accents, spaces and punctuation (but for signs that stand alone, such as a tick)."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(filter(str.isalnum, plain))
    return letters or plain.strip()


@kept
def list_columns() -> ListColumns:
    """Return what is known about columns; a user's `list_columns.yml` is merged into ours."""
    file = entries(ListColumnsFile)
    beside = frozenset(file.beside.split())
    by_name: dict[str, ColumnNames] = {}
    for column in file.columns:
        for name in column.names:
            short = "".join(token for token in _tokens(name) if token not in beside)
            by_name.setdefault(short or comparable(name), column)
    return ListColumns(
        words=_vocabulary(file),
        beside=beside,
        elsewhere=frozenset(file.elsewhere.split()),
        by_name=by_name,
        by_whole_name={"".join(_tokens(name)): column for column in file.columns for name in column.whole},
        phrases=phrases(file.phrases, beside),
        unless=file.unless,
        fallbacks={comparable(one.column): comparable(one.to) for one in file.fallbacks},
        bounces=_bounces(file),
        exports=file.exports,
    )


def _tokens(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", _BRACKETS.sub(" ", name) or name)).casefold()
    return _WORDS.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _known(words: str) -> frozenset[str]:
    return frozenset(map(comparable, words.split()))


def _bounces(file: ListColumnsFile) -> BounceWords:
    told = file.bounces
    return BounceWords(
        columns=frozenset(map(comparable, told.columns if told else ())),
        flags=frozenset(map(comparable, told.flags if told else ())),
        yes=_known(file.words.positive),
        lasting=_known(told.lasting if told else ""),
        passing=_known(told.passing if told else ""),
        unsure=_known(told.unsure if told else ""),
        nothing=_known(told.nothing if told else ""),
    )


def _vocabulary(file: ListColumnsFile) -> Vocabulary:
    def reasons(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {comparable(word): reason for words, reason in pairs for word in words.split()}

    answers = file.words
    return Vocabulary(
        positive=_known(answers.positive),
        negative=_known(answers.negative),
        nothing=_known(answers.nothing),
        send=_known(answers.send),
        granted=_known(answers.granted),
        refusing=reasons((one.words, one.reason) for one in file.refusals),
        unsure=reasons((one.unsure, one.reason) for one in file.refusals),
        denied=reasons((one.consent, one.reason) for one in file.refusals),
    )
