"""Reads delimited text without ever losing a row: a broken quote spoils its own line and no other.

Quoting follows RFC 4180 as spreadsheets write it: a quote opens only at the start of a cell. A quoted cell may
hold line breaks; when the closing quote does not come, or what it would swallow looks like rows of the list, the
line with the opening quote is unreadable and reading goes on with the next line.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from mailaudit.facts.recipients.reading.text_file import Line

DELIMITERS = (",", ";", "\t", "|")
# A quoted cell with line breaks may span this many physical lines and characters.
MAX_SPAN = 200
MAX_SPAN_CHARS = 1 << 20
# Such a share of the lines speaks for all of them.
MOST = 0.8

TOO_LONG = "the line is longer than 4 million characters"
OPEN_QUOTE = "a quotation mark is opened and never closed"
STRAY_QUOTE = "text follows a closing quotation mark"


class Record(Struct, frozen=True):
    """One record: the number of its first line, how many lines it has, and its cells or why it has none."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str | None = None
    lines: int = 1

    @property
    def is_blank(self) -> bool:
        """Whether the record is an empty line, or one that holds nothing but delimiters and white space."""
        return self.problem is None and not any(cell.strip() for cell in self.cells)


class BrokenQuotes(Exception):  # noqa: N818 - reads as what it is
    """A quotation mark is left open, or text follows a closing one."""


class _OpenQuoteError(BrokenQuotes):
    pass


class _StrayQuoteError(BrokenQuotes):
    pass


def split(text: str, delimiter: str | None) -> list[str]:
    """Split a record into its cells; raises `BrokenQuotes`."""
    if '"' not in text:
        return text.split(delimiter) if delimiter else [text]
    if delimiter is None:
        return [_whole_line(text)]
    cells: list[str] = []
    at = 0
    while True:
        cell, at = _cell(text, at, delimiter)
        cells.append(cell)
        if at >= len(text):
            return cells
        at += 1
        if at == len(text):
            cells.append("")
            return cells


def join(cells: Sequence[str], delimiter: str) -> str:
    """Return cells as one record, quoted where they must be (RFC 4180)."""
    return delimiter.join(map(partial(_quoted, delimiter), cells))


def _quoted(delimiter: str, cell: str) -> str:
    if not cell.startswith(" ") and not any(sign in cell for sign in (delimiter, '"', "\n", "\r")):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def _cell(text: str, at: int, delimiter: str) -> tuple[str, int]:
    """Return the cell that begins at `at`, and where it ends."""
    start = at
    while start < len(text) and text[start] == " ":
        start += 1
    if start >= len(text) or text[start] != '"':
        end = text.find(delimiter, at)
        end = len(text) if end < 0 else end
        return text[at:end], end
    parts: list[str] = []
    begin = start + 1
    while True:
        quote = text.find('"', begin)
        if quote < 0:
            raise _OpenQuoteError
        parts.append(text[begin:quote])
        if text[quote + 1 : quote + 2] != '"':
            break
        parts.append('"')
        begin = quote + 2
    end = quote + 1
    while end < len(text) and text[end] == " ":
        end += 1
    if end < len(text) and text[end] != delimiter:
        raise _StrayQuoteError
    return "".join(parts), end


def _whole_line(text: str) -> str:
    stripped = text.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"' and '"' not in stripped[1:-1]:
        return stripped[1:-1]
    return text


