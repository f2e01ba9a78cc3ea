"""Opens a text file of any common encoding and yields its physical lines."""

import codecs
import errno
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from msgspec import Struct

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.facts.recipients.reading.encoding import proven_encoding
from mailaudit.location import Location

CHUNK = 1 << 20
PIECE = 1 << 16
# A gzip file may unpack to so much, or to so many times its size: no text of people is packed better.
MAX_UNPACKED = 1 << 30
MAX_RATIO = 200
# A longer line is no row of a list; it is counted as unreadable and skipped without being held in memory.
MAX_LINE = 4 << 20

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SWITCHES, _ESCAPED = (b"\x1b$B", b"\x1b$@"), "iso2022_jp_ext"


class Line(Struct, frozen=True):
    """A physical line and its line break; `text` is `None` when the line is too long to be read."""

    number: int
    text: str | None
    end: str = "\n"


class TextFile(Struct, frozen=True):
    """A text file that can be read several times; `encoding` is a Python codec name.

    `is_plain` says that its bytes are UTF-8 with the same line break (LF or CRLF) everywhere, and none of the two that
    we mark lines with, so that other programs see the same lines as we do; `line_count` is known only then.
    `has_quotes` says whether a `"` occurs; `mark` is the byte order mark of a file in wide characters.
    """

    path: Path
    display: str
    encoding: str
    is_plain: bool = False
    has_quotes: bool = True
    line_count: int | None = None
    mark: bytes = b""

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces of a size that does no harm, wherever its lines end."""
        with self._opened() as file:
            while piece := file.read(PIECE):
                yield piece

    @contextmanager
    def _opened(self) -> Iterator[io.TextIOWrapper]:
        with (
            _guarded(self.display),
            open_binary(self.path) as raw,
            io.TextIOWrapper(raw, encoding=self.encoding, errors="replace", newline="") as file,
        ):
            yield file

    def lines(self) -> Iterator[Line]:
        """Yield every physical line; LF, CRLF and CR all end a line (also mixed in one file)."""
        with self._opened() as file:
            number = 0
            while text := file.readline(MAX_LINE):
                number += 1
                if text.endswith(("\n", "\r")) or len(text) < MAX_LINE:
                    end = "\r\n" if text.endswith("\r\n") else text[-1] if text[-1] in "\r\n" else ""
                    yield Line(number, text[: len(text) - len(end)], end)
                    continue
                while (rest := file.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
                    pass
                yield Line(number, None)


def open_text(path: Path, display: str, encoding: str | None = None, names: Iterable[str] = ()) -> TextFile:
    """Find out the encoding of a file, unless it is told; a byte order mark knows better, and wanted `names` prove one.

    Raises `InputError` when the file cannot be read or is no text.
    """
    with _guarded(display), open_binary(path) as file:
        head = file.read(CHUNK)
        mark, wide = next(((bom, name) for bom, name in _BOMS if head.startswith(bom)), (b"", None))
        if mark:
            encoding = None
        if encoding is None:
            _reject_binary(head, display)
            wide = wide or _utf16_without_bom(head)
            # Nothing but ASCII, and signs that switch to others (RFC 1468).
            if any(sign in head for sign in _SWITCHES) and _misfit(path, _ESCAPED, display) is None:
                wide = _ESCAPED
        if wide and wide != "utf-8-sig":
            return TextFile(path, display, wide, mark=mark)
        survey = _survey(file, head)
    found = encoding or ("utf-8" if survey.is_utf8 else _legacy(path, display, proven_encoding(head, names)))
    if encoding and not (encoding == "utf-8" and survey.is_utf8) and (line := _misfit(path, encoding, display)):
        what = f"line {line} is not written in {encoding}"
        raise refused(what, Location(display), "correct recipients.encoding, or leave it out")
    return TextFile(
        path=path,
        display=display,
        encoding="utf-8-sig" if found == "utf-8" and mark else found,
        is_plain=survey.is_plain and found == "utf-8",
        has_quotes=survey.has_quotes,
        line_count=survey.line_count,
    )


def _legacy(path: Path, display: str, proven: str | None) -> str:
    """Return the encoding of eight-bit text that is no UTF-8: a proven one, or cp1252, which leaves five bytes undefined."""
    fitting = (name for name in (proven, "cp1252") if name and _misfit(path, name, display) is None)
    return next(fitting, "latin-1")


def _misfit(path: Path, encoding: str, display: str) -> int | None:
    """Return the number of the first line that is not written in an encoding, or nothing."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with _guarded(display), open_binary(path) as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + chunk.count(b"\n", 0, error.start)
            if not chunk:
                return None
            lines += chunk.count(b"\n")


