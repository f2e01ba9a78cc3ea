"""Understands names of columns that nobody has listed, word by word."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import pairwise

from msgspec import Struct

from mailaudit.knowledge.types.list_columns import ColumnNames, NameWords, Sense

# Written apart or together, they are one word.
_PAIRS = {
    ("opt", "in"): "optin",
    ("opted", "in"): "optin",
    ("opt", "out"): "optout",
    ("opted", "out"): "optout",
    ("don", "t"): "dont",
    ("e", "mail"): "email",
    ("e", "mails"): "emails",
}


class _Word(Enum):
    """What a word of a name does; the weak ones do it only beside mail, or take back what is agreed."""

    NEUTRAL = auto()
    MAIL = auto()
    AGREES = auto()
    AGREES_WEAKLY = auto()
    DENIES = auto()
    DENIES_FIRST = auto()
    REFUSES = auto()
    REFUSES_WEAKLY = auto()


class Phrases(Struct, frozen=True):
    """Words of names without case and accents; `reasons` are those of the refusing ones."""

    words: Mapping[str, _Word]
    reasons: Mapping[str, str]

    def rule(self, tokens: Sequence[str]) -> ColumnNames | None:
        """Return what a column asks whose name is these words; nothing when one of them is not known."""
        words = _joined(tokens)
        does = [self.words.get(word) for word in words]
        if None in does or not does:
            return None
        # A denial that stands last is an answer, or an abbreviation: "Mail no", "E-mail NE".
        if _Word.DENIES in does[:-1] or does[0] is _Word.DENIES_FIRST:
            return self._denied(does)
        weak = _Word.MAIL in does
        # What was agreed can be taken back: "consent withdrawn".
        refusing = {_Word.REFUSES, _Word.REFUSES_WEAKLY} if weak or _Word.AGREES in does else {_Word.REFUSES}
        for word, doing in zip(words, does, strict=True):
            if doing in refusing:
                return ColumnNames(Sense.REFUSAL, self.reasons[word])
        agrees = _Word.AGREES in does or (weak and _Word.AGREES_WEAKLY in does)
        return ColumnNames(Sense.AGREEMENT, "not subscribed") if agrees else None

    def _denied(self, does: Sequence[_Word | None]) -> ColumnNames | None:
        if _Word.REFUSES in does or _Word.REFUSES_WEAKLY in does:
            return None  # a double no: "not unsubscribed"
        return ColumnNames(Sense.REFUSAL, "unsubscribed") if {_Word.MAIL, _Word.AGREES} & set(does) else None


def phrases(told: NameWords, beside: frozenset[str]) -> Phrases:
    """Return the words for use; those `beside` change nothing unless they are told to."""
    refusals = {
        word: (does, one.reason)
        for does, group in ((_Word.REFUSES_WEAKLY, told.weak_refuse), (_Word.REFUSES, told.refuse))
        for one in group
        for word in one.words.split()
    }
    words = dict.fromkeys(beside, _Word.NEUTRAL) | dict(_told(told))
    return Phrases(
        words | {word: does for word, (does, _) in refusals.items()},
        {word: reason for word, (_, reason) in refusals.items()},
    )


def _told(told: NameWords) -> Iterator[tuple[str, _Word]]:
    for words, does in (
        (told.neutral, _Word.NEUTRAL),
        (told.mail, _Word.MAIL),
        (told.weak_agree, _Word.AGREES_WEAKLY),
        (told.agree, _Word.AGREES),
        (told.negation, _Word.DENIES),
        (told.first_negation, _Word.DENIES_FIRST),
    ):
        yield from ((word, does) for word in words.split())


def _joined(tokens: Sequence[str]) -> list[str]:
    words = list(tokens)
    for at, pair in reversed(list(enumerate(pairwise(tokens)))):
        if pair in _PAIRS:
            words[at : at + 2] = [_PAIRS[pair]]
    return words
