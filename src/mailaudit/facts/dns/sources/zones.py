"""Answer from zone files as an authoritative server would (RFC 1034, section 4.3.2; RFC 4592; RFC 6672)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path, PurePath
from typing import cast

import dns.name
import dns.rdata
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.DNAME import DNAME
from dns.rdtypes.ANY.SOA import SOA
from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.names import Labels, labels_of, labels_of_name, name_of, text_of
from mailaudit.facts.dns.sources.source import AnswerSource
from mailaudit.facts.dns.sources.zone_file import Fault, ZoneFile, read_zone_files
from mailaudit.facts.dns.sources.zone_tree import Records, ZoneTree
from mailaudit.facts.dns.wire.query import UDP_PAYLOAD, chain_problem
from mailaudit.facts.dns.wire.size import RecordSet, message_size


class Kind(Enum):
    """What the zone files know about one name and type, before any CNAME is followed."""

    RECORDS = auto()
    ALIAS = auto()
    NODATA = auto()
    NXDOMAIN = auto()
    DELEGATED = auto()
    UNKNOWN = auto()
    FAULT = auto()


class Found(Struct, frozen=True):
    """One step of a look-up; `file` is the zone file that says so."""

    kind: Kind
    file: str = ""
    records: Records | None = None
    target: Labels | None = None
    apex: Labels | None = None
    fault: Fault | None = None


class ZoneSource(AnswerSource):
    """Answers from zone files only; a name that they do not cover is `refused`, for nothing is known about it.

    With `partial`, only files with an SOA record say what does not exist; the others add or replace records.
    """

    def __init__(self, files: Sequence[ZoneFile], *, partial: bool = False) -> None:
        self._files = tuple(files)
        self._partial = partial
        self._tree = ZoneTree(files)
        self._closed_world = any(file.closed_world for file in files)
        self._faults: dict[tuple[Labels, bool], list[tuple[Fault, str]]] = {}
        for file in files:
            for fault in file.faults:
                self._faults.setdefault((fault.labels, fault.below), []).append((fault, file.display))

    @property
    def crowded_aliases(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The names with a CNAME record beside others that no zone may hold there, and the types of those."""
        return self._tree.crowded_aliases

    async def ask(self, name: str, rdtype: str) -> Answer:
        """Return the answer to one question."""
        return self.answer(name, rdtype)

    def describe(self) -> str:
        """Return `zone files acme.zone, platform.zone`."""
        return "zone files " + ", ".join(PurePath(file.display).name for file in self._files)

    def answer(self, name: str, rdtype: str) -> Answer:
        """Return the answer to one question, CNAME records followed."""
        walk = _Walk(name, rdtype)
        while True:
            found = self.find(walk.labels, rdtype)
            if found.records is not None:
                walk.sets.append((name_of(walk.labels), found.records.ttl, tuple(found.records.rdatas)))
            if found.kind is not Kind.ALIAS or found.target is None:
                return self._finish(walk, found)
            problem = walk.follow(found.target)
            if problem:
                return walk.failed(Status.SERVFAIL, found.file, problem)

    def find(self, labels: Labels, rdtype: str) -> Found:
        """Return what the files know about one name and type, without following a CNAME."""
        fault = self._fault_at(labels, rdtype)
        if fault is not None:
            return fault
        found = self._find_data(labels, rdtype)
        denied = found.kind in {Kind.NODATA, Kind.NXDOMAIN}
        if denied and self._partial and not self._closed_world and not self._is_whole_zone(found.apex):
            return Found(Kind.UNKNOWN)
        return found

    def knows(self, name: str, rdtype: str) -> bool:
        """Whether the files say anything about one name and type, if only that there is no such thing."""
        return self.find(labels_of(name), rdtype).kind not in {Kind.UNKNOWN, Kind.DELEGATED}

    def _is_whole_zone(self, apex: Labels | None) -> bool:
        return apex is not None and self._tree.has_soa(apex)

    def _fault_at(self, labels: Labels, rdtype: str) -> Found | None:
        for above in range(len(labels) + 1):
            for fault, file in self._faults.get((labels[above:], above > 0), ()):
                if fault.rdtype in {"*", rdtype}:
                    return Found(Kind.FAULT, file, fault=fault)
        return None

    def _find_data(self, labels: Labels, rdtype: str) -> Found:
        apex = self._tree.apex_of(labels)
        if apex is not None:
            return self._find_inside(apex, labels, rdtype)
        if labels in self._tree.nodes:
            return self._at(labels, rdtype, apex)
        return Found(Kind.NXDOMAIN if self._closed_world else Kind.UNKNOWN)

    def _find_inside(self, apex: Labels, labels: Labels, rdtype: str) -> Found:
        tree = self._tree
        cut = tree.delegation(apex, labels)
        # Of the name that is delegated, the zone above holds whom it is delegated to.
        if cut is not None and not (cut == labels and rdtype in {"DS", "NS"}):
            return Found(Kind.DELEGATED, tree.file_of(apex), apex=apex)
        dname = tree.dname_above(apex, labels)
        if dname is not None:
            return self._rewritten(labels, dname, apex)
        node = labels if tree.exists(labels) else (b"*", *tree.closest_encloser(labels))
        if tree.exists(node):
            return self._at(node, rdtype, apex)
        return Found(Kind.NXDOMAIN, tree.file_of(apex), apex=apex)

    def _at(self, node: Labels, rdtype: str, apex: Labels | None) -> Found:
        sets = self._tree.nodes.get(node, {})
        if rdtype in sets:
            return Found(Kind.RECORDS, sets[rdtype].file, sets[rdtype], apex=apex)
        if "CNAME" in sets:
            alias = sets["CNAME"]
            target = labels_of_name(cast("CNAME", alias.rdatas[0]).target)
            return Found(Kind.ALIAS, alias.file, alias, target, apex)
        file = self._tree.file_of(apex) if apex is not None else next(iter(sets.values())).file
        return Found(Kind.NODATA, file, apex=apex)

    def _rewritten(self, labels: Labels, owner: Labels, apex: Labels) -> Found:
        rule = self._tree.nodes[owner]["DNAME"]
        target = labels[: len(labels) - len(owner)] + labels_of_name(cast("DNAME", rule.rdatas[0]).target)
        try:
            alias = dns.rdata.from_text("IN", "CNAME", name_of(target).to_text())
        except dns.name.NameTooLong:
            return Found(Kind.NXDOMAIN, rule.file, apex=apex)
        return Found(Kind.ALIAS, rule.file, Records([alias], rule.ttl, rule.file, rule.line), target, apex)

    def _finish(self, walk: _Walk, found: Found) -> Answer:
        status, detail = _verdict(walk.labels, found)
        if status not in {Status.ANSWER, Status.NODATA, Status.NXDOMAIN}:
            return walk.failed(status, found.file if found.fault else "", detail)
        negative = self._soa(found) if status is not Status.ANSWER else []
        size = message_size(name_of(labels_of(walk.name)), walk.sets, negative)
        if size is None:
            too_long = "the records are longer than the 65,535 octets that a message can hold"
            return walk.failed(Status.SERVFAIL, found.file, too_long)
        ttls = [ttl for _, ttl, _ in walk.sets]
        ttls += [min(ttl, cast("SOA", soa[0]).minimum) for _, ttl, soa in negative]
        return Answer(
            walk.name,
            walk.rdtype,
            status,
            records=tuple(found.records.rdatas) if found.kind is Kind.RECORDS and found.records else (),
            cname_chain=_texts(walk.chain),
            ttl=min(ttls, default=None),
            size=size,
            tcp=size > UDP_PAYLOAD,
            source=_shown(found.file),
            detail=detail,
        )

    def _soa(self, found: Found) -> list[RecordSet]:
        if found.apex is None or not self._tree.has_soa(found.apex):
            return []
        records = self._tree.nodes[found.apex]["SOA"]
        return [(name_of(found.apex), records.ttl, tuple(records.rdatas[:1]))]


