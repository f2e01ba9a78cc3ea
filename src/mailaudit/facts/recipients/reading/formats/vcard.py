"""vCard (RFC 6350, and versions 2.1 and 3.0): one contact an object, as address books export them."""

import quopri
from collections.abc import Iterator
from urllib.parse import unquote

from mailaudit.facts.recipients.reading.folded_lines import put, unfolded
from mailaudit.facts.recipients.reading.list_format import ListFormat, beginning
from mailaudit.facts.recipients.reading.source import Entry, opens_objects
from mailaudit.facts.recipients.reading.text_file import TextFile

# What is no text about a person.
_LEFT_OUT = {"begin", "end", "version", "prodid", "photo", "logo", "sound", "key", "rev"}
_NAMES = {"fn": "name", "n": "name_parts"}
_ESCAPES = (("\\n", " "), ("\\N", " "), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\"))


def _cards(file: TextFile) -> Iterator[Entry]:
    """Yield every card; the line of a row is that on which its card begins."""
    begun, card = 0, dict[str, str]()
    for number, text in _logical_lines(file):
        name, parameters, value = _property(text)
        if name == "begin":
            begun, card = number, {}
        elif name == "end" and begun:
            yield Entry(begun, card)
            begun = 0
        elif begun and name not in _LEFT_OUT:
            put(card, _NAMES.get(name, name), _plain(value, parameters))


def _logical_lines(file: TextFile) -> Iterator[tuple[int, str]]:
    """Yield the lines, with what version 2.1 goes on with behind a `=` at the end of a quoted-printable value."""
    waiting: tuple[int, str] | None = None
    for number, text in unfolded(file.lines()):
        begun, before = waiting or (number, "")
        whole = before + text
        if whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper():
            waiting = begun, whole[:-1]
            continue
        waiting = None
        yield begun, whole


def _property(text: str) -> tuple[str, str, str]:
    """Return the name without its group, the parameters and the value."""
    told, _, value = text.partition(":")
    name, _, parameters = told.partition(";")
    return name.strip().rpartition(".")[2].lower(), parameters.upper(), value


def _plain(value: str, parameters: str) -> str:
    if "QUOTED-PRINTABLE" in parameters:
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    for escape, sign in _ESCAPES:
        value = value.replace(escape, sign)
    if value[:7].lower() == "mailto:":  # a URI (RFC 6350, section 6.4.2, and RFC 6068)
        value = unquote(value[7:].partition("?")[0])
    return value


FORMAT = ListFormat(
    "vCard",
    (".vcf", ".vcard"),
    opens_objects(_cards),
    lambda _path, head: beginning(head).startswith(b"begin:vcard"),
)
