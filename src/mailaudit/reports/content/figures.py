"""The numbers of the list and of the send that every format shows, read from the facts of a document."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

from mailaudit.language.spoken import form, said, word
from mailaudit.reports.content import moments, words
from mailaudit.reports.document.types import Document
from mailaudit.wording import numbered

REST = frozenset({"other", "unknown"})
_LIST = (
    ("unique", "unique address", "unique addresses"),
    ("duplicates", word("duplicate"), word("duplicates")),
    ("invalid", "invalid address", "invalid addresses"),
    ("unreadable", "unreadable row", "unreadable rows"),
    ("missing", "row without an address", "rows without an address"),
)
_AMONG = (
    ("suppressed", "must not be mailed", "must not be mailed"),
    ("opted_out", "said no, by the list itself", "said no, by the list itself"),
    ("undeliverable_domain", "at a domain that receives no mail", "at domains that receive no mail"),
    ("typo", "at a misspelt domain", "at misspelt domains"),
    ("disposable", "disposable address", "disposable addresses"),
    ("role", "role address", "role addresses"),
)


class Part(Struct, frozen=True):
    """One part of a whole: its key and name in the facts, how many, and which fraction of the whole."""

    key: str
    label: str
    count: int
    share: float

    @property
    def told(self) -> str:
        """The part in words: `duplicates: 210 (3.3 %)`."""
        return f"{self.label}: {self.count:,} ({words.share(self.share)})"


class ListFigures(Struct, frozen=True):
    """What the recipient list is made of; `parts` add up to `rows`, `among` overlap.

    `columns` says which columns were read as what, where more than that of the addresses was.
    """

    rows: int
    domains: int
    parts: tuple[Part, ...]
    among: tuple[Part, ...]
    providers: tuple[Part, ...]
    columns: str = ""


class Peak(Struct, frozen=True):
    """The busiest window of one scope beside its limit."""

    scope: str
    key: str
    window_s: int
    peak: int
    at: str
    limit: int | None
    source: str
    breach_at: str | None
    breach_message: int | None
    is_sure: bool
    remedy: str | None
    remedy_ends_at: str | None

    @property
    def is_over(self) -> bool:
        """Whether the peak is above the limit."""
        return self.limit is not None and self.peak > self.limit

    @property
    def told(self) -> str:
        """The window in words."""
        return f"{self.key}: {self.peak:,} of {self.limit or 0:,} allowed in {span(self.window_s)}"


class Series(Struct, frozen=True):
    """How full the window of one limit is over time, one value for each step of `step_s` seconds."""

    key: str
    window_s: int
    limit: int | None
    starts_at: str | None
    step_s: float
    values: tuple[int, ...]


class VolumeFigures(Struct, frozen=True):
    """How the mail is spread over time."""

    messages: int
    when: str
    peaks: tuple[Peak, ...]
    series: Series | None
    not_projected: str | None
    recommended: str | None = None


def list_figures(document: Document) -> ListFigures | None:
    """Return the composition of the list and its providers, the largest first; nothing without a list."""
    facts = document.facts.recipients
    rows = _int(facts or {}, "rows")
    if facts is None or not rows:
        return None
    providers = [
        Part(
            str(entry.get("provider", "")),
            words.provider(str(entry.get("provider", "")), document),
            _int(entry, "recipients"),
            _float(entry, "share"),
        )
        for entry in _objects(facts, "providers")
    ]
    return ListFigures(
        rows=rows,
        domains=_int(facts, "domains"),
        parts=_parts(facts, _LIST, rows),
        among=_parts(facts, _AMONG, _int(facts, "unique") or rows),
        providers=tuple(sorted(providers, key=lambda part: (part.key in REST, -part.count, part.key))),
        columns=_columns(_objects(facts, "columns")),
    )


_READ_AS = {
    "address": "addresses from {columns}",
    "refusal": "refusals from {columns}",
    "agreement": "agreements from {columns}",
    "status": "who may be mailed from {columns}",
    "consent": "consent from {columns}",
    "last activity": "the last activity from {columns}",
}
_COLUMNS_AT_MOST = 6


def _columns(entries: Iterable[Mapping[str, Any]]) -> str:
    """Return in one line what was read from which column, and which other columns hold addresses."""
    uses: dict[str, dict[str, str]] = {}
    for entry in entries:
        column, note = str(entry.get("column", "")), str(entry.get("note") or "")
        uses.setdefault(str(entry.get("read_as", "")), {}).setdefault(column, f" ({note})" if note else "")
    others = list(uses.pop("another address", {}))[:_COLUMNS_AT_MOST]
    if not others and uses.keys() <= {"address"}:
        return ""
    told = [
        _READ_AS[use].format(
            columns=words.listed([name + note for name, note in list(names.items())[:_COLUMNS_AT_MOST]])
        )
        for use, names in uses.items()
        if use in _READ_AS
    ]
    more = f"; {words.listed(others)} also {'holds' if len(others) == 1 else 'hold'} addresses" if others else ""
    return f"Read: {', '.join(told)}{more}."


# A dry run leaves out the network: the true run can be slower, and is never faster.
_RECORDED = "as the dry run recorded them: as fast as your software went here, the network excluded"


def volume_figures(document: Document) -> VolumeFigures | None:
    """Return the busiest windows, the most overrun first; nothing without a schedule."""
    facts = document.facts.volume
    if facts is None or not _int(facts, "messages"):
        return None
    peaks = [
        Peak(
            scope=str(entry.get("scope", "")),
            key=_key(entry, document),
            window_s=_int(entry, "window_s"),
            peak=_int(entry, "peak"),
            at=moments.told(entry.get("at")) or "",
            limit=_int(entry, "limit") or None,
            source=str(entry.get("limit_source") or ""),
            breach_at=moments.told(entry.get("first_breach_at")),
            breach_message=_int(entry, "first_breach_message") or None,
            is_sure=entry.get("confidence") != "low",
            remedy=_text(_object(entry, "remedy").get("rate")),
            remedy_ends_at=moments.told(_object(entry, "remedy").get("ends_at")),
        )
        for entry in _objects(facts, "peaks")
    ]
    when = moments.stretch(facts.get("starts_at"), facts.get("ends_at"))
    if document.facts.capture:
        broken = _int(document.facts.capture, "broken_lines")
        unread = f"; {numbered(broken, 'line')} of it cannot be read" if broken else ""
        when = f"{when}, {_RECORDED}{unread}" if when else f"{_RECORDED}{unread}"
    return VolumeFigures(
        messages=_int(facts, "messages"),
        when=when,
        peaks=tuple(
            sorted(
                peaks,
                key=lambda p: (
                    not (p.is_over and p.is_sure),
                    -(p.peak / p.limit) if p.limit else 0,
                    p.key,
                    p.window_s,
                ),
            )
        ),
        series=_series(facts),
        not_projected=_text(facts.get("not_projected")),
        recommended=_recommended(_object(facts, "recommended")),
    )


def _recommended(entry: Mapping[str, Any]) -> str | None:
    text, command = _text(entry.get("text")), _text(entry.get("command"))
    return f"Recommended: {text} ({command})." if text else None


def buckets(values: tuple[int, ...], most: int) -> list[int]:
    """Return at most `most` values, each the highest of its stretch, so that no peak is lost."""
    if len(values) <= most:
        return list(values)
    edges = [place * len(values) // most for place in range(most + 1)]
    return [max(values[first:last]) for first, last in pairwise(edges)]


def about(seconds: float) -> str:
    """Return a step of time in words, rounded to two figures: `about 3 min`."""
    for size in (86_400, 3_600, 60):
        if seconds >= size:
            near = round(seconds / size)
            return span(size * near) if size * near == seconds else f"about {span(size * near)}"
    return span(max(1, round(seconds)))


def span(seconds: int) -> str:
    """Return a window in words: `10 min`, `24 h`, `7 days`."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds % size == 0 and seconds >= size and (unit != "days" or seconds > size):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _parts(facts: Mapping[str, Any], names: tuple[tuple[str, str, str], ...], whole: int) -> tuple[Part, ...]:
    counted = ((key, one, many, _int(facts, key)) for key, one, many in names)
    return tuple(
        Part(key, one if count == 1 else many, count, min(1.0, count / whole))
        for key, one, many, count in counted
        if count
    )


def _key(entry: Mapping[str, Any], document: Document) -> str:
    key = str(entry.get("key", ""))
    if entry.get("scope") == "ip-provider":
        server, to, provider = key.rpartition(" to ")
        return f"{said(server)} {form('joint', 'to')} {words.provider(provider, document)}" if to else key
    return words.provider(key, document) if entry.get("scope") == "provider" else key


def _series(facts: Mapping[str, Any]) -> Series | None:
    entry = _object(facts, "series")
    values = entry.get("values")
    if not isinstance(values, list) or not values or not all(isinstance(value, int) for value in values):
        return None
    return Series(
        key=str(entry.get("key", "")),
        window_s=_int(entry, "window_s"),
        limit=_int(entry, "limit") or None,
        starts_at=moments.told(entry.get("starts_at") or facts.get("starts_at")),
        step_s=_float(entry, "step_s"),
        values=tuple(values),
    )


def _object(facts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = facts.get(key)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _objects(facts: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = facts.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _int(facts: Mapping[str, Any], key: str) -> int:
    value = facts.get(key)
    return value if isinstance(value, int) else 0


def _float(facts: Mapping[str, Any], key: str) -> float:
    value = facts.get(key)
    return float(value) if isinstance(value, int | float) else 0.0
