"""What a cell says of the time zone in which a person lives: a zone, an offset, a country or a language."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.reading.columns import header_key
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.types.list_columns import ListColumnsFile

# The names of such columns, the surest first.
HEADERS = tuple(
    map(
        header_key,
        "timezone|time zone|tz|zeitzone|fuseau horaire|fuseau|zona horaria|fuso orario|country|country code|pays|land|país|"
        "paese|language|lang|locale|langue|sprache|idioma|lingua".split("|"),
    )
)
# There are some four hundred.
MOST_ZONES = 1_000
_LONGEST = 60
_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_MOST_HOURS = 14


class ZoneColumn(Struct, frozen=True):
    """Where the cells that tell a zone stand among the further cells of a row, and whether they are languages."""

    slot: int
    is_language: bool


def is_language(header: Sequence[str], place: int) -> bool:
    """Say whether a column that `place_of` found tells languages."""
    return HEADERS.index(header_key(header[place])) >= HEADERS.index("language")


def place_of(header: Sequence[str], taken: Sequence[int]) -> int | None:
    """Return the place of the surest column that tells where people live; `taken` are places of other columns."""
    ranked = [
        (HEADERS.index(key), at)
        for at, name in enumerate(header)
        if at not in taken and (key := header_key(name)) in HEADERS
    ]
    return min(ranked)[1] if ranked else None


def zone_of_cell(cell: str, *, is_language: bool = False) -> str | None:
    """Return the zone that a cell tells, an IANA name or an offset such as `+05:30`; nothing when it tells none."""
    text = cell.strip()
    if not text or len(text) > _LONGEST:
        return None
    offset = _OFFSET.fullmatch(text)
    if offset is not None:
        return f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}" if int(offset[2]) <= _MOST_HOURS else None
    if "/" in text:
        return text if zone_named(text) is not None else None
    key = header_key(text)
    countries, languages = _zones()
    language, _, region = text.lower().replace("_", "-").partition("-")
    if region or is_language:
        return countries.get(region) or languages.get(language)
    return countries.get(key)


@cache
def zone_named(name: str) -> tzinfo | None:
    """Return the zone of a name that `zone_of_cell` gave, nothing for what is none."""
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(away if offset[1] == "+" else -away)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def zones_of(found: ListCounts, columns: Sequence[ZoneColumn | None]) -> tuple[tuple[str | None, int], ...]:
    """Return how many messages go to each zone, the largest first; nothing in the place of a zone that no cell tells."""
    counts: Counter[str | None] = Counter()
    for file, column in zip(found.files, columns, strict=True):
        cell = f"o{column.slot}" if column else "''"
        query = f"SELECT coalesce({cell}, '') AS cell, count(*) FROM mailed WHERE {file.within} GROUP BY cell"  # noqa: S608 - names of our own
        for text, count in found.work.stream(query):
            zone = zone_of_cell(text, is_language=column.is_language) if column else None
            counts[zone if len(counts) < MOST_ZONES or zone in counts else None] += count
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0] or "")))


@kept
def _zones() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the zones by the names of countries, and by languages."""
    known = entries(ListColumnsFile).countries
    names = {header_key(name): one.zone for one in known for name in (one.id, *one.names)}
    return names, {language: one.zone for one in known for language in one.languages}
