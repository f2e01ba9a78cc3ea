"""What changed between two reports: findings gone, findings new, checks that changed their mind."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.language.spoken import naming, word
from mailaudit.reports.content import headline, ranking
from mailaudit.reports.content.proof import proof_sentence
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.types import Document, ResultEntry
from mailaudit.reports.formats import RenderOptions, given
from mailaudit.reports.terminal.findings import STYLES, sign
from mailaudit.reports.terminal.page import Page

_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.NOT_APPLICABLE})
_INDENT = 3


class Diff(Struct, frozen=True):
    """Findings only in the new report, only in the old one, and in both (as the new one tells them).

    Findings are the same when their fingerprints are, however they are worded; they are counted as a multiset.
    `grown` are those of `kept` that count more than before, each with the number that it was. `lost_sight` are old
    findings whose check, or whose subject, was not judged again: they may still be there.
    """

    new: tuple[Item, ...]
    fixed: tuple[Item, ...]
    kept: tuple[Item, ...]
    lost_sight: tuple[Item, ...]
    grown: tuple[tuple[Item, int], ...] = ()

    @property
    def worst_new(self) -> Severity | None:
        """The severity of the worst finding that counts and is new, or more than it was."""
        worse = (*self.new, *(item for item, _ in self.grown))
        live = [item.finding.severity for item in worse if item.finding.suppressed is None]
        return max(live, key=lambda severity: severity.rank, default=None)


def diff(old: Document, new: Document) -> Diff:
    """Compare two reports; a finding that was not looked for again is not fixed."""
    before, after = _all(old), _all(new)
    results = {result.check: result for result in new.results}
    gone = _without(before, after)
    fixed = [item for item in gone if judged(results.get(item.result.check), item.finding.subject)]
    kept = _both(after, before)
    return Diff(
        new=tuple(_without(after, before)),
        fixed=tuple(fixed),
        kept=tuple(kept),
        grown=tuple(_grown(before, kept)),
        lost_sight=tuple(item for item in gone if item not in fixed),
    )


def render_diff(old: Document, new: Document, options: RenderOptions) -> str:
    """Return the difference as terminal text: what is new first."""
    with naming({*given(old), *given(new)}):
        return _rendered(old, new, options)


def _rendered(old: Document, new: Document, options: RenderOptions) -> str:
    found = diff(old, new)
    page = Page(width=options.width, color=options.color, unicode=options.unicode)
    counted = [f"{len(found.new):,} new", f"{len(found.fixed):,} fixed", f"{len(found.kept):,} as before"]
    counted += [f"{len(found.grown):,} grown"] if found.grown else []
    counted += [f"{len(found.lost_sight):,} no longer verified"] if found.lost_sight else []
    page.write((f"{', '.join(counted)}.", "bold"))
    then, now = headline.headline(old), headline.headline(new)
    both = (f"{then} ", f"{page.signs.arrow} ", now) if then != now else (f"As before: {now}",)
    page.write(*((told, "dim") for told in both))
    for change in new.spf_changes:
        page.write((f"SPF of {change.domain}: {proof_sentence(change)}", ""), indent=0)
    _section(page, word("New"), found.new)
    _section(page, word("Grown"), tuple(item for item, _ in found.grown), was=[was for _, was in found.grown])
    _section(page, word("Fixed"), found.fixed, (page.signs.passed, "green"))
    _section(page, "No longer verified", found.lost_sight, (page.signs.open, "magenta"))
    if options.verbosity > 0:
        _section(page, "As before", found.kept)
    return str(page)


def judged(result: ResultEntry | None, subject: str | None = None) -> bool:
    """Say whether a check reached a verdict, on one subject or, without one, on all of them."""
    if result is None or result.outcome not in _JUDGED:
        return False
    return not any(subject is None or entry.subject in {None, subject} for entry in result.unverified)


def _section(
    page: Page, title: str, items: tuple[Item, ...], mark: tuple[str, str] | None = None, was: Sequence[int] = ()
) -> None:
    if items:
        page.heading(title)
    for place, item in enumerate(items):
        finding = item.finding
        own = (sign(page, finding.severity), STYLES[finding.severity])
        page.write((finding.message, ""), first=mark or own, indent=_INDENT)
        facts = [finding.severity.value, item.result.check]
        if was and finding.magnitude:
            facts.append(f"{was[place]:,} {page.signs.arrow} {finding.magnitude.value:,} {finding.magnitude.unit}")
        facts += [f"suppressed: {finding.suppressed.reason}"] if finding.suppressed else []
        page.write((page.signs.dot.join(facts), "dim"), indent=_INDENT)


def _all(document: Document) -> list[Item]:
    return [*ranking.items(document), *ranking.suppressed(document)]


def _without(items: list[Item], others: list[Item]) -> list[Item]:
    """Return the items whose fingerprints the others have not, counted as a multiset."""
    left = Counter(item.finding.fingerprint for item in others)
    remaining = []
    for item in items:
        if left[item.finding.fingerprint] > 0:
            left[item.finding.fingerprint] -= 1
        else:
            remaining.append(item)
    return remaining


def _grown(before: list[Item], kept: list[Item]) -> Iterator[tuple[Item, int]]:
    """Yield what counts more than before; findings of one fingerprint are compared in the order of their size."""
    for mark in dict.fromkeys(item.finding.fingerprint for item in kept):
        now, was = (
            sorted((item for item in items if item.finding.fingerprint == mark), key=_size)
            for items in (kept, before)
        )
        for new, old in zip(now, was, strict=False):
            if _size(new) > _size(old) > 0:
                yield new, _size(old)


def _size(item: Item) -> int:
    return item.finding.magnitude.value if item.finding.magnitude else 0


def _both(items: list[Item], others: list[Item]) -> list[Item]:
    alone = {id(item) for item in _without(items, others)}
    return [item for item in items if id(item) not in alone]
