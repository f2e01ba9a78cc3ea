"""The list formats: each is one file of `formats/`, found by scanning it."""

import importlib
import pkgutil
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from msgspec import Struct

from mailaudit.facts.recipients.reading import formats
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.foreign import refuse_foreign
from mailaudit.facts.recipients.reading.source import Origin, Source
from mailaudit.facts.recipients.reading.text_file import open_binary

HEAD = 1 << 16


class ListFormat(Struct, frozen=True):
    """A format of lists: `opens` raises `InputError` for what cannot be used, `recognises` sees a file and its first bytes.

    What a file holds counts before its suffix, which counts only when no format recognises the file; one that is no
    proof (`is_proof`) does not even then.
    """

    name: str
    suffixes: tuple[str, ...]
    opens: Callable[[Origin, Wanted], Source]
    recognises: Callable[[Path, bytes], bool] = lambda _path, _head: False
    is_proof: bool = True


@cache
def list_formats() -> tuple[ListFormat, ...]:
    """Return every list format, in the order of their files' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    return tuple(importlib.import_module(f"{formats.__name__}.{name}").FORMAT for name in names)


def format_of(origin: Origin, suffix: str) -> ListFormat:
    """Return the format of a file; what nobody recognises and has no known suffix is text."""
    try:
        with open_binary(origin.data) as file:
            head = file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        head = b""  # whoever opens it says what is wrong
    refuse_foreign(origin.data, head, origin.display)
    known = list_formats()
    for one in known:
        if head and one.recognises(origin.data, head):
            return one
    text = next(one for one in known if ".txt" in one.suffixes)
    return next((one for one in known if one.is_proof and suffix in one.suffixes), text)


def beginning(head: bytes) -> bytes:
    """Return how a text begins, in lower case, without marks and white space, and also when its characters are wide."""
    marks = b"\xef\xbb\xbf\xff\xfe"
    return head.replace(b"\0", b"").lstrip(marks + b" \t\r\n").lower()


def suffix_of(path: Path) -> str:
    """Return the suffix that tells the format, in lower case; that before `.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    return suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]
