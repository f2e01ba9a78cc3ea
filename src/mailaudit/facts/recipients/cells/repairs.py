"""Cells that hold one address and something around or inside it that is none of it, and what they plainly mean."""

import re
import unicodedata
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

MAX_CELL = 1_000
# Signs that look like an @ or a dot, in the forms of East Asian keyboards (Unicode: halfwidth and fullwidth forms).
_WIDE = {"\uff20": "@", "\ufe6b": "@", "\uff0e": ".", "\u3002": ".", "\uff61": "."}
_PREFIX = re.compile(r"(?:mailto|rfc822|smtp|e-?mail)\s*[:;]\s*", re.IGNORECASE)
_AT_IN_WORDS = re.compile(r"\s*[(\[{]\s*(?:at|@|arobase|ät)\s*[)\]}]\s*", re.IGNORECASE)
_QUOTES = "\"'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
_AROUND = f"{_QUOTES}<>()[]{{}},;:!.\\/|\u2026 \t\r\n"
_BLANKS_AT = re.compile(r"\s*@\s*")
_UNUSUAL = re.compile(r"[^ -~\t\r\n]")
_QUERY = re.compile(r"\?(?:subject|body|cc|bcc)=.*\Z", re.IGNORECASE | re.DOTALL)
_NAMES = {
    "\u200b": "zero width space", "\u200c": "zero width non-joiner", "\u200d": "zero width joiner",
    "\ufeff": "byte order mark",
    "\u00ad": "soft hyphen", "\u2060": "word joiner", "\u00a0": "non-breaking space", "\u202f": "narrow non-breaking space",
    "\u200e": "left-to-right mark", "\u200f": "right-to-left mark",
}  # fmt: skip


def is_invisible(char: str) -> bool:
    """Say whether a character cannot be seen: format and control characters, but for line breaks and tabs."""
    return unicodedata.category(char) in {"Cf", "Cc"} and char not in "\t\r\n"


def odd_sign(text: str) -> str | None:
    """Return what is wrong with a cell that looks right, or has a sign around it that is no part of an address."""
    for char in _UNUSUAL.findall(text[:MAX_CELL]):
        if is_invisible(char):
            return f"an invisible character ({_called(char)})"
        if char in _WIDE:
            sign = "an @ sign" if _WIDE[char] == "@" else "a dot"
            return f"{sign} of full width (U+{ord(char):04X})"
        if unicodedata.category(char) == "Zs":
            return f"a blank that is no plain space ({_called(char)})"
    if _PREFIX.match(text):
        return f"`{text.partition(':')[0].partition(';')[0].strip().lower()}:` in front of the address"
    if _AT_IN_WORDS.search(text):
        return "a word in place of the @ sign"
    return None


def signs_around(text: str) -> str | None:
    """Return which signs stand behind or around a text that would be an address without them."""
    bare = text.rstrip(".,;:!")
    if bare != text and is_address(bare):
        return f"`{text[len(bare) :]}` behind the address"
    bare = text.strip(_AROUND.replace(".", ""))
    return f"`{text.replace(bare, '', 1)}` beside the address" if bare != text and is_address(bare) else None


def repaired(cell: str) -> str | None:
    """Return the address that a cell plainly means, or nothing when it means none, or is one already."""
    text = cell[:MAX_CELL].strip()
    if len(cell) > MAX_CELL or is_address(text):
        return None
    plain = "".join(_WIDE.get(char, " " if unicodedata.category(char) == "Zs" else char) for char in text)
    plain = "".join(char for char in plain if not is_invisible(char)).strip(_AROUND)
    if plain.lower().startswith("mailto:"):  # a part of a URI (RFC 6068)
        plain = unquote(plain)
    plain = _QUERY.sub("", _PREFIX.sub("", plain, count=1)).strip(_AROUND)
    plain = _BLANKS_AT.sub("@", _AT_IN_WORDS.sub("@", plain))
    local, at, domain = plain.rpartition("@")
    if not at or "@" in local.rstrip("@"):
        return None
    meant = f"{local.rstrip('@')}@{re.sub(r'[.,]+', '.', domain)}"
    return meant if is_address(meant) else None


def is_address(text: str) -> bool:
    """Say whether a text is one address, and nothing else."""
    try:
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def _called(char: str) -> str:
    name = _NAMES.get(char) or unicodedata.name(char, "control character").lower()
    return f"{name}, U+{ord(char):04X}"
