"""Records of `tag=value` pairs as their writer meant them (DMARC, DKIM, MTA-STS, TLS-RPT, BIMI)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from mailaudit.facts.sender.lookalikes import ZONE_LINE
from mailaudit.remedies.draft import Undecided

_SIGNS = str.maketrans({
    **dict.fromkeys("\t\r\n\v\f\u00a0\u2002\u2003\u2009\u202f\u3000", " "),
    **dict.fromkeys("\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u200b\u200e\ufeff\u00ad", ""),
    **dict.fromkeys("\uff1b\u037e", ";"),
    "\uff1d": "=",
})  # fmt: skip
_LONGEST = 4096
_SCHEMES = {"mailto", "http", "https"}
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*[=:]\s*(.*?)\s*", re.DOTALL)


class TagText(Struct, frozen=True):
    """A version, and the tags behind it in their order, names in lower case and each once."""

    version: str
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The record."""
        return "; ".join((f"v={self.version}", *(f"{name}={value}" for name, value in self.tags)))

    def value(self, name: str) -> str | None:
        """Return the value of a tag."""
        return next((value for known, value in self.tags if known == name), None)

    def having(self, name: str, value: str | None) -> TagText:
        """Return the record with a tag set where it stood, else at the end; without it when the value is missing."""
        if value is None:
            return TagText(self.version, tuple(tag for tag in self.tags if tag[0] != name))
        if self.value(name) is not None:
            return TagText(
                self.version, tuple((known, value if known == name else old) for known, old in self.tags)
            )
        return TagText(self.version, (*self.tags, (name, value)))


def read_tags(text: bytes, version: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the tags of a text that was meant for a version; raises `Undecided` for what is no tag.

    `names` are the tags of that kind of record: where separators are missing, each begins a new tag.
    """
    if len(text) > _LONGEST:
        raise Undecided("the record is longer than any that works")
    rest = _after_version(_plain(text), version)
    for name in sorted(names, key=len, reverse=True):
        # A tag begins after a separator of any kind; an address or a URI holds none of these before a name and `=`.
        rest = re.sub(rf"(?:^|[\s;,|]+)({name})\s*=", r";\1=", rest, flags=re.IGNORECASE)
    found: list[tuple[str, str]] = []
    for part in rest.split(";"):
        stripped = part.strip(" ,|")
        if not stripped:
            continue
        match = _TAG.fullmatch(stripped)
        if not match:
            raise Undecided(f"the record does not tell what “{stripped[:40]}” in it is to mean")
        name, value = match[1].lower(), match[2]
        if name in _SCHEMES and found:  # a further address, behind the wrong separator
            found[-1] = (found[-1][0], f"{found[-1][1]},{stripped}")
        elif name != "v":
            found.append((name, value))
    return found


def _plain(text: bytes) -> str:
    try:
        shown = text.decode("utf-8")
    except UnicodeDecodeError:
        shown = text.decode("cp1252", "replace")
    shown = re.sub(r"&(?:nbsp|#160|#x[aA]0);?", " ", shown)
    return re.sub(r"\\(?=[;\"\s])|\\$", "", shown).translate(_SIGNS)


def _after_version(text: str, version: str) -> str:
    word = version.rstrip("1")
    match = re.match(
        rf"{ZONE_LINE}\W*(?:v\s*[=:]?\s*)?{word}\s*\d?(?![0-9A-Za-z]*\s*=)", text, re.IGNORECASE
    ) or re.match(rf"{ZONE_LINE}\W*(?:v\s*[=:]?\s*)?{word}\d", text, re.IGNORECASE)
    if match:
        return text[match.end() :].lstrip(" .,:")
    # The version may stand later, or not at all.
    return re.sub(rf"(?:^|[;,\s])\s*v\s*=\s*{word}1?\s*(?=;|,|\s|$)", ";", text, flags=re.IGNORECASE)
