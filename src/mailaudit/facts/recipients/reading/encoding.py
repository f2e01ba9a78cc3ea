"""Tells which legacy encoding a list is written in, where the names of its columns prove it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from mailaudit.knowledge.load import entries
from mailaudit.knowledge.types.list_columns import ListColumnsFile

# What a file that is no UTF-8 may be written in: of those that make the same words of a header the first one counts,
# unless the detector knows better.
ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "mac_roman", "cp932", "gb18030", "big5", "cp949", "euc_jp", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "iso8859_2", "koi8_r", "koi8_u", "cp866", "cp850", "mac_cyrillic",
)  # fmt: skip
_SCRIPTS = {"CYRILLIC", "GREEK", "HEBREW", "ARABIC", "HIRAGANA", "KATAKANA", "CJK", "HANGUL"}
_EAST_ASIAN = {"HIRAGANA", "KATAKANA", "CJK", "HANGUL"}
_PROOF = 3
_WORD = re.compile(r"[^\W\d_]+")


def proven_encoding(head: bytes, wanted: Iterable[str] = ()) -> str | None:
    """Return the encoding that the first bytes of a file prove, which are no UTF-8; nothing when nothing does.

    The names of the columns prove it when they are words that exports use, or the `wanted` names that the campaign gives,
    or when all of them are written in one script that is not Latin.
    """
    names = next((line for line in head.splitlines()[:3] if line and not line.isascii()), b"")
    read = {encoding: text for encoding in ENCODINGS if (text := _decoded(names, encoding)) is not None}
    words = set(entries(ListColumnsFile).foreign.split())
    words.update(word for name in wanted for word in _WORD.findall(name.casefold()) if not word.isascii())
    known = {encoding: len(words & set(_WORD.findall(text.casefold()))) for encoding, text in read.items()}
    best = max(known.values(), default=0)
    if best:
        found = [encoding for encoding in read if known[encoding] == best]
        return found[0] if len(found) == 1 or found[0] == "cp1252" else _detected(head, found)
    scripts = [encoding for encoding, text in read.items() if _is_one_script(text)]
    return _detected(head, scripts) if scripts else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _detected(head: bytes, encodings: Sequence[str]) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - needed only for old encodings

    found = from_bytes(head[: 1 << 16], cp_isolation=list(encodings), enable_fallback=False).best()
    return found.encoding if found and found.encoding in encodings else encodings[0]


def _is_one_script(text: str) -> bool:
    """Say whether all names that are not ASCII are written in one script, which is not Latin."""
    foreign = [word for word in _WORD.findall(text) if not word.isascii()]
    found = {
        unicodedata.name(letter, "?").split()[0].partition("-")[0]
        for word in foreign
        for letter in word
        if letter.isalpha()
    }
    is_one = len(found) == 1 or found <= _EAST_ASIAN
    return bool(found) and found <= _SCRIPTS and is_one and sum(map(len, foreign)) >= _PROOF
