"""The types of columns that say who may be mailed."""

from collections.abc import Iterator
from enum import StrEnum

from mailaudit.knowledge.types.fact import Entry, Mistake, Provenance


class Sense(StrEnum):
    """How the cells of a column answer: a refusal by yes, an agreement by no, a status by a word."""

    REFUSAL = "refusal"
    AGREEMENT = "agreement"
    STATUS = "status"


class Answers(Entry, frozen=True):
    """Words apart by blanks: for yes, no and nothing, for being mailed, and the same where a consent is asked for."""

    positive: str = ""
    negative: str = ""
    nothing: str = ""
    send: str = ""
    granted: str = ""


class RefusalWords(Entry, frozen=True):
    """Words that say no for a reason: always, only among words that are all known, only where a consent is asked for."""

    reason: str
    words: str = ""
    unsure: str = ""
    consent: str = ""


class ColumnNames(Entry, frozen=True):
    """Names of columns of one sense; `whole` ones are not shortened, `negative` are further words that mean no."""

    sense: Sense
    reason: str = ""
    names: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    takes_text: bool = False

    def mistakes(self) -> Iterator[Mistake]:
        """Yield that a column that can refuse does not say why."""
        if self.sense is not Sense.STATUS and not self.reason:
            yield "reason", "`reason` is missing; it says why such a cell refuses"


class RefusalNames(Entry, frozen=True):
    """Words of names, apart by blanks, by which a column asks for a refusal of this reason."""

    reason: str
    words: str


class NameWords(Entry, frozen=True):
    """Words of names, apart by blanks, from which a name that is not listed is understood.

    `agree` and `refuse` ask for themselves, the `weak` ones only beside a word of `mail`; `negation` turns an agreement, or
    mail itself, into a refusal, `first_negation` only in front of all others; `neutral` words change nothing.
    """

    mail: str = ""
    neutral: str = ""
    agree: str = ""
    weak_agree: str = ""
    negation: str = ""
    first_negation: str = ""
    refuse: tuple[RefusalNames, ...] = ()
    weak_refuse: tuple[RefusalNames, ...] = ()


class Beside(Entry, frozen=True):
    """A column that is about something else where another one is there too, or one whose name holds one of some words."""

    column: str
    beside: str = ""
    words: str = ""


class Fallback(Entry, frozen=True):
    """A column whose empty cells another one tells."""

    column: str
    to: str


class Bounces(Entry, frozen=True):
    """Columns of bounce exports, and words apart by blanks: for lasting failures, for passing ones, for neither.

    Words that are `unsure` tell of passing failures only in a column that holds some of the others.
    """

    provenance: Provenance
    columns: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    lasting: str = ""
    passing: str = ""
    unsure: str = ""
    nothing: str = ""


class Export(Entry, frozen=True):
    """A program that exports lists, and the names of its columns that say who may be mailed."""

    id: str
    name: str
    columns: tuple[str, ...]
    provenance: Provenance


class Verification(Entry, frozen=True):
    """Columns of verification services, verdicts that say "do not mail", and those that are told by their number."""

    columns: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class Country(Entry, frozen=True):
    """A country by its code: the time zone of most of its people, its names, and the languages of most of its readers."""

    id: str
    zone: str
    names: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class ListColumnsFile(Entry, frozen=True):
    """list_columns.yml; `foreign` are words, apart by blanks, by which the encoding of a list is told."""

    beside: str = ""
    elsewhere: str = ""
    words: Answers = Answers()
    refusals: tuple[RefusalWords, ...] = ()
    columns: tuple[ColumnNames, ...] = ()
    phrases: NameWords = NameWords()
    unless: tuple[Beside, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    bounces: Bounces | None = None
    exports: tuple[Export, ...] = ()
    addresses: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    foreign: str = ""
    same_names: tuple[str, ...] = ()
    system_fields: str = ""
    system_prefixes: str = ""
    verification: Verification = Verification()
    countries: tuple[Country, ...] = ()