class RecordReader:
    """Makes records out of physical lines; lines that were looked at in vain are read again."""

    def __init__(
        self, lines: Iterable[Line], delimiter: str | None, looks_like_row: Callable[[Sequence[str]], bool]
    ) -> None:
        self._source = iter(lines)
        self._ahead: deque[Line] = deque()
        self._delimiter = delimiter
        self._looks_like_row = looks_like_row

    def next_line(self) -> Line | None:
        """Return the next physical line that belongs to no record yet."""
        return self._ahead.popleft() if self._ahead else next(self._source, None)

    def complete(self, line: Line) -> Record:
        """Return the record that begins with a line, reading on as far as its quotes demand."""
        if line.text is None:
            return Record(line.number, problem=TOO_LONG)
        try:
            return Record(line.number, tuple(split(line.text, self._delimiter)))
        except _StrayQuoteError:
            return Record(line.number, problem=STRAY_QUOTE)
        except _OpenQuoteError:
            return self._spanning(line, line.text, str(self._delimiter))

    def _spanning(self, first: Line, text: str, delimiter: str) -> Record:
        for taken in range(1, MAX_SPAN + 1):
            nxt = self._peek(taken)
            if nxt is None or len(text) + len(nxt) > MAX_SPAN_CHARS or self._is_row(nxt, delimiter):
                break
            text = f"{text}\n{nxt}"
            if '"' not in nxt:
                continue
            try:
                cells = split(text, delimiter)
            except _OpenQuoteError:
                continue
            except _StrayQuoteError:
                break
            for _ in range(taken):
                self._ahead.popleft()
            return Record(first.number, tuple(cells), lines=taken + 1)
        return Record(first.number, problem=OPEN_QUOTE)

    def _peek(self, place: int) -> str | None:
        """Return the text of a line ahead (1 is the next one), or nothing when it is missing or too long."""
        while len(self._ahead) < place:
            line = next(self._source, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[place - 1].text

    def _is_row(self, text: str, delimiter: str) -> bool:
        """Say whether a line stands for itself; a bare quote in a cell is the end of the cell before, not a row."""
        try:
            cells = split(text, delimiter)
        except BrokenQuotes:
            return False
        return not any('"' in cell for cell in cells) and self._looks_like_row(cells)


def records(
    lines: Iterable[Line], delimiter: str | None, looks_like_row: Callable[[Sequence[str]], bool]
) -> Iterator[Record]:
    """Yield every record in file order; blank lines too, so that nothing goes unseen."""
    reader = RecordReader(lines, delimiter, looks_like_row)
    while (line := reader.next_line()) is not None:
        yield reader.complete(line)


def sniff(lines: Sequence[str], is_wanted: Callable[[str], bool]) -> str | None:
    """Return the delimiter of a sample of lines, or nothing when every line is one cell.

    A first line without any delimiter that names the wanted column says that there is one column, unless the other
    lines have more cells behind an address than that. A delimiter that makes the first line name the wanted column is
    the one; else it is the delimiter that splits most lines into the same number of cells, more than one; the more
    cells, the better.
    """
    best: tuple[float, int] = (0.0, 0)
    chosen: str | None = None
    texts = [text for text in lines if text.strip()]
    alone = _whole_line(texts[0]) if texts else ""
    if not any(sign in alone for sign in (*DELIMITERS, '"')) and is_wanted(alone.strip()):
        return next((sign for sign in DELIMITERS if _is_behind_addresses(sign, texts[1:])), None)
    for delimiter in DELIMITERS:
        names = _cells(texts[0], delimiter) if texts else ()
        if len(names) > 1 and any(map(is_wanted, names)):
            return delimiter
    for delimiter in DELIMITERS:
        widths = Counter(len(_cells(text, delimiter)) for text in texts)
        tables = [(count, width) for width, count in widths.items() if width > 1]
        count, width = max(tables, default=(0, 0))
        if count < max(1, len(texts) // 3):
            continue
        score = (count / len(texts), width)
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _is_behind_addresses(delimiter: str, texts: Sequence[str]) -> bool:
    """Say whether a delimiter stands behind the address that nearly every line begins with, before other cells."""
    rows = [_cells(text, delimiter) for text in texts]
    told = [row for row in rows if len(row) > 1 and "@" in row[0] and not any("@" in cell for cell in row[1:])]
    return bool(told) and len(told) >= MOST * len(rows)


def _cells(text: str, delimiter: str) -> Sequence[str]:
    try:
        return split(text, delimiter)
    except BrokenQuotes:
        return ()
