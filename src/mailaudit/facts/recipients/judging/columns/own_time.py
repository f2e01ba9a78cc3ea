"""What a cell says of the time zone in which a person lives: a zone, an offset, a country or a language."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.reading.columns import header_key

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
# Where most people of a country live, and what the country is called; of a language, the country with most of its readers.
_COUNTRIES = """
fr Europe/Paris france frankreich francia|de Europe/Berlin germany deutschland allemagne alemania germania
gb Europe/London uk unitedkingdom greatbritain england royaumeuni|ie Europe/Dublin ireland irland irlande
es Europe/Madrid spain spanien espagne espana spagna|it Europe/Rome italy italien italie italia
pt Europe/Lisbon portugal|be Europe/Brussels belgium belgique belgien
nl Europe/Amsterdam netherlands niederlande paysbas nederland|lu Europe/Luxembourg luxembourg luxemburg
ch Europe/Zurich switzerland schweiz suisse svizzera|at Europe/Vienna austria osterreich autriche
dk Europe/Copenhagen denmark danmark|se Europe/Stockholm sweden sverige schweden suede
no Europe/Oslo norway norge norwegen|fi Europe/Helsinki finland suomi|pl Europe/Warsaw poland polska polen pologne
cz Europe/Prague czechia czechrepublic tschechien|sk Europe/Bratislava slovakia|hu Europe/Budapest hungary ungarn
ro Europe/Bucharest romania|bg Europe/Sofia bulgaria|gr Europe/Athens greece griechenland grece
tr Europe/Istanbul turkey turkiye turkei|ua Europe/Kyiv ukraine|il Asia/Jerusalem israel
ma Africa/Casablanca morocco maroc|dz Africa/Algiers algeria algerie|tn Africa/Tunis tunisia tunisie
sn Africa/Dakar senegal|ci Africa/Abidjan cotedivoire|za Africa/Johannesburg southafrica|eg Africa/Cairo egypt
ae Asia/Dubai unitedarabemirates|in Asia/Kolkata india indien inde|sg Asia/Singapore singapore
jp Asia/Tokyo japan japon|kr Asia/Seoul southkorea korea|cn Asia/Shanghai china|nz Pacific/Auckland newzealand
au Australia/Sydney australia|us America/New_York usa unitedstates unitedstatesofamerica etatsunis
ca America/Toronto canada kanada|mx America/Mexico_City mexico mexique|br America/Sao_Paulo brazil brasil
ar America/Argentina/Buenos_Aires argentina|cl America/Santiago chile|co America/Bogota colombia|pe America/Lima peru
re Indian/Reunion reunion lareunion|gp America/Guadeloupe guadeloupe|mq America/Martinique martinique
gf America/Cayenne guyane|nc Pacific/Noumea nouvellecaledonie
"""
_LANGUAGES = {
    "fr": "fr", "de": "de", "es": "es", "it": "it", "pt": "pt", "nl": "nl", "da": "dk", "sv": "se", "nb": "no", "no": "no",
    "fi": "fi", "pl": "pl", "cs": "cz", "sk": "sk", "hu": "hu", "ro": "ro", "bg": "bg", "el": "gr", "tr": "tr", "uk": "ua",
    "he": "il", "ja": "jp", "ko": "kr", "zh": "cn",
}  # fmt: skip


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
    language, _, region = text.lower().replace("_", "-").partition("-")
    if region or is_language:
        country = region if region in _countries() else _LANGUAGES.get(language)
        return _countries().get(country or "")
    return _countries().get(key)


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


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _COUNTRIES.replace("\n", "|").split("|"):
        code, *rest = entry.split() or [""]
        if rest:
            found |= dict.fromkeys((code, *rest[1:]), rest[0])
    return found
