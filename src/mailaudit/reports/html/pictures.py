"""Which charts a report has, from the figures of its document."""

from markupsafe import Markup
from msgspec import Struct

from mailaudit.reports.content import words
from mailaudit.reports.content.figures import ListFigures, Peak, Series, VolumeFigures, about, buckets, span
from mailaudit.reports.content.outlook import FATES, Outlook
from mailaudit.reports.document.sender_parts.lookup_tree import SpfTermEntry
from mailaudit.reports.html.charts import Bar, Branch, Slice, bars, portions, stack, timeline, tree

PROVIDERS_AT_MOST = 12
PEAKS_AT_MOST = 12
COLUMNS_AT_MOST = 120
TERMS_AT_MOST = 40
SPF_LIMIT = 10
_SOUND = frozenset({"record", "addresses"})
# Beyond this multiple of its limit a bar is cut, so that the others stay readable.
_LONGEST = 3.0


class Picture(Struct, frozen=True):
    """A chart, and the rows beneath it in words; `has_key` says that their colours are the chart's."""

    title: str
    svg: Markup
    rows: tuple[str, ...] = ()
    has_key: bool = False


def fate(found: Outlook) -> Picture:
    """Return what will become of the mail to each provider of the list."""
    title = "What will become of the mail to my recipients"
    parts = [
        (f"fate-{one.fate}", f"{one.provider}: {words.share(one.share)} {FATES[one.fate]}", one.share)
        for one in found.portions
    ]
    description = "; ".join(text for _, text in found.lines)
    return Picture(title, portions("fate", title, description, parts))


def composition(figures: ListFigures) -> Picture:
    """Return what the list is made of."""
    title = "What the list is made of"
    slices = [Slice(part.told, part.share, tone) for tone, part in enumerate(figures.parts)]
    description = "; ".join(part.told for part in figures.parts)
    rows = tuple(part.told for part in figures.parts)
    return Picture(title, stack("composition", title, description, slices), rows, has_key=True)


def providers(figures: ListFigures) -> Picture:
    """Return who receives the list, the largest first."""
    title = "Who receives the list"
    shown = figures.providers[:PROVIDERS_AT_MOST]
    largest = max((part.share for part in shown), default=0) or 1.0
    rows = [Bar(part.label, part.share / largest, f"{part.count:,} ({words.share(part.share)})") for part in shown]
    description = "; ".join(part.told for part in shown)
    return Picture(title, bars("providers", title, description, rows))


def peaks(figures: VolumeFigures) -> Picture | None:
    """Return the busiest window of each scope as a fraction of its limit; nothing without limits."""
    limited = [peak for peak in figures.peaks if peak.limit][:PEAKS_AT_MOST]
    if not limited:
        return None
    title = "Busiest window beside its limit"
    longest = min(_LONGEST, max(1.15, *(_load(peak) for peak in limited)))
    rows = [
        Bar(
            f"{span(peak.window_s)}: {peak.key}",
            _load(peak) / longest,
            f"{peak.peak:,} / {peak.limit:,}",
            is_bad=peak.is_over and peak.is_sure,
        )
        for peak in limited
    ]
    description = "; ".join(peak.told for peak in limited)
    svg = bars("peaks", title, description, rows, limit_at=1 / longest)
    wanted = (figures.recommended,) if figures.recommended else ()
    return Picture(title, svg, (*wanted, *map(_peak_words, limited)))


def over_time(series: Series) -> Picture:
    """Return how full the window is over time."""
    title = f"{series.key}: messages in any {span(series.window_s)} over time"
    values = buckets(series.values, COLUMNS_AT_MOST)
    start = f" from {series.starts_at}" if series.starts_at else ""
    step = about(series.step_s * len(series.values) / len(values))
    allowed = f"; the limit is {series.limit:,}" if series.limit else ""
    description = f"{len(values)} columns of {step}{start}; the highest is {max(values):,}{allowed}"
    return Picture(title, timeline("timeline", title, description, values, series.limit), (description,))


def spf(terms: tuple[SpfTermEntry, ...]) -> Picture | None:
    """Return the SPF record with all that it leads to; nothing when it leads nowhere."""
    if len(terms) < 2:  # noqa: PLR2004 - the record alone is no tree
        return None
    total = terms[0].lookups
    title = f"DNS look-ups of the SPF record of {terms[0].domain}: {total} of {SPF_LIMIT}"
    shown = terms[:TERMS_AT_MOST]
    rows = [Branch(term.depth, _term(term), str(term.lookups), _is_bad(term)) for term in shown]
    left = (f"and {len(terms) - len(shown)} more terms",) if len(terms) > len(shown) else ()
    description = "; ".join(f"{_term(term)}: {term.lookups}" for term in shown)
    return Picture(title, tree("spf", title, description, rows), left)


def _term(term: SpfTermEntry) -> str:
    odd = "" if term.state in _SOUND else f" ({term.state.replace('-', ' ')})"
    return f"{term.term or term.domain}{odd}"


def _is_bad(term: SpfTermEntry) -> bool:
    return term.state not in _SOUND or (term.depth == 0 and term.lookups > SPF_LIMIT)


def _load(peak: Peak) -> float:
    return peak.peak / peak.limit if peak.limit else 0.0


def _peak_words(peak: Peak) -> str:
    told_peak = peak.told  # whoever translates sees this name
    when = f", busiest from {peak.at}" if peak.at else ""
    message = f" with message {peak.breach_message:,}" if peak.breach_message else ""
    breach = f"; first over the limit at {peak.breach_at}{message}" if peak.is_over and peak.breach_at else ""
    until = f", until {peak.remedy_ends_at}" if peak.remedy_ends_at else ""
    remedy = f"; a steady {peak.remedy} keeps the limit{until}" if peak.is_over and peak.remedy else ""
    source = f" (limit from {peak.source})" if peak.source else ""
    return f"{told_peak}{when}{breach}{remedy}{source}"
