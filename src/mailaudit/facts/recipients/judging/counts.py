"""Counts a loaded list: what is valid, what repeats, who is suppressed, and which domains there are."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from mailaudit.facts.recipients.cells.spellings import alike
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.load import Loaded
from mailaudit.facts.recipients.mask import mask
from mailaudit.facts.recipients.model import ColumnUse, ListFile, Sample
from mailaudit.facts.recipients.progress import COMPARED
from mailaudit.facts.recipients.tables.engine import Workspace

MAX_SAMPLES = 20
# Up to so many domains of a list are looked up in our tables; beyond, the tables join the list in the engine.
FEW_DOMAINS = 10_000
# The domain of a comparable address, which has one @ sign; splitting it costs more.
DOMAIN = "substr(k, instr(k, '@') + 1)"
_KINDS = "SELECT kind, count(*) FILTER (k IS NULL) FROM judged GROUP BY kind"
# Everybody with a digest: in the view, every statement would work out those of rows that were looked at closely.
DIGESTED = (
    "(SELECT rowid AS r, k, w, alike AS h FROM people WHERE k IS NOT NULL UNION ALL "
    f"SELECT r, k, w, {alike('k')} FROM judged WHERE k IS NOT NULL)"
)
T = TypeVar("T")


@dataclass(slots=True)
class ListCounts:
    """The counts of a list so far; `add` joins what other files of this room find out."""

    work: Workspace
    files: Sequence[Loaded]
    rows: int = 0
    valid_by_file: Sequence[int] = ()
    valid: int = 0
    unique: int = 0
    domains: int = 0
    has_near: bool = False
    few: frozenset[str] | None = None
    counts: dict[Kind, list[int]] = field(default_factory=dict)
    samples: dict[Kind, list[list[Sample]]] = field(default_factory=dict)
    reasons: dict[Kind, list[dict[str, int]]] = field(default_factory=dict)
    oldest: dict[str, str] = field(default_factory=dict)
    dated: dict[str, str] = field(default_factory=dict)
    columns: dict[int, list[ColumnUse]] = field(default_factory=dict)

    def add(self, kind: Kind, table: str, query: str, reason: str, *values: object) -> int:
        """Create `table(r, k, …)` by a query and do as `count` does; nothing is counted where no row is."""
        return self.count(kind, table, reason) if self.work.made(table, query, *values) else self.none(kind)

    def count(self, kind: Kind, table: str, reason: str, *, is_masked: bool = False) -> int:
        """Count the rows `table(r, k, …)` as a kind, keep samples, and return how many there are.

        `reason` is an SQL expression over the columns of the table; the address shown is `k`, masked unless
        `is_masked` says that it was when the row was judged. If there are any, creates the view of the kind, for those who
        want the rows.
        """
        self.add_each(table, ((kind, "TRUE", reason),), is_masked=is_masked)
        return sum(self.counts[kind])

    def add_each(self, table: str, told: Sequence[tuple[Kind, str, str]], *, is_masked: bool = False) -> None:
        """Do as `count` does for several kinds, each with its condition, an SQL expression too, and its reason."""
        conditions = ", ".join(f"count(*) FILTER ({condition})" for _, condition, _ in told)
        counted = [
            self.work.rows(f"SELECT {conditions} FROM {table} WHERE {file.within}")[0] for file in self.files
        ]
        for (kind, condition, reason), *counts in zip(told, *counted, strict=True):
            self.none(kind)
            if not any(counts):
                continue
            self.counts[kind] = counts
            self.work.run(
                f"CREATE VIEW {kind.view} AS SELECT r, k, {reason} AS why FROM {table} WHERE {condition}"
            )
            for file, count, samples in zip(self.files, counts, self.samples[kind], strict=True):
                query = f"SELECT r, k, why FROM {kind.view} WHERE {file.within} ORDER BY r LIMIT {MAX_SAMPLES}"
                shown = self.work.rows(query) if count else []
                samples += [
                    Sample(file.line(row), key if is_masked else mask(key), why) for row, key, why in shown
                ]

    def none(self, kind: Kind) -> int:
        """Take down that there are no rows of a kind, without asking for them; return their number."""
        self.counts[kind] = [0] * len(self.files)
        self.samples[kind] = [[] for _ in self.files]
        return 0

    def firsts(self, rows: str = "mailed") -> str:
        """Return the FROM item of the first row of every address among rows."""
        return f"{rows} ANTI JOIN later USING (r)" if self.unique < self.valid else rows

    def that_matter(self, names: Mapping[str, T]) -> Mapping[str, T]:
        """Return what a table of domains says of this list's ones and those above them; all of it for a long list."""
        return names if self.few is None else {name: names[name] for name in self.few & names.keys()}

    def total(self, kind: Kind) -> int | None:
        """Return how many rows or people of a kind there are; nothing when it was not looked for."""
        return sum(self.counts[kind]) if kind in self.counts else None

    def split(self, kind: Kind, reason: str) -> None:
        """Count the rows of a kind by a reason, an SQL expression over the view of the kind."""
        if not self.total(kind):
            return
        query = f"SELECT {reason} AS told, count(*) FROM {kind.view} WHERE"
        self.reasons[kind] = [
            dict(self.work.rows(f"{query} {file.within} GROUP BY told ORDER BY told")) for file in self.files
        ]

    def drop(self, kind: Kind) -> None:
        """Forget a kind of which nothing is known after all."""
        self.counts.pop(kind, None)
        self.samples.pop(kind, None)

    def place_of(self, row: str, file: str | None = None) -> str:
        """Return the SQL expression that tells in words where a row stands, seen from the file of another row.

        Without that row the file is named, unless there is only one.
        """
        cases = " ".join(
            f"WHEN {row} < {loaded.end} THEN {self._named(loaded, file)} "
            f"|| 'line ' || {line_of(loaded, row)}::VARCHAR"
            for loaded in self.files
        )
        return f"CASE {cases} END" if cases else "''"

    def _named(self, loaded: Loaded, file: str | None) -> str:
        if file is None:
            return _quoted(loaded) if len(self.files) > 1 else "''"
        return f"(CASE WHEN {file} >= {loaded.first} AND {file} < {loaded.end} THEN '' ELSE {_quoted(loaded)} END)"

    def list_files(self) -> tuple[ListFile, ...]:
        """Return the counts by file."""
        return tuple(self._list_file(at, loaded) for at, loaded in enumerate(self.files))

    def _list_file(self, at: int, loaded: Loaded) -> ListFile:
        valid = self.valid_by_file[at]
        invalid, unreadable, missing = (
            self.counts[kind][at] for kind in (Kind.INVALID, Kind.UNREADABLE, Kind.MISSING)
        )
        source = loaded.source
        return ListFile(
            path=source.display,
            name=source.name,
            column=source.column,
            rows=valid + invalid + unreadable + missing,
            valid=valid,
            invalid=invalid,
            unreadable=unreadable,
            missing=missing,
            columns=tuple(self.columns.get(at, ())),
            reasons={kind: by_file[at] for kind, by_file in self.reasons.items()},
            encoding=source.encoding,
            counts={kind: counts[at] for kind, counts in self.counts.items()},
            samples={kind: tuple(kept[at]) for kind, kept in self.samples.items() if kept[at]},
        )


