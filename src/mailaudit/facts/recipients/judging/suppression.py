"""Who must not be mailed: suppression lists, plain or hashed, compared with the recipients."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

import hashlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct

from mailaudit.facts.recipients.cells.spellings import alike, box
from mailaudit.facts.recipients.judging.counts import DIGESTED, ListCounts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.close_look import ENTRY
from mailaudit.facts.recipients.loading.load import Loaded, create_tables, load
from mailaudit.facts.recipients.model import SuppressionFile
from mailaudit.facts.recipients.reading.bounce_columns import BounceColumns
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.knowledge.list_columns import list_columns
from mailaudit.knowledge.load import directories

# Hexadecimal digests of the comparable address, by their length; those of SHA-512 the engine cannot compute.
DIGESTS = {32: "md5(k)", 40: "sha1(k)", 64: "sha256(k)"}
SHA512 = 128
PASSING, LETTING, REFUSING = "'passing', 'unsure', 'nothing'", "'lets'", "'refuses'"
# `news*@acme.example` is an address as it stands, and stops nobody whom it means.
WILDCARD = "a character that is not allowed before the @ sign"
_IS_WILD = "(contains(k, '*') AND NOT (starts_with(k, '*@') OR starts_with(k, '@*.')))"
SPELLING = "another spelling of a mailbox in the suppression list"


class StopList(Struct, frozen=True):
    """The files of people who must not be mailed, and what stands in `stop`: domains, all below some, digests, mailboxes."""

    files: tuple[SuppressionFile, ...] = ()
    has_domains: bool = False
    has_below: bool = False
    has_boxes: bool = False
    lengths: frozenset[int] = frozenset()


def load_stop_list(work: Workspace, paths: Sequence[Path]) -> StopList:
    """Create `stop(k, box, h)`: every address, `@domain` and digest that must not be mailed, with mailbox and digest.

    Rows of a bounce export that tell of a passing failure stop nobody; a lasting one for the same person does.
    """

    def asked() -> object:
        """Return all on which the entries depend, and how reports name the files."""
        named = tuple((os.path.normpath(path), hashlib.sha256(path.read_bytes()).digest()) for path in paths)
        return named, work.repairs, directories()

    return work.as_before("stop", asked, lambda: _read_stop_list(work, paths))


def _read_stop_list(work: Workspace, paths: Sequence[Path]) -> StopList:
    work.create("stop")
    notes = [BounceColumns(list_columns()) for _ in paths]
    opened = [
        open_source(path, work, Wanted(takes_hashes=True, also=note))
        for path, note in zip(paths, notes, strict=True)
    ]
    others = max((len(note.names) for note in notes), default=0)
    create_tables(work, others)
    found = [_loaded(work, load(work, source, others), note) for source, note in zip(opened, notes, strict=True)]
    digest = "NOT contains(k, '@')"
    domains, below, boxes, lengths = work.rows(
        "SELECT bool_or(starts_with(k, '@')), bool_or(starts_with(k, '@*.')), bool_or(box IS NOT NULL), "
        f"list(DISTINCT strlen(k)) FILTER ({digest}) FROM stop"
    )[0]
    return StopList(tuple(found), bool(domains), bool(below), bool(boxes), frozenset(lengths or ()))


def _loaded(work: Workspace, file: Loaded, note: BounceColumns) -> SuppressionFile:
    """Take down who is stopped by one file, and return what it holds."""
    entries = (
        f"(SELECT r, k{_further(note)} FROM mailed UNION ALL "
        f"SELECT r, unnest(string_split(shown, ' ')) AS k{_further(note)} FROM judged WHERE kind = '{ENTRY}')"
    )
    if note.names:
        work.create("kind_cell")
    for at, name in enumerate(note.names):
        cells = work.stream(f"SELECT DISTINCT o{at} FROM {entries} WHERE {file.within} AND o{at} <> ''")
        kinds = ((at, *told) for told in note.kinds(name, (cell for (cell,) in cells)))
        work.fill("kind_cell", ("BIGINT", "VARCHAR", "VARCHAR"), kinds)
    is_of = " OR ".join(f"(place = {at} AND o{at} = cell)" for at in range(len(note.names)))

    def told(kind: str) -> str:
        return f"EXISTS (SELECT 1 FROM kind_cell WHERE kind IN ({kind}) AND ({is_of}))" if is_of else "FALSE"

    passes, lets = told(PASSING), f"({told(LETTING)} AND NOT {told(REFUSING)})"
    usable_only = f"NOT {_IS_WILD}"
    conditions = (usable_only, passes, f"{lets} AND NOT {passes}") if note.names else (usable_only,)
    counts = ", ".join(f"count(DISTINCT r) FILTER ({condition})" for condition in conditions)
    usable, passing, letting, *_ = *work.rows(f"SELECT {counts} FROM {entries} WHERE {file.within}")[0], 0, 0
    # `*` may stand before the @ sign of an address; in a list of refusals it means everybody.
    key = "CASE WHEN starts_with(k, '*@') THEN substr(k, 2) ELSE k END"
    refusing = (
        f"SELECT DISTINCT {key} AS k FROM {entries} WHERE {file.within}"
        + f" AND NOT ({passes} OR {lets})" * bool(is_of)
    )
    work.run(f"INSERT INTO stop SELECT k, {box('k')}, {alike('k')} FROM ({refusing})")
    not_read = (
        f"(SELECT r, reason FROM judged WHERE kind IN ('{Kind.INVALID.value}', '{Kind.UNREADABLE.value}') AND {file.within} "
        f"UNION ALL SELECT DISTINCT r, '{WILDCARD}' FROM {entries} WHERE {file.within} AND {_IS_WILD})"
    )
    bad = work.rows(f"SELECT r, reason FROM {not_read} ORDER BY r LIMIT 20")
    unusable: int = work.one(f"SELECT count(*) FROM {not_read}")
    return SuppressionFile(
        path=file.source.display,
        name=file.source.name,
        rows=usable + unusable,
        unusable=unusable,
        unusable_lines=tuple((file.line(row), reason) for row, reason in bad),
        passing=passing,
        letting=letting,
    )


def _further(note: BounceColumns) -> str:
    return "".join(f", o{at}" for at in range(len(note.names)))


def stop_conditions(lengths: Collection[int], *, has_domains: bool) -> dict[str, str]:
    """Return the forms of an address `k` that are looked for in the stop list, each with what it says of who is found."""
    forms = {"k": "stands in the suppression list"}
    forms |= {digest: forms["k"] for length, digest in DIGESTS.items() if length in lengths}
    if has_domains:
        forms["'@' || split_part(k, '@', 2)"] = "the suppression list stops the whole domain"
    return forms


def add_subdomains(work: Workspace) -> None:
    """Stop each domain of the list that lies at or below one of `@*.domain`."""
    work.run(
        "INSERT INTO stop(k) SELECT DISTINCT '@' || d FROM domain JOIN "
        "(SELECT substr(k, 4) AS above FROM stop WHERE starts_with(k, '@*.')) ON d = above OR ends_with(d, '.' || above)"
    )


def _add_long_digests(work: Workspace) -> None:
    """Stop each address of the list of which a digest of SHA-512 is in `stop`."""
    people = work.stream("SELECT DISTINCT k FROM mailed")
    digests = ((key, hashlib.sha512(key.encode()).hexdigest()) for (key,) in people)
    work.put("long_digest", digests)
    entry = f"own.k, {box('own.k')}, {alike('own.k')}"
    work.run(f"INSERT INTO stop SELECT {entry} FROM long_digest AS own JOIN stop ON digest = stop.k")


def add_suppressed(found: ListCounts, stop: StopList) -> None:
    """Create `suppressed(r, k, why)`, the first row of every recipient whom a suppression list stops.

    Where the provider has them, other spellings of a stopped mailbox are stopped too.
    """
    work = found.work
    if stop.has_below:
        add_subdomains(work)
    if SHA512 in stop.lengths:
        _add_long_digests(work)
    forms = stop_conditions(stop.lengths, has_domains=stop.has_domains)
    cases = " ".join(f"WHEN {form} IN (SELECT k FROM stop) THEN '{why}'" for form, why in forms.items())
    if stop.has_boxes or SHA512 in stop.lengths:
        cases += f" WHEN {box('k')} IN (SELECT box FROM stop WHERE box IS NOT NULL) THEN '{SPELLING}'"
    rows = "mailed"
    if len(forms) == 1:  # who shares no digest with an address is neither that one nor another spelling of it
        rows = f"(SELECT r, k FROM {DIGESTED} WHERE h IN (SELECT h FROM stop)) AS near"
        if not work.one(f"SELECT count(*) FROM {rows}"):
            found.none(Kind.SUPPRESSED)
            return
    told = f"SELECT r, k, CASE {cases} END AS why FROM {found.firsts(rows)}"
    found.add(Kind.SUPPRESSED, "suppressed", f"SELECT r, k, why FROM ({told}) WHERE why IS NOT NULL", "why")
