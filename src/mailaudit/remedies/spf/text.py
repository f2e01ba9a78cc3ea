"""An SPF record as its writer meant it, term by term out of the text that is published."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from mailaudit.facts.sender.lookalikes import ZONE_LINE
from mailaudit.facts.sender.spf.record import parse, select
from mailaudit.remedies.spf.slips import is_plain, is_valid, meant

_BORDER = "\ue000"
_VERSION = re.compile(
    # A number belongs to the version only where it cannot begin an address, and a sign only in front of such a number.
    ZONE_LINE
    + r"[\W_]*(?:v\s*[=:.]?\s*)?spf(?:\s*[-=:.]?\s*v?\s*(?:[12](?!\d|\.\d+\.)|l(?!\w))(?:\.[01](?![\d.]))?)?"
    # The scopes of Sender ID (RFC 4406, section 3.1).
    + r"(?:/(?:mfrom|pra)(?:,(?:mfrom|pra))*)?[\s;,.:\ue000]*",
    re.IGNORECASE,
)
_SIGNS = str.maketrans({
    **dict.fromkeys("\t\r\n\v\f\u0085\u00a0\u1680\u202f\u205f\u3000", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", ""),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys("\u223c\u02dc\uff5e", "~"),
    **dict.fromkeys("\uff1a\ua789\u2236", ":"),
    **dict.fromkeys("\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u00b4", " "),
})  # fmt: skip
_NAMES = r"(?:ipv?[46]?|include|includes|exists|a|mx|ptr)"
_BEGINS = r"(?<![\w.])(?<![\w.]-)"  # behind a sign too
_HOST = r"[\w-]+(?:\.[\w-]+)+(?![\w.:=/-])"
_LISTED = re.compile(
    # Hosts behind one keyword, with signs between them.
    rf"(?<![\w.-])(include|a|mx)[:=]([\w.-]+(?:\s*[,;|]\s*{_HOST})+)",
    re.IGNORECASE,
)
_JOINTS = (
    (re.compile(r"&(?:nbsp|#160|#x[aA]0);?"), lambda _: " "),
    # An escape of zone files, a slash the wrong way round, then backslashes that mean nothing.
    (re.compile(r"\\(\d{3})"), lambda match: chr(int(match[1])) if int(match[1]) < 127 else " "),  # noqa: PLR2004 - ASCII
    (re.compile(r"(?<=\d)\\(?=\d{1,2}(?!\d))"), lambda _: "/"),
    (re.compile(r"\\"), lambda _: ""),
    (_LISTED, lambda match: " ".join(f"{match[1]}:{host.strip()}" for host in re.split(r"[,;|]", match[2]))),
    (
        re.compile(
            rf"(?<![\w.-])(?:(includes?)[\s;,]+(?={_HOST})|(ipv?4?)[\s;,]+(?=\d+(?:\.\d+){{3}}\b))", re.IGNORECASE
        ),
        lambda match: f"{match[1] or match[2]}:",
    ),
    (re.compile(r"(%\{[^}]*\})|[,;|]+"), lambda match: match[1] or " "),
    (re.compile(rf"{_BEGINS}({_NAMES})\s+(:|=)", re.IGNORECASE), lambda match: f"{match[1]}{match[2]}"),
    (
        re.compile(
            rf"{_BEGINS}((?:{_NAMES}|redirect|exp)\s*[:=])\s+(?![+\-~?]|{_NAMES}[\s:=]|redirect|exp=|all\b)",
            re.IGNORECASE,
        ),
        lambda match: match[1].replace(" ", ""),
    ),
    (re.compile(r"(?<!\S)([\-~?+])\s+(?=(?:all|include:|ip[46]:|mx|a)\b)", re.IGNORECASE), lambda match: match[1]),
    (re.compile(r"(?<=[\w.])\s*(/)\s+(?=\d)|(?<=\d)\s+(/)(?=\d)"), lambda _: "/"),
)
_LONGEST = 4096
_FULL_STRING = 250  # what cuts records automatically fills a string to 255 octets


class SpfText(Struct, frozen=True):
    """The terms of a record in their order; `slips` pairs what stands there with what was meant.

    With a `question` a term cannot be understood, and nothing must be made of the record.
    """

    terms: tuple[str, ...]
    slips: tuple[tuple[str, str], ...] = ()
    question: str | None = None

    @property
    def ending(self) -> str | None:
        """The first `all`, as written."""
        return next((term for term in self.terms if is_all(term)), None)

    @property
    def text(self) -> str:
        """The record."""
        return " ".join(("v=spf1", *self.terms))


def is_all(term: str) -> bool:
    """Say whether a term is `all` with any sign."""
    return term.lower().lstrip("+-~?") == "all"


def read(strings: Sequence[bytes]) -> SpfText:
    """Return a record, or what was meant as one, out of the strings of its TXT record."""
    whole = b"".join(strings)
    is_read = select([whole]) and not parse(whole).errors and not _LISTED.search(whole.decode("ascii", "replace"))
    if is_read and not _is_cut_wrongly(strings):
        return _understood(whole[6:].decode("ascii").split(), ())
    if len(whole) > _LONGEST:
        return SpfText((), question="anything: it is longer than any record that works")
    return _understood(*_words(strings))


def _understood(words: Iterable[str], slips: tuple[tuple[str, str], ...]) -> SpfText:
    terms: list[str] = []
    told = list(slips)
    for word in words:
        found = meant(word)
        if found is None:
            return SpfText(tuple(terms), tuple(told), f"what “{word}” in it is to mean")
        if found != (word,):
            told.append((word, " ".join(found)))
        terms.extend(found)
    kept = tuple(dict.fromkeys(terms))
    for name in ("redirect", "exp"):
        if sum(term.lower().startswith(f"{name}=") for term in kept) > 1:
            return SpfText(kept, tuple(told), f"which {name}= is meant")
    return SpfText(kept, tuple(told))


def _words(strings: Sequence[bytes]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    text = re.sub(r"\\(?=\s)", "", _joined(strings))
    version = _VERSION.match(text)
    rest = text[version.end() :] if version else text
    mended = rest.translate(_SIGNS)
    for pattern, replacement in _JOINTS:
        mended = pattern.sub(replacement, mended)
    words: list[str] = []
    for word in mended.split():
        words.extend(_at_borders(word, strings) if _BORDER in word else (word,))
    shown = " ".join(rest.replace(_BORDER, "").split())
    changed = () if shown == " ".join(words) else ((shown, " ".join(words)),)
    return words, changed if len(shown) < 120 else ()  # noqa: PLR2004 - longer would be the whole record


def _joined(strings: Sequence[bytes]) -> str:
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            return _BORDER.join(part.decode(encoding) for part in strings)
        except UnicodeDecodeError:
            continue
    return ""


def _at_borders(word: str, strings: Sequence[bytes]) -> tuple[str, ...]:
    """Return the terms of a word that runs over the border between two strings: one term, or two glued ones."""
    joined = word.replace(_BORDER, "")
    parts = [part for part in word.split(_BORDER) if part]
    are_terms = all(meant(part) is not None for part in parts)
    if are_terms and (not is_valid(joined) or _is_cut_by_hand(strings)) and all(is_valid(part) for part in parts):
        return tuple(parts)
    if is_plain(joined):
        return (joined,)
    return tuple(parts) if are_terms else (joined,)


def _is_cut_by_hand(strings: Sequence[bytes]) -> bool:
    return any(len(part) < _FULL_STRING for part in strings[:-1])


def _is_cut_wrongly(strings: Sequence[bytes]) -> bool:
    if len(strings) < 2 or not _is_cut_by_hand(strings):  # noqa: PLR2004 - a border needs two
        return False
    borders = pairwise(strings)
    return any(left[-1:].strip() and right[:1].strip() for left, right in borders)
