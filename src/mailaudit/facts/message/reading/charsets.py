"""Read octets by the charset that a message declares, as browsers and mailboxes do (RFC 2045, WHATWG Encoding)."""

import codecs

from msgspec import Struct

# What is declared by these names is read as the larger set everywhere (encoding.spec.whatwg.org, "Names and labels").
_READ_AS = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
_NAMES = {"ks_c_5601-1987": "cp949", "x-sjis": "cp932", "x-gbk": "gb18030", "unicode-1-1-utf-8": "utf-8"}
# Python's own transformations; two of them take quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_UNDEFINED_1252 = {octet: chr(octet) for octet in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


class CharsetFault(Struct, frozen=True):
    """Why the octets of a part are no text of its declared charset; `declared` is missing when none was."""

    declared: str | None
    reason: str


def read_text(octets: bytes, declared: str | None) -> tuple[str, CharsetFault | None]:
    """Return the text as well as it can be read, and what is wrong with the declaration, if anything."""
    if not declared:
        return _without_declaration(octets)
    codec = codec_of(declared)
    if codec is None:
        fault = None if octets.isascii() else CharsetFault(declared, "no charset has that name")
        return _guessed(octets), fault
    try:
        return octets.decode(codec), None
    except (UnicodeError, ValueError):
        pass
    if codec == "cp1252":
        return _as_1252(octets), None
    text = octets.decode("utf-8", "replace") if codec == "ascii" else octets.decode(codec, "replace")
    return text, CharsetFault(declared, "it holds octets that this charset does not have")


def codec_of(charset: str) -> str | None:
    """Return the name of the codec that reads a charset, or nothing for a name that is no charset's."""
    name = charset.strip().strip("\"'").lower()
    try:
        info = codecs.lookup(_NAMES.get(name, name))
    except (LookupError, ValueError):
        return None
    if info.name in _NO_CHARSETS or not getattr(info, "_is_text_encoding", True):
        return None
    return _READ_AS.get(info.name, info.name)


def _without_declaration(octets: bytes) -> tuple[str, CharsetFault | None]:
    fault = None if octets.isascii() else CharsetFault(None, "it holds more than ASCII, and readers must guess")
    return _guessed(octets), fault


def _guessed(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeError:
        return _as_1252(octets)


def _as_1252(octets: bytes) -> str:
    return octets.decode("latin-1").translate(_C1_AS_1252)


_C1_AS_1252 = {octet: _UNDEFINED_1252.get(octet) or bytes([octet]).decode("cp1252") for octet in range(0x80, 0xA0)}
