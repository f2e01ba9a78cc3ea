"""What is to be cleaned, and what cleaning did."""

from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct

from mailaudit.facts.recipients.tables.engine import Repairs as Repairs  # noqa: PLC0414 - for those who may not import facts


class CleanPlan(Struct, frozen=True):
    """What to remove and where to write; without `folder` beside each list, `to` is `csv`, `parquet` or the list's own.

    `repairs` says whether what cells plainly mean is told, and whether it is put in their place.
    """

    classes: Collection[str]
    folder: Path | None = None
    to: str | None = None
    dry_run: bool = False
    force: bool = False
    neutral: bool = False
    repairs: Repairs = Repairs.NONE
    ledger: bool = False


class CleanedFile(Struct, frozen=True):
    """One cleaned list; `kept` and `removed` add up to its rows. The paths, or tables, are nothing after a dry run."""

    name: str
    rows: int
    kept: int
    removed: dict[str, int]
    formulas: int
    clean: Path | str | None
    leftovers: Path | str | None
    repairs: Path | None = None
    repaired: int = 0
    ledger: Path | None = None


class Cleaned(Struct, frozen=True):
    """What cleaning did; `not_examined` says of classes that were wanted what was lacking to tell them.

    Of the rows that stay, `repeated` have an address that another one has too, because each shows what no other does; an
    engine does not tell how many.
    """

    files: tuple[CleanedFile, ...]
    rows: int
    not_examined: Mapping[str, str]
    repeated: int | None = None