@dataclass(slots=True)
class _Walk:
    """A question on its way along CNAME records."""

    name: str
    rdtype: str
    chain: list[Labels] = field(default_factory=list)
    sets: list[RecordSet] = field(default_factory=list)

    @property
    def labels(self) -> Labels:
        return self.chain[-1] if self.chain else labels_of(self.name)

    def follow(self, target: Labels) -> str | None:
        """Step to the target of a CNAME record, or say why not."""
        self.chain.append(target)
        return chain_problem(labels_of(self.name), self.chain)

    def failed(self, status: Status, file: str, detail: str | None) -> Answer:
        return Answer(
            self.name, self.rdtype, status, cname_chain=_texts(self.chain), source=_shown(file), detail=detail
        )


_VERDICTS = {Kind.RECORDS: Status.ANSWER, Kind.NODATA: Status.NODATA, Kind.NXDOMAIN: Status.NXDOMAIN}


def _verdict(labels: Labels, found: Found) -> tuple[Status, str | None]:
    if found.fault is not None:
        return found.fault.status, f"so says {PurePath(found.file).name}, line {found.fault.line}"
    if found.kind in _VERDICTS:
        return _VERDICTS[found.kind], None
    delegated = " (other servers hold it)" if found.kind is Kind.DELEGATED else ""
    return Status.REFUSED, f"no zone file covers {text_of(labels)}{delegated}"


def _texts(chain: Sequence[Labels]) -> tuple[str, ...]:
    return tuple(text_of(labels) for labels in chain)


def _shown(file: str) -> str:
    return f"zone {PurePath(file).name}" if file else "zones"


def open_source(given: Sequence[str | Path], timeout: float) -> ZoneSource:
    """Open zone files."""
    del timeout
    return ZoneSource(read_zone_files(map(Path, given)))
