"""DMARC policy records as text (RFC 9989, sections 4.7 and 4.8): parsing never raises, errors are listed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Iterator
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from mailaudit.facts.dns.answer import readable
from mailaudit.facts.sender.tags import Tags, read_tags, shortened

_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)")
REMOVED_TAGS = ("pct", "rf", "ri")
"""Tags of RFC 7489 that RFC 9989 does not have (appendix A.6)."""
_FO = re.compile(r"[01ds](?:[ \t]*:[ \t]*[01ds])*", re.IGNORECASE)
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+?)(![0-9]+[kmgtKMGT]?)?")
_NOT_IN_URIS = frozenset(' <>"{}|\\^`')  # RFC 3986, appendix A
_MAX_URIS = 64
_VALUES = (
    (("sp", "np", "p"), re.compile(r"(?:none|quarantine|reject)$")),
    (("rua", "ruf"), re.compile(r"\S*(?:mailto|@)")),
    (("adkim", "aspf"), re.compile(r"(?:r|s|relaxed|strict)$")),
    (("pct",), re.compile(r"\d{1,3}$")),
)


TAGS = ("v", "p", "sp", "np", "t", "psd", "adkim", "aspf", "rua", "ruf", "fo", *REMOVED_TAGS)


class Policy(StrEnum):
    """What the domain owner asks receivers to do with mail that fails."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    @property
    def lowered(self) -> Policy:
        """One step milder, as `t=y` asks for (RFC 9989, section 4.7)."""
        return Policy.QUARANTINE if self is Policy.REJECT else Policy.NONE


class Alignment(StrEnum):
    """How close an authenticated domain must be to the From domain."""

    RELAXED = "r"
    STRICT = "s"


class Psd(StrEnum):
    """Whether the domain is a public suffix domain."""

    YES = "y"
    NO = "n"
    UNDECIDED = "u"


class ReportUri(Struct, frozen=True):
    """One address of `rua` or `ruf`; `mailbox` is set for `mailto:`."""

    text: str
    mailbox: str | None

    @property
    def domain(self) -> str | None:
        """The domain of the mailbox, in lower case."""
        return self.mailbox.rpartition("@")[2].lower() if self.mailbox else None


class DmarcRecord(Struct, frozen=True):
    """A parsed record; a tag with a value that is not allowed counts as absent and is listed in `errors`.

    `errors` are sentences without full stop; unknown tags are ignored.
    """

    text: str
    p: Policy | None = None
    sp: Policy | None = None
    np: Policy | None = None
    testing: bool = False
    psd: Psd = Psd.UNDECIDED
    adkim: Alignment = Alignment.RELAXED
    aspf: Alignment = Alignment.RELAXED
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()
    pct: str | None = None
    outdated: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def policy_is_broken(self) -> bool:
        """Whether `p` is absent or not valid, or `sp` or `np` is not valid (RFC 9989, section 4.10.1)."""
        return self.p is None or any(error.startswith(("sp=", "np=")) for error in self.errors)


def select(texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the TXT records that are DMARC records, whatever else stands beside them."""
    return tuple(text for text in texts if _VERSION.match(text.decode("ascii", "replace")))


def parse(text: bytes) -> DmarcRecord:
    """Parse a record that `select` chose.

    Of the grammar's strings only the value DMARC1 depends on the case of its letters (RFC 5234, section 2.3).
    """
    shown = text.decode("ascii", "backslashreplace")
    tags = read_tags(shown, fold=True)
    errors = list(tags.faults)
    reader = _Reader(tags, errors)
    return DmarcRecord(
        text=readable(text),
        p=reader.choice("p", Policy),
        sp=reader.choice("sp", Policy),
        np=reader.choice("np", Policy),
        testing=reader.yes("t"),
        psd=reader.choice("psd", Psd) or Psd.UNDECIDED,
        adkim=reader.choice("adkim", Alignment) or Alignment.RELAXED,
        aspf=reader.choice("aspf", Alignment) or Alignment.RELAXED,
        rua=reader.uris("rua"),
        ruf=reader.uris("ruf"),
        pct=tags.values.get("pct"),
        outdated=tuple(name for name in REMOVED_TAGS if name in tags.values),
        errors=(*_misspelt(tags), *errors, *reader.failure_options()),
    )


def intended_tag(name: str, value: str, given: Container[str]) -> str | None:
    """Return the tag of which an unknown one is a misspelling, if its value fits and that tag is not `given` as well.

    Any other unknown tag is ignored, as receivers do (RFC 9989, section 4.7).
    """
    name, value = name.lower(), value.strip().lower()
    if name in TAGS:
        return None
    fitting = next((tags for tags, pattern in _VALUES if pattern.match(value)), ())
    if fitting == ("sp", "np", "p"):
        near = next(tag for tag in fitting if name.startswith(tag[0]) or tag == "p")
        near = near if name[0] in "snp" and len(name) <= len("policy") else ""
    else:
        swapped = next((tag for tag in fitting if sorted(tag) == sorted(name)), "")
        near = swapped or next(iter(difflib.get_close_matches(name, fitting, n=1, cutoff=0.6)), "")
    return near if near and near not in given else None


def _misspelt(tags: Tags) -> Iterator[str]:
    for name, value in tags.values.items():
        meant = intended_tag(name, value, tags.values)
        if meant:
            yield f"{shortened(name)}= is no tag of DMARC, and {meant}= is probably meant"


E_ = TypeVar("E_", bound=StrEnum)


class _Reader:
    """Reads typed values out of tags, noting what is not allowed."""

    def __init__(self, tags: Tags, errors: list[str]) -> None:
        self._tags = tags
        self._errors = errors

    def choice(self, name: str, kind: type[E_]) -> E_ | None:
        value = self._tags.values.get(name)
        if value is None:
            return None
        try:
            return kind(value.lower())
        except ValueError:
            allowed = ", ".join(member.value for member in kind)
            self._errors.append(f"{name}={shortened(value)} is not one of {allowed}")
            return None

    def yes(self, name: str) -> bool:
        value = self._tags.get(name, "n").lower()
        if value not in {"y", "n"}:
            self._errors.append(f"{name}={shortened(value)} is not one of y, n")
        return value == "y"

    def uris(self, name: str) -> tuple[ReportUri, ...]:
        found: list[ReportUri] = []
        for part in self._tags.get(name, "").split(",")[:_MAX_URIS] if name in self._tags.values else ():
            uri = _uri(part.strip())
            if uri is None:
                self._errors.append(
                    f"{name}= names {shortened(part.strip()) or 'nothing'}, which is not a mailto: address"
                )
            else:
                found.append(uri)
        return tuple(found)

    def failure_options(self) -> Iterable[str]:
        value = self._tags.values.get("fo")
        if value is not None and not _FO.fullmatch(value):
            yield f"fo={shortened(value)} is not made of 0, 1, d and s"


def _uri(text: str) -> ReportUri | None:
    match = _URI.fullmatch(text)
    if not match:
        return None
    scheme, rest = match[1].lower(), match[2]
    if scheme != "mailto":
        return ReportUri(text, None)
    mailbox = rest.partition("?")[0]
    local_part, _, domain = mailbox.rpartition("@")
    has_labels = "." in domain and all(domain.removesuffix(".").split("."))
    is_address = local_part and not local_part.startswith("/") and has_labels and not _NOT_IN_URIS & set(mailbox)
    return ReportUri(text, mailbox) if is_address else None