def line_of(file: Loaded, row: str) -> str:
    """Return the SQL expression for the line of a row in its file, counted from 1."""
    line = f"({row} - {file.first} + 1)"
    return f"coalesce((SELECT line FROM part WHERE part.r = {row}), {line})" if file.split else line


def _quoted(loaded: Loaded) -> str:
    return "'" + loaded.source.name.replace("'", "''") + ", '"


def count_rows(work: Workspace, files: Sequence[Loaded]) -> ListCounts:
    """Count validity and duplicates; create `domain(d, n)`, `later(r, k, first, recased)` and, for it, `repeated`."""
    found = ListCounts(work, files)
    told = dict(work.rows(_KINDS))
    for kind in (Kind.INVALID, Kind.UNREADABLE, Kind.MISSING, Kind.SEVERAL):
        if kind.value in told:
            table = f"(SELECT r, shown AS k, reason FROM judged WHERE kind = '{kind.value}')"
            found.count(kind, table, "reason", is_masked=True)
        else:
            found.none(kind)
    found.valid_by_file = [work.one(f"SELECT count(*) FROM mailed WHERE {file.within}") for file in files]
    found.valid = sum(found.valid_by_file)
    found.rows = found.valid + sum(told.values())
    work.in_turn(COMPARED, [partial(step, found) for step in (_add_alike, _add_repeats, _add_domains)], found.rows)
    return found


def _add_domains(found: ListCounts) -> None:
    work, repeats = found.work, found.valid - found.unique
    domains = f"SELECT {DOMAIN} AS d, count(*) AS n FROM mailed GROUP BY d"
    if repeats:
        domains = (
            f"SELECT d, (n - coalesce(extra, 0))::BIGINT AS n FROM ({domains}) LEFT JOIN "
            f"(SELECT {DOMAIN} AS d, count(*) AS extra FROM later GROUP BY d) USING (d)"
        )
    found.domains = work.made("domain", domains)
    if found.domains <= FEW_DOMAINS:
        labels = [name.split(".") for (name,) in work.rows("SELECT d FROM domain")]
        found.few = frozenset(".".join(parts[at:]) for parts in labels for at in range(len(parts)))


def _add_alike(found: ListCounts) -> None:
    """Create `near(r, k, w)` of the rows that share a digest with another one, if there are any."""
    # Digests first, which group faster than texts: only what shares one is compared as it is.
    found.has_near = bool(found.work.made("alike", f"SELECT h FROM {DIGESTED} GROUP BY h HAVING count(*) > 1"))
    if found.has_near:
        found.work.run(f"CREATE TABLE near AS SELECT r, k, w FROM {DIGESTED} WHERE h IN (SELECT h FROM alike)")


def _add_repeats(found: ListCounts) -> None:
    """Create the tables of repeated rows; one behind the first one of its address is not unique."""
    work = found.work
    found.unique = found.valid
    if not found.has_near:
        work.create("later")
        found.none(Kind.RECASED)
        found.none(Kind.DUPLICATE)
        return
    work.run(
        "CREATE TABLE repeated AS SELECT k, min(r) AS first, count(*) AS n, arg_min(coalesce(w, k), r) AS written "
        "FROM near GROUP BY k HAVING count(*) > 1"
    )
    work.run(
        "CREATE TABLE later AS SELECT r, k, first, coalesce(w, k) <> written AS recased "
        "FROM near JOIN repeated USING (k) WHERE r > first"
    )
    already = f"'stands already in ' || {found.place_of('first', 'r')}"
    other_case = "CASE WHEN recased THEN ', in other upper and lower case' ELSE '' END"
    found.count(Kind.RECASED, "(SELECT * FROM later WHERE recased)", already)
    found.unique -= found.count(Kind.DUPLICATE, "later", f"{already} || {other_case}")
