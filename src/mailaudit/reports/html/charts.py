"""Small pictures drawn by hand as SVG; each has a title, a description, and its numbers as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from mailaudit.reports.text import clip, plain

_WIDTH = 680
_ROW = 30
_LABEL = 230
_VALUE = 130
_PLOT = _WIDTH - _LABEL - _VALUE
_LABEL_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length as a fraction of the plot, its number as text, and whether it is alarming."""

    label: str
    fraction: float
    value: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a stacked bar; `tone` is a number that picks its colour."""

    label: str
    fraction: float
    tone: int


def bars(name: str, title: str, description: str, rows: Sequence[Bar], limit_at: float | None = None) -> Markup:
    """Return horizontal bars; `limit_at` draws a limit line at that fraction of the plot."""
    top = 22 if limit_at is not None else 0
    parts = [_bar(row, top + place * _ROW, limit_at) for place, row in enumerate(rows)]
    height = top + len(rows) * _ROW
    if limit_at is not None:
        x = _LABEL + limit_at * _PLOT
        parts.append(Markup('<line class="limit" x1="{0:.1f}" x2="{0:.1f}" y1="16" y2="{1}"/>').format(x, height))
        parts.append(
            Markup('<text class="limit-label" x="{:.1f}" y="11" text-anchor="middle">limit</text>').format(x)
        )
    return _picture(name, title, description, height, Markup().join(parts))


def stack(name: str, title: str, description: str, slices: Sequence[Slice]) -> Markup:
    """Return one bar made of parts."""
    parts, x = [], 0.0
    for piece in slices:
        width = piece.fraction * _WIDTH
        parts.append(
            Markup(
                '<rect class="tone-{}" x="{:.1f}" y="2" width="{:.1f}" height="26"><title>{}</title></rect>'
            ).format(piece.tone, x, max(width, 1.0), plain(piece.label))
        )
        x += width
    return _picture(name, title, description, _ROW, Markup().join(parts))


def _bar(row: Bar, y: float, limit_at: float | None) -> Markup:
    length = max(min(row.fraction, 1.0) * _PLOT, 1.0 if row.fraction > 0 else 0.0)
    within = length if limit_at is None else min(length, limit_at * _PLOT)
    shapes = [
        Markup('<text class="bar-label" x="0" y="{}">{}</text>').format(
            y + 19, clip(plain(row.label), _LABEL_LETTERS)
        ),
        Markup('<rect class="bar" x="{}" y="{}" width="{:.1f}" height="16"/>').format(_LABEL, y + 7, within),
    ]
    if length > within:
        shapes.append(
            Markup('<rect class="bar over" x="{:.1f}" y="{}" width="{:.1f}" height="16"/>').format(
                _LABEL + within, y + 7, length - within
            )
        )
    kind = "bar-value bad" if row.is_bad else "bar-value"
    shapes.append(
        Markup('<text class="{}" x="{:.1f}" y="{}">{}</text>').format(
            kind, _LABEL + length + 8, y + 19, plain(row.value)
        )
    )
    return Markup().join(shapes)


def _picture(name: str, title: str, description: str, height: float, shapes: Markup) -> Markup:
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {width} {height:.0f}" aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{description}</desc>{shapes}</svg>'
    ).format(
        width=_WIDTH,
        height=height,
        name=escape(name),
        title=plain(title),
        description=plain(description),
        shapes=shapes,
    )
