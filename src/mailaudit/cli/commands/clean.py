"""`mailaudit clean`: write the clean list, and the removed rows with reasons."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.cli import options as shared
from mailaudit.cli.environment import flag, option
from mailaudit.cli.streams import say, tell, write
from mailaudit.language.spoken import Pasted, form, said, word
from mailaudit.wording import numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailaudit.cleaning.result import Cleaned, CleanedFile, CleanPlan


@click.command(name="clean")
@shared.campaign_file
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    envvar="MAILAUDIT_CLEAN_OUTPUT",
    help="Write here (default: beside each list).",
)
@option(
    "--remove",
    multiple=True,
    metavar="CLASS",
    help="Remove these classes too (default: unreadable, invalid, missing, duplicates, suppressed, opted-out,"
    " undeliverable, parked); or all.",
)
@option("--keep", multiple=True, metavar="CLASS", help="Do not remove these classes.")
@option(
    "--to", type=click.Choice(["csv", "parquet", "xlsx"]), help="Write this format (default: that of each list)."
)
@flag("--repairs", help="Write beside them what invalid cells plainly mean, and where that clashes.")
@flag("--apply-repairs", "applied", help="Put these repairs into the clean list.")
@flag("--ledger", help="Write which row and which date justify each address that stays.")
@flag("--dry-run", help="Only say what would be removed.")
@flag("--force", help="Replace files that exist (never an input).")
@flag("--neutralize-formulas", "neutral", help="Put an apostrophe before cells that a spreadsheet would run.")
@click.option(
    "-f",
    "--format",
    "stdout_format",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    envvar="MAILAUDIT_CLEAN_FORMAT",
    help="The summary on stdout.",
)
@shared.reading
@shared.no_progress
def command(campaign: Path, **chosen: Any) -> int:
    """Write the clean list of CAMPAIGN (default: ./campaign.yml), and the removed rows with a reason each.

    All columns and the order of the rows stay as they are, and the list itself is never changed. Exit code 0
    means done, 2 that an input or an output cannot be used.
    """
    from mailaudit import api  # noqa: PLC0415 - keeps --help light

    plan = _plan(chosen)
    with shared.prepared(campaign, chosen) as ready:
        shared.confine([ready], [plan.folder or ready.source.path.parent])
        cleaned = api.clean(ready, plan)
    if chosen["stdout_format"] == "json":
        write(_as_json(cleaned, plan))
    else:
        tell(*_as_text(cleaned, plan, campaign))
    for key_name, lacking in cleaned.not_examined.items():
        say(f"mailaudit: class {key_name} could not be told here ({lacking}); no row was removed for it")
    return 0


def _plan(chosen: dict[str, Any]) -> CleanPlan:
    from mailaudit.cleaning.choose_rows import DEFAULT, NAMES  # noqa: PLC0415 - as above
    from mailaudit.cleaning.result import CleanPlan, Repairs  # noqa: PLC0415 - keeps --help light

    more, less = shared.split(chosen["remove"]), shared.split(chosen["keep"])
    for name in (*more, *less):
        if name not in {*NAMES, "all"}:
            close = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {close[0]}?" if close else f"the classes are {', '.join(NAMES)}"
            raise click.UsageError(f"unknown class {name!r}; {hint}")
    both = [name for name in more if name in less or "all" in less]
    if both:
        raise click.UsageError(
            f"{', '.join(both)}: --remove and --keep contradict each other; leave one of them out"
        )
    wanted = set(NAMES) if "all" in more else DEFAULT | set(more)
    return CleanPlan(
        classes=frozenset() if "all" in less else frozenset(wanted - set(less)),
        folder=chosen["folder"],
        to=chosen["to"],
        dry_run=chosen["dry_run"],
        force=chosen["force"],
        neutral=chosen["neutral"],
        ledger=chosen["ledger"],
        repairs=Repairs.APPLIED if chosen["applied"] else Repairs.PROPOSED if chosen["repairs"] else Repairs.NONE,
    )


def _to_write(paths: list[Path], folder: Path) -> Pasted:
    """Return the lines of the campaign file that name the clean lists, in YAML and relative to the file."""
    shown = [
        json.dumps(os.path.relpath(str(path), str(folder)).replace(os.sep, "/"), ensure_ascii=False)
        for path in paths
    ]
    return Pasted(f"  recipients:\n    files: [{', '.join(shown)}]\n")


def _as_text(cleaned: Cleaned, plan: CleanPlan, campaign: Path) -> Iterator[str]:
    for place, file in enumerate(cleaned.files):
        yield "\n" if place else ""
        yield from _file_as_text(file, plan)
    if len(cleaned.files) > 1:
        kept = sum(file.kept for file in cleaned.files)
        yield f"\nTogether: {cleaned.rows:,} rows = {kept:,} kept + {cleaned.rows - kept:,} removed\n"
    if cleaned.repeated:
        why = "such a row alone shows that its person was active lately, or agreed"
        yield f"\nStill repeated: {cleaned.repeated:,} ({why})\n"
    paths = [file.clean for file in cleaned.files if file.kept and isinstance(file.clean, Path)]
    if not any(file.kept for file in cleaned.files):
        yield "\nNobody is left to send to.\n"
    elif paths:
        yield f"\nTo send to these people, write in {campaign.name}:\n"
        yield _to_write(paths, campaign.parent)


def _file_as_text(file: CleanedFile, plan: CleanPlan) -> Iterator[str]:
    removed = sum(file.removed.values())
    would = "would be " if plan.dry_run else ""
    yield Pasted(f"{file.name}{form('joint', ': ')}")
    yield f"{file.rows:,} rows = {file.kept:,} {would}kept + {removed:,} {would}removed\n"
    for name, count in file.removed.items():  # which --keep takes as it stands
        yield f"  {count:>9,}"
        yield Pasted(f"  {name}\n")
    if file.formulas:
        done = "neutralised" if plan.neutral else "left as they are (--neutralize-formulas changes that)"
        begin = "begins" if file.formulas == 1 else "begin"
        yield f"  {numbered(file.formulas, 'kept cell')} {begin} like a spreadsheet formula; {done}\n"
    if file.clean:
        yield _place("clean list:", file.clean)
        yield _place("removed rows:", file.leftovers)
    if file.repairs:
        yield _place(word("repairs:"), file.repairs, end="")
        yield f" ({numbered(file.repaired, 'row')}{_what_of_them(plan)})\n"
    if file.ledger:
        yield _place(word("ledger:"), file.ledger)
    if file.removed.get("invalid") and file.repairs is None and not plan.dry_run:
        yield "  Some cells that are invalid may plainly mean an address: --repairs proposes it.\n"


def _place(label: str, path: Path | str | None, end: str = "\n") -> Pasted:
    """Return where a file is, which is no sentence."""
    return Pasted(f"  {said(label):<13} {path}{end}")


def _what_of_them(plan: CleanPlan) -> str:
    from mailaudit.cleaning.result import Repairs  # noqa: PLC0415 - keeps --help light

    return ", taken where nothing clashed" if plan.repairs is Repairs.APPLIED else ""


def _as_json(cleaned: Cleaned, plan: CleanPlan) -> str:
    files = [
        {
            "file": file.name,
            "rows": file.rows,
            "kept": file.kept,
            "removed": file.removed,
            "formulas": file.formulas,
            "clean": str(file.clean) if file.clean else None,
            "leftovers": str(file.leftovers) if file.leftovers else None,
            "repairs": str(file.repairs) if file.repairs else None,
            "repaired": file.repaired,
            "ledger": str(file.ledger) if file.ledger else None,
        }
        for file in cleaned.files
    ]
    told = {
        "schema_version": 1,
        "dry_run": plan.dry_run,
        "rows": cleaned.rows,
        "kept": sum(file.kept for file in cleaned.files),
        "removed": sum(sum(file.removed.values()) for file in cleaned.files),
        "files": files,
        "repeated": cleaned.repeated,
        "not_examined": list(cleaned.not_examined),
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
