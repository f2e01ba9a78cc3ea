"""LDIF (RFC 2849): one directory entry an object, as LDAP servers and Thunderbird export them."""

import binascii
from base64 import b64decode
from collections.abc import Iterator

from mailaudit.facts.recipients.reading.folded_lines import put, unfolded
from mailaudit.facts.recipients.reading.list_format import ListFormat, beginning
from mailaudit.facts.recipients.reading.source import Entry, opens_objects
from mailaudit.facts.recipients.reading.text_file import TextFile


def _entries(file: TextFile) -> Iterator[Entry]:
    """Yield every entry; the line of a row is that on which its entry begins."""
    begun, values = 0, dict[str, str]()
    for number, text in unfolded(file.lines()):
        if not text.strip():
            if "dn" in values:
                yield Entry(begun, values)
            begun, values = 0, {}
        elif not text.startswith("#"):
            begun = begun or number
            name, _, value = text.partition(":")
            if not value.startswith("<"):  # an address where the value lies
                put(values, name.partition(";")[0].strip().lower(), _plain(value))
    if "dn" in values:
        yield Entry(begun, values)


def _plain(value: str) -> str:
    if not value.startswith(":"):
        return value.strip()
    try:
        return b64decode(value[1:].strip()).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return value[1:].strip()


FORMAT = ListFormat(
    "LDIF",
    (".ldif", ".ldi"),
    opens_objects(_entries),
    lambda _path, head: beginning(head).startswith((b"dn:", b"version: 1\n", b"version: 1\r")),
)
