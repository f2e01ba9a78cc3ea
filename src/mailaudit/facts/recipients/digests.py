"""Finds what rows share by digests, which group faster than texts and in bounded memory however long a list is."""
# ruff: noqa: S608 - the expressions are our own

from __future__ import annotations

from mailaudit.facts.recipients.workspace import Workspace

# So many digests are grouped within the memory of a workspace; a longer list is gone through several times.
ROWS_AT_ONCE = 20_000_000


def add_shared(work: Workspace, table: str, digest: str, rows: str, *, having: str = "count(*) > 1") -> None:
    """Create `table(h)` with the digests that several rows share.

    `digest` is an expression over the FROM item `rows`, whose comparable address is `k`; `having` says when a digest
    is wanted, by the rows that have it: `x` is the digest of the address of each.
    """
    total: int = work.one("SELECT count(*) FROM people")
    parts = max(1, -(-total // ROWS_AT_ONCE))
    told = f"SELECT {digest} AS h, hash(k) AS x FROM {rows}"
    work.run(f"CREATE TABLE {table}(h UBIGINT)")
    for part in range(parts):
        some = f" WHERE h % {parts} = {part}" if parts > 1 else ""
        work.run(f"INSERT INTO {table} SELECT h FROM ({told}){some} GROUP BY h HAVING {having}")
