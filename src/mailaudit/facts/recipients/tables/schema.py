"""Every table of a list in the engine, in the order in which they come into being; a test holds it against a real run.

`r` is the number of a row across all files, from 0; `k` a comparable address; `d` a domain; `n` a number of recipients;
`h` a digest; `o0`, `o1` … further cells that are wanted. In a name, `*` stands for the number of such a cell, or
for the name of a kind.
"""

import re
from collections.abc import Mapping

SCHEMA: Mapping[str, str] = {
    # loading: `people` has a row for every physical line, `judged` one for every row that was looked at closely,
    # `inside` the lines of a record behind its first one; `mailed` is a view of every row with a valid address.
    "people": "k VARCHAR, w VARCHAR, rest VARCHAR, alike UBIGINT, o* VARCHAR",
    "judged": "r BIGINT, k VARCHAR, w VARCHAR, kind VARCHAR, reason VARCHAR, shown VARCHAR, o* VARCHAR",
    "inside": "r BIGINT",
    "mailed": "r BIGINT, k VARCHAR, w VARCHAR, o* VARCHAR",
    "swallowed": "r BIGINT",
    # every address of a cell that was split: its row, the line of the cell, and how it is written
    "part": "r BIGINT, line BIGINT, address VARCHAR",
    # what cells that hold no address mean; what `clashes` with an address that is not taken
    "repair": "r BIGINT, old VARCHAR, new VARCHAR, k VARCHAR, reason VARCHAR, clash VARCHAR",
    # people who must not be mailed (addresses, or digests), and addresses that verification services refute
    "stop": "k VARCHAR, box VARCHAR, h UBIGINT",
    "long_digest": "k VARCHAR, digest VARCHAR",
    "kind_cell": "place BIGINT, cell VARCHAR, kind VARCHAR",
    "refuting": "k VARCHAR, why VARCHAR",
    # repeats: digests that occur twice and their rows, addresses that do, and the rows behind the first one
    "alike": "h UBIGINT",
    "near": "r BIGINT, k VARCHAR, w VARCHAR",
    "repeated": "k VARCHAR, first BIGINT, n BIGINT, written VARCHAR",
    "later": "r BIGINT, k VARCHAR, first BIGINT, recased BOOLEAN",
    # domains: all, those to be asked, those that were, and what DNS told
    "domain": "d VARCHAR, n BIGINT",
    "stranger": "d VARCHAR, n BIGINT",
    "asked": "d VARCHAR",
    "late": "d VARCHAR",
    "told": "d VARCHAR, problem VARCHAR, silent VARCHAR, owner VARCHAR, parked VARCHAR, site VARCHAR",
    # kinds of recipients: the first row of each, why, and the tables that tell
    "suppressed": "r BIGINT, k VARCHAR, why VARCHAR",
    "role": "r BIGINT, k VARCHAR",
    "disposable_name": "name VARCHAR",
    "disposable_domain": "d VARCHAR",
    "disposable": "r BIGINT, k VARCHAR, why VARCHAR",
    "misspelling": "slip VARCHAR, meant VARCHAR, known BOOLEAN",
    "dead_ending": "slip VARCHAR, meant VARCHAR",
    "typo_domain": "d VARCHAR, meant VARCHAR",
    "typo": "r BIGINT, k VARCHAR, why VARCHAR",
    "dead_domain": "d VARCHAR, why VARCHAR",
    "dead": "r BIGINT, k VARCHAR, why VARCHAR",
    "parked_domain": "d VARCHAR, why VARCHAR",
    "parked": "r BIGINT, k VARCHAR, why VARCHAR",
    "refuted": "r BIGINT, k VARCHAR, why VARCHAR",
    # dated columns: the distinct cells, what each tells (ISO days, a yes without one), and the latest of each person
    "cell_*": "cell VARCHAR",
    "date_*": "cell VARCHAR, day VARCHAR, late VARCHAR, said VARCHAR",
    "dated_*": "r BIGINT, k VARCHAR, day VARCHAR, late VARCHAR, said VARCHAR, cell VARCHAR",
    # refusals: the distinct cells of one column, those that refuse, the rows that do, and one row for each person
    "answer_cell": "cell VARCHAR",
    "refusing_cell": "cell VARCHAR, why VARCHAR",
    "refused": "r BIGINT, k VARCHAR, why VARCHAR",
    "reason": "why VARCHAR, code BIGINT",
    "opted_out": "r BIGINT, k VARCHAR, why VARCHAR",
    "mailbox": "r BIGINT, k VARCHAR, box VARCHAR",
    "same_mailbox": "r BIGINT, k VARCHAR, first BIGINT",
    "close": "h UBIGINT",
    "stem": "h UBIGINT",
    "filled": "h UBIGINT, block INTEGER, bits UBIGINT",
    "run": "h UBIGINT, block INTEGER, bits UBIGINT",
    "machine_made": "r BIGINT, k VARCHAR",
    "international": "r BIGINT, k VARCHAR",
    # one view for each kind of rows
    "kind_*": "r BIGINT, k VARCHAR, why VARCHAR",
    # providers: by domain, the owner of each domain, and its number in the sequence; what nobody known owns is grouped by
    # whose mail servers it shares (`site`)
    "provider_domain": "d VARCHAR, name VARCHAR",
    "owned": "d VARCHAR, n BIGINT, name VARCHAR, site VARCHAR, is_company BOOLEAN",
    "seat": "d VARCHAR, name VARCHAR, p USMALLINT",
    # splitting: the first message of each part, whose mail a part carries, and the part of each row
    "bound": "part INTEGER, first BIGINT",
    "lane": "name VARCHAR, part INTEGER",
    "zone_cell": "cell VARCHAR, part INTEGER",
    "place": "r BIGINT, part INTEGER",
    # cleaning: the rows that go, each for one reason
    "rated": "r BIGINT, k VARCHAR, refuses BOOLEAN, agreed VARCHAR, said VARCHAR, late VARCHAR, active VARCHAR",
    "removed": "r BIGINT, class VARCHAR, reason VARCHAR",
}
# What is read once, however often it is judged.
LOADED = frozenset("people judged inside mailed swallowed part repair stop kind_cell refuting".split())
_VARIABLE = re.compile(r"(?<=^kind_)(?!cell).+|(?<=^cell_).+|(?<=^date_).+|(?<=^dated_).+")


def columns_of(table: str, others: int = 0) -> str:
    """Return the columns of a table, with so many further cells."""
    told = SCHEMA[_VARIABLE.sub("*", table)]
    more = "".join(f", o{at} VARCHAR" for at in range(others))
    return told.replace(", o* VARCHAR", more)
