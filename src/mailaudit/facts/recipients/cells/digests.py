"""Digests of addresses, as suppression lists have them in place of the addresses."""

import re
from base64 import urlsafe_b64decode

# In hexadecimal digits, or in base64 (RFC 4648), where its padding is missing only if it is long enough to be no word.
_DIGEST = re.compile(r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})\Z")
_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/_-]{22}==|[A-Za-z0-9+/_-]{27}=|[A-Za-z0-9+/_-]{43}=?|[A-Za-z0-9+/_-]{86}(?:==)?)\Z"
)
# How programs and databases say what the digits are.
_BEFORE_DIGEST = re.compile(r"\A(?:0x|\\x|(?:md5|sha-?(?:1|256|512))[:=])\s*", re.IGNORECASE)


def digest_in(cell: str) -> str | None:
    """Return the MD5, SHA-1, SHA-256 or SHA-512 digest in a cell, in small hexadecimal digits, or nothing."""
    text = _BEFORE_DIGEST.sub("", cell.strip(), count=1)
    if _DIGEST.match(text):
        return text.lower()
    plain = text.replace("+", "-").replace("/", "_")
    return urlsafe_b64decode(plain + "=" * (-len(text) % 4)).hex() if _BASE64.match(text) else None


def holds_digest(cell: str) -> bool:
    """Say whether a cell is a digest."""
    return digest_in(cell) is not None
