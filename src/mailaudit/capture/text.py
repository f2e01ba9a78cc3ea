"""The text of a message as far as a search for octets can see it, and the addresses that stand in it."""

import binascii
import itertools
import re

from mailaudit.facts.capture.identity import comparable

_LOOKED_AT = 262_144
_HEAD = 1_024
_CODED = re.compile(rb"transfer-encoding:\s*base64", re.IGNORECASE)
_SIGNS = (b"@", b"%40")
_BEFORE = re.compile(rb"[A-Za-z0-9._+'-]{1,64}\Z")
_AFTER = re.compile(rb"(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
_MOST_SIGNS = 50


def readable(content: bytes) -> bytes:
    """Return a message's first 256 KiB, with texts for what is base64, and no soft line ends of quoted-printable."""
    seen = content[:_LOOKED_AT]
    if b"ase64" not in seen:
        return seen.replace(b"=\r\n", b"")
    blocks = seen.split(b"\r\n\r\n")
    texts = blocks[:1]
    for above, block in itertools.pairwise(blocks):
        head = above[-_HEAD:]
        coded, mark, rest = block.partition(b"\r\n--")
        if not _CODED.search(head):
            texts.append(block)
        elif b"text/" in head.lower():
            texts += (_decoded(coded), mark + rest)
        else:
            texts.append(mark + rest)
    return b"\n".join(texts).replace(b"=\r\n", b"")


def addresses_in(text: bytes) -> frozenset[str]:
    """Return the addresses in a text, also in links, in the form in which lists compare them; of many at-signs the first."""
    found = set()
    for sign in _SIGNS:
        at = -1
        for _ in range(_MOST_SIGNS):
            at = text.find(sign, at + 1)
            if at < 0:
                break
            before = _BEFORE.search(text, max(0, at - 64), at)
            after = _AFTER.match(text, at + len(sign))
            if before and after:
                found.add(comparable(f"{before[0].decode('ascii')}@{after[0].decode('ascii')}"))
    return frozenset(found)


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text[: len(text) // 4 * 4])
    except binascii.Error:
        return b""
