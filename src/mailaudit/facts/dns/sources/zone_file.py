"""Read zone files: RFC 1035 master files, and lines that say which questions fail."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import dns.exception
import dns.grange
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer
import dns.ttl
import dns.zone
from dns.rdata import Rdata
from msgspec import Struct

from mailaudit.errors import InputError, refused
from mailaudit.facts.dns.answer import Status
from mailaudit.facts.dns.names import Labels, idna_codec, labels_of_name
from mailaudit.location import Location
from mailaudit.reach.bounded import read_bounded

MAX_BYTES = 16 * 2**20
_DEFAULT_TTL = 3600
_MAX_GENERATED = 16_384
# A number of more than 255 digits, as ${0,256} makes it, fits into no label.
_WIDE = re.compile(r"\$\{[^},]*,\s*0*(?:\d{4,}|[3-9]\d\d|2[6-9]\d|25[6-9])")
_CLOSED_WORLD = "$MAILAUDIT_CLOSED_WORLD"
_CLOSED_WORLD_LINE = re.compile(r"^[ \t]*;?[ \t]*\$MAILAUDIT_CLOSED_WORLD\b", re.MULTILINE | re.IGNORECASE)
_FIRST_SOA = re.compile(
    r"^([^\s;\"()$!]+\.)[ \t]+(?:[0-9][0-9a-z]*[ \t]+)?(?:IN[ \t]+)?(?:[0-9][0-9a-z]*[ \t]+)?SOA[ \t]",
    re.MULTILINE | re.IGNORECASE,
)
_FAULT_WORD = re.compile(r"![a-z]*", re.IGNORECASE)
_FAULTS = {
    "!timeout": Status.TIMEOUT,
    "!servfail": Status.SERVFAIL,
    "!refused": Status.REFUSED,
    "!nxdomain": Status.NXDOMAIN,
    "!nodata": Status.NODATA,
}


class ZoneRecord(Struct, frozen=True):
    """One resource record and the line on which it stands."""

    labels: Labels
    ttl: int
    rdata: Rdata
    line: int


class Fault(Struct, frozen=True):
    """A question that fails on purpose: `rdtype` may be `*`, and `below` means every name under `labels`."""

    labels: Labels
    below: bool
    rdtype: str
    status: Status
    line: int


class ZoneFile(Struct, frozen=True):
    """What a zone file says; `origins` are the names that it set with `$ORIGIN` or by its own name.

    `generated` counts the records that `$GENERATE` made, those of files read before it included.
    """

    display: str
    records: tuple[ZoneRecord, ...]
    faults: tuple[Fault, ...]
    origins: tuple[Labels, ...]
    closed_world: bool
    generated: int = 0

    def where(self, line: int) -> Location:
        """Return a line of the file as a location."""
        return Location(self.display, line)


def read_zone_files(paths: Iterable[Path]) -> list[ZoneFile]:
    """Read zone files whose `$GENERATE` lines together make no more records than those of one may; raises `InputError`."""
    files: list[ZoneFile] = []
    for path in paths:
        files.append(read_zone_file(path, generated=files[-1].generated if files else 0))
    return files


def read_zone_file(path: Path, *, display: str | None = None, generated: int = 0) -> ZoneFile:
    """Read a zone file of at most 16 MiB, after `generated` records of others; raises `InputError` with file and line.

    Names are relative to `$ORIGIN`, else to the owner of the first SOA record, else to the file's own name when
    that is a domain (`acme.example.zone`), else to the root.
    """
    shown = display or str(path)
    try:
        data = read_bounded(path, MAX_BYTES, shown)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        _refuse(shown, f"cannot read the zone file: {reason}", "check the path and its permissions")
    if b"\0" in data:
        _refuse(shown, "this is not a zone file but binary data", "export the zone as text (RFC 1035 master file)")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse(shown, "the zone file is not UTF-8 text", "save it as UTF-8", line)
    return _Reader(text, shown, _origin_in_file_name(path.name), generated=generated).read()


def parse_zone(text: str, *, display: str = "zone", origin: dns.name.Name | None = None) -> ZoneFile:
    """Parse the text of a zone file; `origin` holds until the file sets its own; raises `InputError`."""
    return _Reader(text, display, origin).read()


def _refuse(display: str, what: str, todo: str, line: int | None = None) -> NoReturn:
    raise refused(what, Location(display, line), todo) from None


def _origin_in_file_name(file_name: str) -> dns.name.Name | None:
    stem = re.sub(r"\.(zone|db|txt|dns)$", "", file_name, flags=re.IGNORECASE)
    stem = re.sub(r"^db\.", "", stem, flags=re.IGNORECASE)
    if stem == file_name or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", stem):
        return None
    try:
        return dns.name.from_text(stem, dns.name.root, idna_codec())
    except (dns.exception.DNSException, ValueError):
        return None


@dataclass(slots=True)
class _Reader:
    text: str
    display: str
    origin: dns.name.Name | None
    owner: dns.name.Name | None = None
    ttl: int = _DEFAULT_TTL
    records: list[ZoneRecord] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    origins: list[Labels] = field(default_factory=list)
    tokens: dns.tokenizer.Tokenizer = field(init=False)
    line: int = 1
    generated: int = 0

    def __post_init__(self) -> None:
        self.text = self.text.replace("\r\n", "\n").replace("\r", "\n")
        codec = idna_codec()
        self.tokens = dns.tokenizer.Tokenizer(self.text, self.display, idna_codec=codec)
        soa = _FIRST_SOA.search(self.text)
        if soa:
            self.origin = _name_or_none(soa[1]) or self.origin
        elif self.origin is not None:
            self.origins.append(labels_of_name(self.origin))

    def read(self) -> ZoneFile:
        try:
            while self._entry():
                pass
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - the parser of records trips over more than it says
            what, todo = _explain(error)
            _refuse(self.display, what, todo, self.line)
        closed = _CLOSED_WORLD_LINE.search(self.text) is not None
        return ZoneFile(
            self.display, tuple(self.records), tuple(self.faults), tuple(self.origins), closed, self.generated
        )

    def _entry(self) -> bool:
        token = self.tokens.get(want_leading=True)
        self.line = self.tokens.where()[1]
        if token.is_eof():
            return False
        if token.is_eol():
            return True
        if token.is_identifier() and token.value.startswith("$"):
            self._directive(token.value.upper())
        elif token.is_identifier() and _FAULT_WORD.fullmatch(token.value):
            self._fault(token.value.lower())
        elif not token.is_whitespace():
            self.owner = self._name(token)
            self._record()
        else:
            following = self.tokens.get()
            if not following.is_eol_or_eof():
                self.tokens.unget(following)
                self._record()
        return True

    def _name(self, token: dns.tokenizer.Token) -> dns.name.Name:
        relative = token.value == "@" or "." not in token.value
        if self.origin is None and relative:
            _refuse(
                self.display,
                f"{token.value!r} is relative, and the file does not say to which domain",
                "write a line such as `$ORIGIN acme.example.` above it, or the whole name with a final dot",
                self.line,
            )
        return self.tokens.as_name(token, self.origin or dns.name.root)

    def _directive(self, word: str) -> None:
        if word == "$ORIGIN":
            self.origin = self.tokens.get_name(self.origin or dns.name.root)
            self.origins.append(labels_of_name(self.origin))
            self.tokens.get_eol()
        elif word == "$TTL":
            self.ttl = dns.ttl.from_text(self.tokens.get_string())
            self.tokens.get_eol()
        elif word == "$GENERATE":
            self._generate()
        elif word == _CLOSED_WORLD:
            self.tokens.get_eol()
        elif word == "$INCLUDE":
            _refuse(self.display, "$INCLUDE is not followed", "give the other file as a zone too", self.line)
        else:
            _refuse(self.display, f"unknown directive {word}", "remove the line", self.line)

    def _fault(self, word: str) -> None:
        if word not in _FAULTS:
            _refuse(self.display, f"unknown fault {word!r}", f"use one of {', '.join(_FAULTS)}", self.line)
        name = self._name(self.tokens.get())
        rdtype = self.tokens.get_string().upper()
        if rdtype != "*":
            rdtype = dns.rdatatype.to_text(dns.rdatatype.from_text(rdtype))
        self.tokens.get_eol()
        labels = labels_of_name(name)
        below = labels[:1] == (b"*",)
        self.faults.append(Fault(labels[below:], below, rdtype, _FAULTS[word], self.line))

    def _record(self) -> None:
        if self.owner is None:
            _refuse(self.display, "the first record has no name", "write its owner in the first column", self.line)
        ttl, rdtype = self._ttl_and_type()
        rdata = dns.rdata.from_text(
            dns.rdataclass.IN, rdtype, self.tokens, self.origin or dns.name.root, relativize=False
        )
        self.records.append(ZoneRecord(labels_of_name(self.owner), ttl, rdata, self.line))

    def _ttl_and_type(self) -> tuple[int, dns.rdatatype.RdataType]:
        ttl = None
        classes = 0
        while True:
            word = self.tokens.get_identifier()
            if ttl is None and word[:1].isdigit():
                ttl = dns.ttl.from_text(word)
            elif not classes and word.upper() in {"IN", "CH", "HS"}:
                classes += 1
                if word.upper() != "IN":
                    _refuse(self.display, f"the record's class is {word}", "only class IN is used", self.line)
            else:
                return self.ttl if ttl is None else ttl, dns.rdatatype.from_text(word)

    def _generate(self) -> None:
        line = " ".join(token.value for token in self.tokens.get_remaining())
        try:
            start, stop, step = dns.grange.from_text(line.split(" ")[0])
        except AssertionError:  # what it says to a step of nothing
            _refuse(self.display, "$GENERATE steps by less than 1", "write start-stop/step", self.line)
        self.generated += (stop - start) // step + 1
        if self.generated > _MAX_GENERATED or _WIDE.search(line):
            _refuse(self.display, "$GENERATE makes too many records", "write out those that matter", self.line)
        self.tokens.get_eol()
        text = f"$ORIGIN {self.origin or dns.name.root}\n$TTL {self.ttl}\n$GENERATE {line}\n"
        zone = dns.zone.from_text(text, dns.name.root, relativize=False, check_origin=False)
        for name, ttl, rdata in zone.iterate_rdatas():
            self.records.append(ZoneRecord(labels_of_name(name), ttl, rdata, self.line))


def _name_or_none(text: str) -> dns.name.Name | None:
    try:
        return dns.name.from_text(text, dns.name.root, idna_codec())
    except (dns.exception.DNSException, ValueError):
        return None


def _explain(error: Exception) -> tuple[str, str]:
    text = str(error) or type(error).__name__
    if isinstance(error, dns.rdatatype.UnknownRdatatype):
        return "unknown record type", "write NAME [TTL] [IN] TYPE DATA, for example `www 3600 IN A 192.0.2.1`"
    if "string too long" in text:
        return "a string is longer than 255 octets", "split it into several quoted strings; they are joined again"
    if isinstance(error, dns.name.LabelTooLong | dns.name.NameTooLong | dns.name.EmptyLabel):
        return f"not a domain name: {text}", "correct the name"
    return f"cannot read this record: {text}", "compare it with the syntax of its type (RFC 1035, section 5)"