def open_binary(path: Path) -> BinaryIO:
    """Open a file for reading bytes, through gzip when its name or its first bytes say so."""
    with path.open("rb") as file:
        magic = file.read(2)
    return cast("BinaryIO", _Unpacked(path)) if magic == b"\x1f\x8b" else path.open("rb")


class _Unpacked(gzip.GzipFile):
    """A gzip file that is read as far as its size does no harm."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._room = max(MAX_UNPACKED, MAX_RATIO * path.stat().st_size)

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes; raises `OSError` when there are suspiciously many."""
        return self._counted(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        """Return the next bytes that are at hand."""
        return self._counted(super().read1(size))

    def _counted(self, data: bytes) -> bytes:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.EFBIG, "it unpacks to a suspicious size")
        return data


def _reject_binary(head: bytes, display: str) -> None:
    if head.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16_without_bom(head):
        return
    sample = head[:65536]
    controls = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\x0c\x1a\x1b")
    if controls > 8 + len(sample) // 50:
        raise refused("this is not a text file", Location(display), "save the list as CSV (UTF-8) and name it")


def _utf16_without_bom(head: bytes) -> str | None:
    """Tell UTF-16 by the zero bytes of its ASCII characters, of which every list has some, with a line break or an @."""
    sample = head[:4096]
    half = len(sample) // 2
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    for encoding, at, signs in (("utf-16-le", 1, (b"\n\0", b"@\0")), ("utf-16-be", 0, (b"\0\n", b"\0@"))):
        is_high = zeros[at] > half * 0.3 and zeros[1 - at] < half * 0.02
        if is_high and any(sign in sample for sign in signs):
            return encoding
    return None


@dataclass(slots=True)
class _Survey:
    """What one pass over the bytes of an eight-bit file tells."""

    is_utf8: bool = True
    is_even: bool = True
    is_packed: bool = False
    has_quotes: bool = False
    line_count: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether other programs see the same lines in the file as we do."""
        return self.is_utf8 and self.is_even and not self.is_packed


def _survey(file: BinaryIO, chunk: bytes) -> _Survey:
    """Tell whether a file is written in UTF-8, and look at the line breaks."""
    found = _Survey(is_packed=isinstance(file, _Unpacked))
    utf8 = codecs.getincrementaldecoder("utf-8")()
    lf = cr = crlf = 0
    last = b"\n"
    while chunk:
        if found.is_utf8 and not (chunk.isascii() and not utf8.getstate()[0]):
            found.is_utf8 = _decodes(utf8, chunk)
        found.has_quotes = found.has_quotes or b'"' in chunk
        found.is_even = found.is_even and b"\x01" not in chunk and b"\x02" not in chunk
        lf += chunk.count(b"\n")
        if b"\r" in chunk or last == b"\r":
            cr += chunk.count(b"\r")
            crlf += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
        last = chunk[-1:]
        chunk = file.read(PIECE)
    found.is_utf8 = found.is_utf8 and _decodes(utf8, b"", final=True)
    found.is_even = found.is_even and (cr == 0 or cr == crlf == lf)
    found.line_count = lf + (last != b"\n")
    return found


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


class _guarded:  # noqa: N801 - reads as a verb at the with statement
    """Turn what can go wrong while reading into an `InputError` that names the file."""

    def __init__(self, display: str) -> None:
        self.display = display

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, (OSError, EOFError, zlib.error)):
            raise InputError(complaint(error, self.display)) from error


def complaint(error: BaseException, display: str) -> Complaint:
    """Say what is wrong with a file that cannot be read."""
    place = Location(display)
    if isinstance(error, FileNotFoundError):
        return Complaint(
            "there is no such file",
            place,
            "correct the path; one on the command line is relative to the current folder",
        )
    if isinstance(error, IsADirectoryError):
        return Complaint("this is a folder, not a file", place, "name the files in it")
    if isinstance(error, PermissionError):
        return Complaint("this file may not be read", place, "change its permissions")
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return Complaint("the gzip file is damaged or incomplete", place, "export or copy it again")
    return Complaint(f"this file cannot be read ({getattr(error, 'strerror', None) or error})", place)
