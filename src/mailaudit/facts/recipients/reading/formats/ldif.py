"""LDIF (RFC 2849): one directory entry an object, as LDAP servers and Thunderbird export them."""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.folded_lines import put, unfolded
from mailaudit.facts.recipients.reading.list_format import ListFormat, beginning
from mailaudit.facts.recipients.reading.rows import SAMPLE_ROWS
from mailaudit.facts.recipients.reading.source import Entry, ObjectSource, Origin, wanted_keys
from mailaudit.facts.recipients.reading.text_file import TextFile, open_text


@dataclass(slots=True, kw_only=True)
class LdifSource(ObjectSource):
    """An LDIF file; the line of a row is that on which its entry begins."""

    file: TextFile

    def entries(self) -> Iterator[Entry]:
        """Yield every entry."""
        return _entries(self.file)


def _entries(file: TextFile) -> Iterator[Entry]:
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


def _open(origin: Origin, wanted: Wanted) -> LdifSource:
    file = open_text(origin.data, origin.display, wanted.encoding)
    keys, column = wanted_keys(islice(_entries(file), SAMPLE_ROWS), wanted, origin.display)
    return LdifSource(origin=origin, wanted=wanted, column=column, encoding=file.encoding, keys=keys, file=file)


FORMAT = ListFormat(
    "LDIF",
    (".ldif", ".ldi"),
    _open,
    lambda _path, head: beginning(head).startswith((b"dn:", b"version: 1\n", b"version: 1\r")),
)
