"""Tells which columns of a list say who may be mailed, and what their words mean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from msgspec import Struct

from mailaudit.knowledge.column_phrases import Phrases, phrases
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.list_columns import Beside, Bounces, ColumnNames, Export, ListColumnsFile

_WORDS = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What is written together with the word that it is beside: `emailoptin`, `newsletterstatus`.
_PREFIXES = ("email", "mail", "newsletter", "marketing", "nieuwsbrief", "boletin")


class Word(Struct, frozen=True):
    """What a word says: `yes`, `no`, `nothing`, `send`, `granted`, or not to send (`refusing`, `unsure`, `denied`) and why.

    What is `refusing` counts everywhere, `unsure` only where all words of a column are known here, `denied` and `granted`
    only in columns that ask for an agreement.
    """

    says: str
    reason: str | None = None


# By their words in comparable form.
Vocabulary = Mapping[str, Word]


class BounceWords(Struct, frozen=True):
    """Columns of bounce exports in comparable form; in those of `flags` a yes is a lasting failure.

    `kinds` tells of a word whether it is a `lasting` failure, a `passing` one, perhaps that (`unsure`), or `nothing`.
    """

    columns: frozenset[str]
    flags: frozenset[str]
    kinds: Mapping[str, str]


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
        bounces=_bounces(file.bounces),
        exports=file.exports,
    )


def _tokens(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", _BRACKETS.sub(" ", name) or name)).casefold()
    return _WORDS.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _bounces(told: Bounces | None) -> BounceWords:
    if told is None:
        return BounceWords(frozenset(), frozenset(), {})
    kinds = ("lasting", "nothing", "unsure", "passing")
    return BounceWords(
        columns=frozenset(map(comparable, told.columns)),
        flags=frozenset(map(comparable, told.flags)),
        kinds={comparable(word): kind for kind in kinds for word in getattr(told, kind).split()},
    )


def _vocabulary(file: ListColumnsFile) -> Vocabulary:
    answers = file.words
    told = [
        (Word("nothing"), answers.nothing),
        (Word("yes"), answers.positive),
        (Word("no"), answers.negative),
        (Word("send"), answers.send),
        (Word("granted"), answers.granted),
        *((Word("refusing", one.reason), one.words) for one in reversed(file.refusals)),
        *((Word("unsure", one.reason), one.unsure) for one in reversed(file.refusals)),
        *((Word("denied", one.reason), one.consent) for one in reversed(file.refusals)),
    ]
    # Of a word that is told several times the first counts.
    return {comparable(word): says for says, words in reversed(told) for word in words.split()}
