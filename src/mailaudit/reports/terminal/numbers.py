"""The numbers of the list and of the send."""

import math

from rich.cells import cell_len

from mailaudit.reports.content import words
from mailaudit.reports.content.figures import (
    Part,
    Peak,
    Series,
    about,
    buckets,
    list_figures,
    span,
    volume_figures,
)
from mailaudit.reports.document.types import Document
from mailaudit.reports.safe_text import clip
from mailaudit.reports.terminal.page import Page
from mailaudit.wording import numbered

_NAME_AT_MOST = 24
_INDENT = 3
_TIMELINE_ROWS = 4
_MARK = 9
_BAR_AT_LEAST = 6
_BAR_AT_MOST = 32


def write_list(page: Page, document: Document) -> None:
    """Write what the list is made of, and who receives it."""
    figures = list_figures(document)
    if figures is None:
        return
    page.heading("Your list")
    domains = f" at {numbered(figures.domains, 'domain')}" if figures.domains else ""
    page.write((numbered(figures.rows, "row"), "bold"), (f"{domains}:", ""), indent=_INDENT)
    width = max((len(f"{part.count:,}") for part in (*figures.parts, *figures.among)), default=0)
    _write_parts(page, figures.parts, width)
    if figures.among:
        page.write(("Among them:", ""), indent=_INDENT)
        _write_parts(page, figures.among, width)
    if figures.columns:
        page.write((figures.columns, "dim"), indent=_INDENT)
    if figures.providers:
        page.blank()
        page.write(("Who receives it:", ""), indent=_INDENT)
        _write_bars(page, figures.providers)


def write_volume(page: Page, document: Document) -> None:
    """Write the busiest windows beside their limits."""
    figures = volume_figures(document)
    if figures is None:
        return
    page.heading("Your send")
    if figures.recommended:
        page.write((figures.recommended, "bold"), indent=_INDENT)
    when = f", {figures.when}" if figures.when else ""
    page.write((numbered(figures.messages, "message"), "bold"), (when, ""), indent=_INDENT)
    if figures.not_projected and not figures.peaks:
        page.write((f"not projected: {figures.not_projected}", ""), indent=_INDENT)
    if figures.series:
        _write_series(page, figures.series)
    for peak in figures.peaks:
        _write_peak(page, peak)


def _write_parts(page: Page, parts: tuple[Part, ...], width: int) -> None:
    for part in parts:
        words_after = f"{part.label} ({words.share(part.share)})"
        page.write((words_after, ""), first=(f"{part.count:,}", "bold"), indent=width + _INDENT + 3)


def _write_bars(page: Page, shown: tuple[Part, ...]) -> None:
    names = [clip(page.clean(part.label), _NAME_AT_MOST, page.signs.more) for part in shown]
    name_width = max(cell_len(name) for name in names)
    count_width = max(len(f"{part.count:,}") for part in shown)
    share_width = max(len(words.share(part.share)) for part in shown)
    room = min(_BAR_AT_MOST, page.prose - _INDENT - name_width - count_width - share_width - 6)
    largest = max(part.share for part in shown) or 1.0
    for name, part in zip(names, shown, strict=True):
        padded = name + " " * (name_width - cell_len(name))
        numbers = f"{part.count:>{count_width},}  {words.share(part.share):>{share_width}}"
        bar = f"  {page.bar(part.share / largest, room)}" if room >= _BAR_AT_LEAST else ""
        page.write((f"{padded}  ", ""), (numbers, ""), (bar, "cyan"), indent=_INDENT)


def _sign(page: Page, peak: Peak) -> tuple[str, str]:
    if peak.is_over:
        return (page.signs.error, "red") if peak.is_sure else (page.signs.warning, "yellow")
    return (page.signs.passed, "green") if peak.limit else (page.signs.note, "blue")


def _write_series(page: Page, series: Series) -> None:
    columns = buckets(series.values, max(_BAR_AT_LEAST, page.prose - _INDENT - _MARK))
    highest = max(*columns, series.limit or 0, 1)
    limit = series.limit or highest
    page.blank()
    page.write((f"{series.key}, messages in any {span(series.window_s)}:", ""), indent=_INDENT)
    limit_row = math.ceil(limit / highest * _TIMELINE_ROWS) if series.limit else 0
    for row in range(_TIMELINE_ROWS, 0, -1):
        cells = [(page.column(value / highest * _TIMELINE_ROWS - (row - 1)), value > limit) for value in columns]
        mark = f" {page.signs.back} {page.clean('limit')}" if row == limit_row else ""
        page.chart(cells, indent=_INDENT, mark=mark)
    page.write((page.signs.rule * len(columns), "dim"), indent=_INDENT)
    allowed = f", limit {series.limit:,}" if series.limit else ""
    start = f"from {series.starts_at}, " if series.starts_at else ""
    step = about(series.step_s * len(series.values) / len(columns))
    page.write((f"{start}{step} a column; highest {max(columns):,}{allowed}", "dim"), indent=_INDENT)
    page.blank()


def _write_peak(page: Page, peak: Peak) -> None:
    limit = f" of {peak.limit:,} allowed" if peak.limit else ""
    mark, style = _sign(page, peak)
    page.write(
        (f"{peak.key}: ", ""),
        (f"{peak.peak:,}{limit}", "bold" if peak.is_over else ""),
        (f" in {span(peak.window_s)}" + (f", busiest from {peak.at}" if peak.at else ""), ""),
        first=(mark, style),
        indent=_INDENT + 2,
    )
    if peak.is_over and peak.breach_at:
        which = f", with message {peak.breach_message:,}" if peak.breach_message else ""
        page.write((f"first over the limit on {peak.breach_at}{which}", "dim"), indent=_INDENT + 2)
    if peak.is_over and peak.remedy:
        until = f", until {peak.remedy_ends_at}" if peak.remedy_ends_at else ""
        page.write((f"a steady {peak.remedy} keeps the limit{until}", ""), indent=_INDENT + 2)
    if peak.source:
        page.write((f"limit from: {peak.source}", "dim"), indent=_INDENT + 2)
