"""Reads what a cell says about mailing somebody: a yes, a no, a day, or the word of a status."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum, auto

from mailaudit.facts.recipients.cells.dates import parse_date
from mailaudit.knowledge.list_columns import Vocabulary, comparable
from mailaudit.knowledge.types.list_columns import ColumnNames, Sense

# So many distinct cells tell what a column is about.
SAMPLE_CELLS = 5_000
# How databases and spreadsheets write "never" where a moment is expected (MySQL's zero date, the epoch, day nought, and
# the last day of all).
_NEVER = re.compile(
    r"(?:0{4}-0{2}-0{2}|1970-01-01|1899-12-3[01]|1900-01-0[01]|0001-01-01|9999-12-31)(?:[T ].*)?\Z"
    r"|31[./]12[./]9999|12/31/9999|0?1([./-])0?1\1(?:1970|1900)(?: .*)?\Z|00+\Z"
)
_NEVER_YEARS = frozenset({1, 1899, 1900, 1970, 9999})
# What programs that know only numbers make of a yes or no.
_FLAG = re.compile(r"([01])[.,]0+\Z")
# The answer of a form, with its sentence behind it: `No, I do not want the newsletter`.
_FIRST_WORD = re.compile(r"([^\W\d_]{2,9}),\s")
# What explains the word before it: `Unsubscribed (by the contact)`.
_REMARK = re.compile(r"(?<=\w)\s*[(\[][^()\[\]]*[)\]]\s*\Z")
_CHANNEL = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\Z")


class Answer(StrEnum):
    """What a cell is, whatever its column asks; what a single word says is known by these names."""

    NOTHING = auto()
    YES = auto()
    NO = auto()
    DAY = auto()
    NUMBER = auto()
    SEND = auto()
    GRANTED = auto()
    REFUSING = auto()
    UNSURE = auto()
    DENIED = auto()
    FOREIGN = auto()


def answer(cell: str, words: Vocabulary) -> Answer:
    """Return what a cell is; a zero where a moment could stand is the answer no."""
    text = _bare(cell)
    cell = text if text in {"0", "1"} else cell
    known = words.get(_word(cell, words))
    if not text or text == "\\N" or (known and known.says == "nothing"):
        return Answer.NOTHING
    if _NEVER.match(text):
        return Answer.NO if text == "0" else Answer.NOTHING
    if known:
        return Answer(known.says)
    if parse_date(text):
        return Answer.DAY
    return Answer.NUMBER if _NUMBER.match(text) else _sentence(text, words)


def is_never(cell: str, day: date) -> bool:
    """Say whether a cell that can be read as a day is how a program writes that there is none."""
    return day.year in _NEVER_YEARS and _NEVER.match(_bare(cell)) is not None


def _bare(cell: str) -> str:
    return _FLAG.sub(r"\1", cell.strip().strip("[]{}'\" \t"))


def _sentence(text: str, words: Vocabulary) -> Answer:
    first = _FIRST_WORD.match(text)
    said = words.get(comparable(first[1])) if first else None
    if said and said.says in {"yes", "no"}:
        return Answer(said.says)
    return Answer.FOREIGN if any(char.isalnum() for char in text) else Answer.NOTHING


def _word(cell: str, words: Vocabulary) -> str:
    """Return a cell in comparable form, without what stands in brackets behind it unless that makes it a known word."""
    word, before = comparable(cell), _REMARK.sub("", cell)
    return word if before == cell or word in words else comparable(before)


_FLAGS = frozenset({Answer.YES, Answer.NO, Answer.DAY})
_STATES = frozenset({Answer.SEND, Answer.REFUSING, Answer.UNSURE})
_UNDERSTOOD = {
    Sense.REFUSAL: _FLAGS | _STATES | {Answer.DENIED},
    Sense.AGREEMENT: _FLAGS | _STATES | {Answer.GRANTED, Answer.DENIED},
    Sense.STATUS: _STATES,
}
# Of a refusal they say whether it holds; elsewhere they are words of statuses.
_SWITCH = {"enabled": Answer.YES, "disabled": Answer.NO}
# The channels that a refusal may name: one of these two groups, or several of both.
_BY_MAIL = frozenset({"email", "emails", "courriel", "all", "any"})
_OTHERWISE = frozenset({"sms", "phone", "telephone", "call", "fax", "post", "push", "whatsapp"})
_WORDS_THAT_REFUSE = {
    Sense.REFUSAL: (Answer.REFUSING, Answer.UNSURE, Answer.DENIED),
    Sense.AGREEMENT: (Answer.REFUSING, Answer.UNSURE, Answer.DENIED),
    Sense.STATUS: (Answer.REFUSING, Answer.UNSURE),
}


def refusal_reader(
    rule: ColumnNames, words: Vocabulary, cells: Iterable[str]
) -> Callable[[str], str | None] | None:
    """Return what tells why a cell of a column refuses, if it does; nothing when the column asks another question.

    `cells` are distinct ones of the column: a column of counts or of names refuses nothing, however it is called.
    """
    found = _meanings(cells, rule, words)
    known = sum(meaning in _UNDERSTOOD[rule.sense] for meaning in found)
    is_clear = known == len(found)
    is_flag = (
        known > 0 or not found
        if rule.sense is Sense.STATUS
        else Answer.NUMBER not in found and 2 * known >= len(found)
    )
    if not (is_flag or rule.takes_text):
        return None
    has_days = Answer.DAY in found

    def why(cell: str) -> str | None:
        meaning = _meaning(cell, rule, words)
        if meaning in _WORDS_THAT_REFUSE[rule.sense] and (is_clear or meaning is Answer.REFUSING):
            return words[_word(cell, words)].reason
        return (
            rule.reason
            if _says_no(meaning, rule, is_zero=has_days and _FLAG.sub(r"\1", cell.strip()) == "0")
            else None
        )

    return why


def knows_all(rule: ColumnNames, words: Vocabulary, cells: Iterable[str]) -> bool:
    """Say whether every cell of a column is understood."""
    return rule.takes_text or _UNDERSTOOD[rule.sense].issuperset(_meanings(cells, rule, words))


def _meanings(cells: Iterable[str], rule: ColumnNames, words: Vocabulary) -> list[Answer]:
    return [meaning for cell in cells if (meaning := _meaning(cell, rule, words)) is not Answer.NOTHING]


def _meaning(cell: str, rule: ColumnNames, words: Vocabulary) -> Answer:
    word = comparable(cell)
    if word in rule.negative:
        return Answer.NO
    if rule.sense is Sense.REFUSAL and word in _SWITCH:
        return _SWITCH[word]
    found = answer(cell, words)
    if rule.sense is Sense.REFUSAL and found is Answer.FOREIGN:
        channels = {comparable(channel) for channel in _CHANNEL.findall(cell)}
        if channels <= _BY_MAIL | _OTHERWISE:
            return Answer.YES if channels & _BY_MAIL else Answer.NO
        if rule.takes_text or cell.strip()[:1] == "[":
            return Answer.YES
    return found


def _says_no(meaning: Answer, rule: ColumnNames, *, is_zero: bool) -> bool:
    if rule.sense is Sense.REFUSAL:
        return meaning in {Answer.YES, Answer.DAY}
    return rule.sense is Sense.AGREEMENT and meaning is Answer.NO and not is_zero


def is_consent(cell: str, words: Vocabulary) -> bool:
    """Say whether a cell without a date records a consent: yes, granted, subscribed."""
    return answer(cell, words) in {Answer.YES, Answer.SEND, Answer.GRANTED}
