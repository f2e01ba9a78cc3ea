"""Who does not take the mail, and how that is said."""

from collections.abc import Sequence

from msgspec import Struct

from mailaudit.checks.finding import Severity
from mailaudit.impact.states import kinds_of
from mailaudit.reports.content import words
from mailaudit.reports.content.at_risk import STOPPING, rows_of, stopping
from mailaudit.reports.document.providers import MatrixRow
from mailaudit.reports.document.types import Document, FindingEntry


class Refusal(Struct, frozen=True):
    """Providers whose rules the mail breaks, and the names on blocklists by which receivers go, with whom that touches."""

    rows: tuple[MatrixRow, ...] = ()
    listed: tuple[str, ...] = ()
    listed_share: float = 0.0

    def __bool__(self) -> bool:
        """Say whether anybody refuses or junks the mail."""
        return bool(self.rows or self.listed)

    @property
    def is_of_lists(self) -> bool:
        """Whether the lists stop more of the mail than the providers' own rules do."""
        return self.listed_share > sum(row.share for row in self.rows)


def refusing(document: Document) -> Refusal:
    """Return who will refuse or junk the mail."""
    rows = tuple(row for row in rows_of(document) if stopping(row))
    return _with_lists(rows, _listings(document))


def is_disowned(document: Document) -> bool:
    """Say whether the sender's own DMARC policy asks everybody to refuse or junk the mail, which fails DMARC."""
    dmarc = document.facts.sender.get("dmarc")
    policy = dmarc.get("policy") if isinstance(dmarc, dict) else None
    fails = any(result.check == "dmarc-fails" and result.findings for result in document.results)
    return fails and policy in {"reject", "quarantine"}


def refusing_anew(document: Document) -> Refusal:
    """Return who will refuse or junk the mail for what nobody has accepted, and would not do so for the rest."""
    accepted = {
        kind
        for result in document.results
        if any(one.suppressed for one in result.findings)
        for kind in kinds_of(result.check)
    }
    rows = refusing(document).rows
    fresh = tuple(row for row in rows if accepted.isdisjoint(cell.requirement for cell in stopping(row)))
    listings = _listings(document)
    return _with_lists(fresh, [] if any(one.suppressed for one in listings) else listings)


def beside(whole: Refusal, part: Refusal) -> Refusal:
    """Return who of some is not among others."""
    rows = tuple(row for row in whole.rows if row not in part.rows)
    return Refusal(rows) if part.listed else Refusal(rows, whole.listed, whole.listed_share)


def sentence(refusal: Refusal, document: Document) -> str:
    """Return who refuses or junks the mail in one sentence; empty where that is nobody."""
    if not refusal.is_of_lists:
        return _by_rules(refusal.rows, document) if refusal.rows else ""
    stand = "is on a blocklist" if len(refusal.listed) == 1 else "are on blocklists"
    told = (
        f"{words.share(refusal.listed_share)} of your recipients are likely to refuse or junk this mail, because "
        f"{words.listed(refusal.listed)} {stand}"
    )
    anyway = those(refusal.rows, document) if _is_sure(refusal.rows) else ""
    return f"{told}; {anyway} will anyway." if anyway else f"{told}."


def those(rows: Sequence[MatrixRow], document: Document) -> str:
    """Return the recipients of some providers: `42 % (Gmail)`; empty for none."""
    return f"{_portion(rows)} ({_named(rows, document)})" if rows else ""


def _by_rules(rows: Sequence[MatrixRow], document: Document) -> str:
    effects = {cell.effect for row in rows for cell in stopping(row)}
    verb = " or ".join(word for effect, word in STOPPING.items() if effect in effects)
    portion, names = _portion(rows), _named(rows, document)
    return (
        f"{portion} of your recipients ({names}) {'will' if _is_sure(rows) else 'are likely to'} {verb} this mail."
    )


def _portion(rows: Sequence[MatrixRow]) -> str:
    return words.share(min(1.0, sum(row.share for row in rows)))


def _named(rows: Sequence[MatrixRow], document: Document) -> str:
    return words.listed([words.provider(row.provider, document) for row in rows])


def _is_sure(rows: Sequence[MatrixRow]) -> bool:
    return all(any(cell.confidence == "high" for cell in stopping(row)) for row in rows)


def asks_lists(check: str) -> bool:
    """Say whether a check asks blocklists."""
    return check.endswith("-blocklisted")


def _listings(document: Document) -> list[FindingEntry]:
    """Return the findings that a name stands on a blocklist by which most receivers go."""
    found = (one for result in document.results if asks_lists(result.check) for one in result.findings)
    return [one for one in found if one.severity is Severity.ERROR and one.impact]


def _with_lists(rows: tuple[MatrixRow, ...], listings: list[FindingEntry]) -> Refusal:
    share = max((one.impact.share for one in listings if one.impact), default=0.0)
    return Refusal(rows, tuple(dict.fromkeys(one.subject for one in listings)), share)
