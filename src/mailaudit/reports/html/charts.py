"""Small pictures drawn by hand as SVG; each has a title, a description, and its numbers as text."""

from collections.abc import Sequence

from markupsafe import Markup, escape
from msgspec import Struct

from mailaudit.language.spoken import said, word
from mailaudit.reports.safe_text import clip, plain

_WIDTH = 680
_ROW = 30
_LABEL = 230
_VALUE = 130
_PLOT = _WIDTH - _LABEL - _VALUE
_LABEL_LETTERS = 32
_HEIGHT = 160
_GAP_FROM = 4
_BRANCH = 24
_INDENT = 22


class Bar(Struct, frozen=True):
    """One bar: its name, its length as a fraction of the plot, its number as text, and whether it is surely alarming."""

    label: str
    fraction: float
    value: str
    is_bad: bool = False


class Slice(Struct, frozen=True):
    """One part of a stacked bar; `tone` is a number that picks its colour."""

    label: str
    fraction: float
    tone: int


class Branch(Struct, frozen=True):
    """One row of a tree: how deep it stands, its name and its number as text."""

    depth: int
    label: str
    value: str
    is_bad: bool = False


def bars(name: str, title: str, description: str, rows: Sequence[Bar], limit_at: float | None = None) -> Markup:
    """Return horizontal bars; `limit_at` draws a limit line at that fraction of the plot."""
    top = 22 if limit_at is not None else 0
    parts = [_bar(row, top + place * _ROW, limit_at) for place, row in enumerate(rows)]
    height = top + len(rows) * _ROW
    if limit_at is not None:
        x = _LABEL + limit_at * _PLOT
        parts.append(Markup('<line class="limit" x1="{0:.1f}" x2="{0:.1f}" y1="16" y2="{1}"/>').format(x, height))
        parts.append(
            Markup('<text class="limit-label" x="{:.1f}" y="11" text-anchor="middle">{}</text>').format(
                x, _shown(word("limit"))
            )
        )
    return _picture(name, title, description, height, Markup().join(parts))


def timeline(name: str, title: str, description: str, values: Sequence[int], limit: int | None) -> Markup:
    """Return columns over time with a limit line; what is above it is alarming."""
    highest = max(*values, limit or 0, 1) * 1.1
    width = _WIDTH / len(values)
    shapes = []
    for place, value in enumerate(values):
        within = min(value, limit) if limit else value
        shapes.append(_column(place * width, width, 0, within / highest, "area"))
        if value > within:
            shapes.append(_column(place * width, width, within / highest, value / highest, "area over"))
    if limit:
        y = _HEIGHT * (1 - limit / highest)
        shapes.append(Markup('<line class="limit" x1="0" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(_WIDTH, y, y))
        shapes.append(
            Markup('<text class="limit-label" x="4" y="{:.1f}">{}</text>').format(
                y - 4, _shown(f"limit {limit:,}")
            )
        )
    shapes.append(Markup('<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/>').format(_WIDTH, _HEIGHT, _HEIGHT))
    return _picture(name, title, description, _HEIGHT + 2, Markup().join(shapes))


def tree(name: str, title: str, description: str, rows: Sequence[Branch]) -> Markup:
    """Return an indented tree, a number at the end of each row."""
    shapes = []
    for place, row in enumerate(rows):
        x, y = row.depth * _INDENT, place * _BRANCH
        if row.depth:
            corner = Markup('<path class="branch" d="M{0:.1f} {1}V{2}H{3:.1f}"/>')
            shapes.append(corner.format(x - _INDENT / 2, y - 6, y + 13, x - 3))
        label = clip(_shown(row.label), max(20, 84 - 3 * row.depth))
        shapes.append(Markup('<text x="{}" y="{}">{}</text>').format(x, y + 17, label))
        kind = "bar-value bad" if row.is_bad else "bar-value"
        number = Markup('<text class="{}" x="{}" y="{}" text-anchor="end">{}</text>')
        shapes.append(number.format(kind, _WIDTH, y + 17, _shown(row.value)))
    return _picture(name, title, description, len(rows) * _BRANCH, Markup().join(shapes))


def stack(name: str, title: str, description: str, slices: Sequence[Slice]) -> Markup:
    """Return one bar made of parts."""
    parts, x = [], 0.0
    for piece in slices:
        width = piece.fraction * _WIDTH
        parts.append(
            Markup(
                '<rect class="tone-{}" x="{:.1f}" y="2" width="{:.1f}" height="26"><title>{}</title></rect>'
            ).format(piece.tone, x, max(width, 1.0), _shown(piece.label))
        )
        x += width
    return _picture(name, title, description, _ROW, Markup().join(parts))


def portions(name: str, title: str, description: str, parts: Sequence[tuple[str, str, float]]) -> Markup:
    """Return one bar as wide as the page; each part has a class, a label and a fraction."""
    shapes, x = [], 0.0
    for kind, label, fraction in parts:
        shapes.append(
            Markup('<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="{}"><title>{}</title></rect>').format(
                kind, x, max(fraction * _WIDTH - 1, 0.5), _ROW, _shown(label)
            )
        )
        x += fraction * _WIDTH
    return _picture(name, title, description, _ROW, Markup().join(shapes), kind="portions")


def _column(x: float, width: float, bottom: float, top: float, kind: str) -> Markup:
    height = (top - bottom) * _HEIGHT
    return Markup('<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>').format(
        kind, x, _HEIGHT * (1 - top), max(width - (0.6 if width > _GAP_FROM else 0), 0.5), height
    )


def _bar(row: Bar, y: float, limit_at: float | None) -> Markup:
    length = max(min(row.fraction, 1.0) * _PLOT, 1.0 if row.fraction > 0 else 0.0)
    within = length if limit_at is None else min(length, limit_at * _PLOT)
    shapes = [
        Markup('<text class="bar-label" x="0" y="{}">{}</text>').format(
            y + 19, clip(_shown(row.label), _LABEL_LETTERS)
        ),
        Markup('<rect class="bar" x="{}" y="{}" width="{:.1f}" height="16"/>').format(_LABEL, y + 7, within),
    ]
    if length > within:
        shapes.append(
            Markup('<rect class="bar {}" x="{:.1f}" y="{}" width="{:.1f}" height="16"/>').format(
                "over" if row.is_bad else "doubtful", _LABEL + within, y + 7, length - within
            )
        )
    kind = "bar-value bad" if row.is_bad else "bar-value"
    shapes.append(
        Markup('<text class="{}" x="{:.1f}" y="{}">{}</text>').format(
            kind, _LABEL + length + 8, y + 19, _shown(row.value)
        )
    )
    return Markup().join(shapes)


def _picture(
    name: str, title: str, description: str, height: float, shapes: Markup, *, kind: str = "chart"
) -> Markup:
    return Markup(
        '<svg class="{kind}" role="img" viewBox="0 0 {width} {height:.0f}" preserveAspectRatio="{aspect}" '
        'aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{description}</desc>{shapes}</svg>'
    ).format(
        kind=kind,
        aspect="none" if kind == "portions" else "xMidYMid",
        width=_WIDTH,
        height=height,
        name=escape(name),
        title=_shown(title),
        description=_shown(description),
        shapes=shapes,
    )


def _shown(text: str) -> str:
    """Return a text of a picture in the language that is spoken, made harmless."""
    return plain(said(text))
