"""The names of all zone files in one tree, and which domains the files speak for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import dns.rdatatype
from dns.rdata import Rdata
from publicsuffixlist import PublicSuffixList

from mailaudit.errors import refused
from mailaudit.facts.dns.names import Labels, text_of
from mailaudit.facts.dns.sources.zone_file import ZoneFile, ZoneRecord

# RFC 4034, section 2.5; RFC 2181, section 10.1.
_BESIDE_CNAME = frozenset({"CNAME", "RRSIG", "NSEC", "KEY"})


@dataclass(slots=True)
class Records:
    """The records of one name and type, with the file and line of the first."""

    rdatas: list[Rdata]
    ttl: int
    file: str
    line: int
    known: set[Rdata] = field(default_factory=set)

    def add(self, record: ZoneRecord) -> None:
        """Add a record unless it is there already."""
        if record.rdata not in self.known:
            self.known.add(record.rdata)
            self.rdatas.append(record.rdata)
            self.ttl = min(self.ttl, record.ttl)


class ZoneTree:
    """Names with their records; `apexes` are the domains for which the files speak.

    These are the owners of SOA records, then the `$ORIGIN`s, then for what is left the organizational domain of
    each owner (its own name below `arpa`).
    """

    def __init__(self, files: Sequence[ZoneFile]) -> None:
        self.nodes: dict[Labels, dict[str, Records]] = {}
        for file in files:
            for record in file.records:
                self._add(record, file)
        self._forbid_two_aliases(files)
        self._apexes: dict[Labels, str] = {}
        self._declare_apexes(files)
        self._existing = set(self._apexes)
        for labels in self.nodes:
            self._existing.update(self._up_to_apex(labels))

    @property
    def crowded_aliases(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The names with a CNAME record and records that may not stand beside one, with their types (RFC 1034, 3.6.2)."""
        return tuple(
            (text_of(labels), tuple(sorted(set(sets) - _BESIDE_CNAME)))
            for labels, sets in self.nodes.items()
            if "CNAME" in sets and set(sets) - _BESIDE_CNAME
        )

    def apex_of(self, labels: Labels) -> Labels | None:
        """Return the nearest domain at or above this name for which the files speak."""
        return next((suffix for suffix in _suffixes(labels) if suffix in self._apexes), None)

    def file_of(self, apex: Labels) -> str:
        """Return the file that speaks for this domain."""
        return self._apexes[apex]

    def has_soa(self, labels: Labels) -> bool:
        """Whether the name has an SOA record, so that the files hold the whole zone."""
        return "SOA" in self.nodes.get(labels, {})

    def exists(self, labels: Labels) -> bool:
        """Whether the name has records, or names below it have (an empty non-terminal)."""
        return labels in self._existing

    def closest_encloser(self, labels: Labels) -> Labels:
        """Return the longest existing name at or above this one (RFC 4592, section 3.3.1)."""
        return next(suffix for suffix in _suffixes(labels) if suffix in self._existing)

    def delegation(self, apex: Labels, labels: Labels) -> Labels | None:
        """Return the highest name below the apex, at or above this one, that has NS records."""
        return next((name for name in _below(apex, labels) if "NS" in self.nodes.get(name, {})), None)

    def dname_above(self, apex: Labels, labels: Labels) -> Labels | None:
        """Return the highest name from the apex down, strictly above this one, that has a DNAME record."""
        names = (apex, *_below(apex, labels))
        return next((name for name in names if name != labels and "DNAME" in self.nodes.get(name, {})), None)

    def _add(self, record: ZoneRecord, file: ZoneFile) -> None:
        rdtype = dns.rdatatype.to_text(record.rdata.rdtype)
        sets = self.nodes.setdefault(record.labels, {})
        if rdtype not in sets:
            sets[rdtype] = Records([], record.ttl, file.display, record.line)
        if rdtype != "SOA" or not sets[rdtype].rdatas:
            sets[rdtype].add(record)

    def _forbid_two_aliases(self, files: Sequence[ZoneFile]) -> None:
        # Other data beside an alias is as forbidden, but panels hold it: it is read, and told as a finding.
        displays = {file.display: file for file in files}
        for labels, sets in self.nodes.items():
            alias = sets.get("CNAME")
            if alias is not None and len(alias.rdatas) > 1:
                what = f"{text_of(labels)} has several CNAME records; no server loads such a zone"
                raise refused(what, displays[alias.file].where(alias.line), "keep one of them")

    def _declare_apexes(self, files: Sequence[ZoneFile]) -> None:
        public = _public_suffixes()
        for labels, sets in self.nodes.items():
            if "SOA" in sets:
                self._apexes[labels] = sets["SOA"].file
        for file in files:
            self._declare_origins(file, public)
        for labels, sets in sorted(self.nodes.items(), key=lambda node: len(node[0])):
            if self.apex_of(labels) is None:
                domain = _organizational_domain(labels, public)
                if domain is not None:
                    self._apexes[domain] = next(iter(sets.values())).file

    def _declare_origins(self, file: ZoneFile, public: PublicSuffixList) -> None:
        own = {record.labels for record in file.records if record.rdata.rdtype == dns.rdatatype.SOA}
        for origin in sorted(file.origins, key=len):
            inside_own = any(suffix in own for suffix in _suffixes(origin))
            nested = self.apex_of(origin) is not None and not self._speaks_only_elsewhere(origin, file)
            if origin and not inside_own and not nested and _organizational_domain(origin, public) is not None:
                self._apexes.setdefault(origin, file.display)

    def _speaks_only_elsewhere(self, origin: Labels, file: ZoneFile) -> bool:
        apex = self.apex_of(origin)
        return apex is not None and self._apexes[apex] != file.display

    def _up_to_apex(self, labels: Labels) -> Iterator[Labels]:
        apex = self.apex_of(labels)
        for suffix in _suffixes(labels):
            if apex is not None and len(suffix) >= len(apex):
                yield suffix
        if apex is None:
            yield labels


def _suffixes(labels: Labels) -> Iterator[Labels]:
    return (labels[start:] for start in range(len(labels) + 1))


def _below(apex: Labels, labels: Labels) -> Iterator[Labels]:
    return (labels[start:] for start in range(len(labels) - len(apex) - 1, -1, -1))


@cache
def _public_suffixes() -> PublicSuffixList:
    # Reading the list takes tens of milliseconds, and it never changes within a run.
    return PublicSuffixList()


def _organizational_domain(labels: Labels, public: PublicSuffixList) -> Labels | None:
    if labels[-1:] == (b"arpa",):
        return labels if len(labels) > 2 else None  # noqa: PLR2004 - in-addr.arpa itself is everybody's
    text = ".".join(label.decode("latin-1").replace(".", "-") for label in labels[labels[:1] == (b"*",) :])
    domain = public.privatesuffix(text)
    return labels[len(labels) - domain.count(".") - 1 :] if domain else None
