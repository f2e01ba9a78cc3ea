"""Reads the result files of verification services (ZeroBounce, NeverBounce, Kickbox, Bouncer, Reacher)."""
# ruff: noqa: S608 - every name and number in these statements is our own; values are parameters

from collections.abc import Sequence
from pathlib import Path

from mailaudit.errors import InputError, refused
from mailaudit.facts.recipients.judging.counts import ListCounts
from mailaudit.facts.recipients.kinds import Kind
from mailaudit.facts.recipients.loading.load import create_tables, load
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.open_list import open_source, read_once
from mailaudit.facts.recipients.reading.source import Source
from mailaudit.facts.recipients.sql import literal
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.knowledge.load import entries
from mailaudit.knowledge.types.list_columns import ListColumnsFile
from mailaudit.location import Location, display_name


def load_verdicts(work: Workspace, paths: Sequence[Path]) -> None:
    """Create `refuting(k, why)`: addresses of which a service says that they must not be mailed."""
    work.create("refuting")
    known = entries(ListColumnsFile).verification
    codes = ", ".join(literal(str(code)) for code in range(len(known.codes)))
    cases = " ".join(
        f"WHEN {literal(str(code))} THEN {literal(verdict)}" for code, verdict in enumerate(known.codes)
    )
    bad = ", ".join(map(literal, known.bad))
    for path in paths:
        create_tables(work, 1)
        file = load(work, _opened(read_once(path, work), work, known.columns), 1)
        is_coded = not work.one(f"SELECT count(*) FROM mailed WHERE trim(o0) NOT IN ({codes}, '')")
        verdict = f"CASE trim(o0) {cases} END" if is_coded else "lower(trim(o0))"
        work.run(
            f"INSERT INTO refuting SELECT k, {verdict} || ' according to ' || ? FROM mailed WHERE {verdict} IN ({bad})",
            file.source.name,
        )


def add_refuted(found: ListCounts) -> int:
    """Create `refuted(r, k, why)`, the first row of every recipient whom a service refutes; return how many."""
    refuted = (
        "SELECT min(r) AS r, k, any_value(why) AS why FROM mailed JOIN "
        "(SELECT k, min(why) AS why FROM refuting GROUP BY k) USING (k) GROUP BY k"
    )
    return found.add(Kind.REFUTED, "refuted", refuted, "why")


def _opened(path: Path, work: Workspace, columns: Sequence[str]) -> Source:
    for name in columns:
        try:
            return open_source(path, work, Wanted(others=(name,)))
        except InputError as error:
            if "there is no column" not in str(error):
                raise
    todo = f"export it with the service's own columns (one of {', '.join(columns)})"
    raise refused("no column holds the verdict of a verification service", Location(display_name(path)), todo)
