"""Decode encoded words (RFC 2047) in linear time; what cannot be decoded stays as it is written (section 6.3)."""

import binascii
import re
from itertools import groupby

from mailaudit.facts.message.reading.charsets import codec_of

_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,40})?\?([BbQq])\?([^?]*)\?=")


def decode_words(value: str) -> str:
    """Return an unfolded field value with its encoded words decoded; white space between two of them goes."""
    if "=?" not in value:
        return value
    pieces: list[tuple[str | None, bytes | str]] = []
    end = 0
    for match in _WORD.finditer(value):
        octets, codec = _octets(match[2], match[3]), codec_of(match[1])
        if octets is None or codec is None:
            continue
        between = value[end : match.start()]
        if between and not (between.isspace() and pieces and pieces[-1][0]):
            pieces.append((None, between))
        pieces.append((codec, octets))
        end = match.end()
    pieces.append((None, value[end:]))
    return "".join(_joined(codec, [piece for _, piece in run]) for codec, run in groupby(pieces, lambda p: p[0]))


def _joined(codec: str | None, pieces: list[bytes | str]) -> str:
    if codec is None:
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return b"".join(piece for piece in pieces if isinstance(piece, bytes)).decode(codec, "replace")


def _octets(encoding: str, text: str) -> bytes | None:
    if encoding in "Qq":
        return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    try:
        return binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
