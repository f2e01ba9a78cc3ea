"""Write every answer of a run to a file, and answer the next run from it."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdata import Rdata
from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import asdict

from mailaudit.errors import refused
from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import InvalidName, normalise
from mailaudit.facts.dns.sources.source import AnswerSource
from mailaudit.location import Location
from mailaudit.reach.bounded import read_bounded
from mailaudit.reach.written import write_whole

VERSION = 1
_HEADER = "mailaudit_dns_recording"
_MAX_BYTES = 256 * 2**20
BROKEN = (ValidationError, ValueError, InvalidName, dns.exception.DNSException)
_Number = Annotated[int, Meta(ge=0)]
_AGAIN = "make the recording again with --record"


def write_recording(path: Path, answers: Iterable[Answer]) -> None:
    """Write answers as JSON lines, replacing the file in one step; raises `InputError` if it cannot.

    A link is followed, and a device such as `/dev/null` is written to, not replaced.
    """
    lines = [json.dumps({_HEADER: VERSION})]
    lines += [json.dumps(plain_of(answer), ensure_ascii=True) for answer in answers]
    text = "\n".join(lines) + "\n"
    try:
        write_whole(path, text)
    except OSError as error:
        what = f"cannot write the DNS recording: {error.strerror or 'the file cannot be written'}"
        raise refused(what, Location(str(path)), "choose another file with --record") from None


def read_recording(path: Path) -> tuple[Answer, ...]:
    """Read a recording; raises `InputError` with file and line."""
    try:
        lines = read_bounded(path, _MAX_BYTES).decode("utf-8").splitlines()
    except OSError as error:
        what = f"cannot read the DNS recording: {error.strerror or 'the file cannot be read'}"
        raise refused(what, Location(str(path)), "check the path given to --replay") from None
    except UnicodeDecodeError:
        _refuse(path, None, "this is not a DNS recording")
    header = _object(path, 1, lines[0] if lines else "")
    if header.get(_HEADER) != VERSION:
        _refuse(path, 1, f"this is not a DNS recording of version {VERSION}")
    return tuple(
        _answer(path, number, _object(path, number, line))
        for number, line in enumerate(lines[1:], start=2)
        if line.strip()
    )


class ReplaySource(AnswerSource):
    """Answers from a recording; a question that it does not hold is `refused`."""

    def __init__(self, path: Path, answers: Iterable[Answer]) -> None:
        self._path = path
        self._answers = {(answer.name, answer.type): answer for answer in answers}

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return the recorded answer."""
        answer = self._answers.get((name, rdtype))
        if answer is None:
            return Answer(name, rdtype, Status.REFUSED, source="recording", detail="it is not in the recording")
        return answer

    def knows(self, name: str, rdtype: str) -> bool:
        """Whether the recording holds the question."""
        return (name, rdtype) in self._answers

    @property
    def crowded_aliases(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The names with a CNAME record beside others that no zone may hold there, and the types of those."""
        own = [answer for answer in self._answers.values() if answer.records and not answer.cname_chain]
        aliases = sorted(answer.name for answer in own if answer.type == "CNAME")
        types = {name: [one.type for one in own if one.name == name and one.type != "CNAME"] for name in aliases}
        return tuple((name, tuple(sorted(types[name]))) for name in aliases if types[name])

    def describe(self) -> str:
        """Return `recording dns.jsonl`."""
        return f"recording {self._path.name}"


class Recorded(Struct, frozen=True):
    """An answer as a line of a recording."""

    name: str
    type: str
    status: Status
    records: tuple[str, ...]
    cname_chain: tuple[str, ...]
    ttl: _Number | None
    size: _Number | None
    tcp: bool
    source: str
    detail: str | None
    authenticated: bool = False


def plain_of(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON."""
    plain: dict[str, Any] = asdict(answer)
    return {name: plain[name] for name in Recorded.__struct_fields__} | {
        "records": [_record_text(record) for record in answer.records]
    }


def _record_text(record: Rdata) -> str:
    """Return the usual text of a record, or that of RFC 3597 where the usual one does not read back the same."""
    text = record.to_text()
    try:
        again = dns.rdata.from_text(record.rdclass, record.rdtype, text)
        if again.to_wire() == record.to_wire():
            return text
    except (dns.exception.DNSException, ValueError):
        pass
    return record.to_generic().to_text()


def _object(path: Path, line: int, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        _refuse(path, line, "this line is not a JSON object of a DNS recording")
    return value


def answer_of(plain: dict[str, Any]) -> Answer:
    """Return the answer that was made plain; raises one of `BROKEN` when it is none."""
    read = asdict(convert(plain, Recorded))
    number = dns.rdatatype.from_text(read["type"])
    return Answer(**read | {
        "name": normalise(read["name"]),
        "type": dns.rdatatype.to_text(number),
        "records": tuple(dns.rdata.from_text(dns.rdataclass.IN, number, text) for text in read["records"]),
        "cname_chain": tuple(map(normalise, read["cname_chain"])),
    })  # fmt: skip


def _answer(path: Path, line: int, plain: dict[str, Any]) -> Answer:
    try:
        return answer_of(plain)
    except BROKEN as error:
        _refuse(path, line, f"this recorded answer is broken: {str(error) or type(error).__name__}")


def _refuse(path: Path, line: int | None, what: str) -> NoReturn:
    raise refused(what, Location(str(path), line), _AGAIN) from None


def open_source(given: Sequence[str | Path], timeout: float) -> ReplaySource:
    """Open the one recording that is given."""
    del timeout
    path = Path(given[0])
    return ReplaySource(path, read_recording(path))
