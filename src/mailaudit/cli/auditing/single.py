"""One campaign: audited, written to files, and rendered for stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.cli import options as shared
from mailaudit.cli.machine_zone import offer_zone
from mailaudit.cli.outputs import check_target, parse_outputs, write_atomically, write_outputs
from mailaudit.reports.formats import named

if TYPE_CHECKING:
    from mailaudit.baseline import Accepted
    from mailaudit.campaign.of_domain import Domain
    from mailaudit.options import Options
    from mailaudit.policy import Report
    from mailaudit.prepare import Prepared
    from mailaudit.reports.document.types import Document


class Audited(Struct, frozen=True):
    """What a run came to: the exit code, the reports, what goes to stdout, and why campaigns cannot be used."""

    exit_code: int
    documents: tuple[Document, ...]
    text: str
    speaks_to_runner: bool = False
    unusable: tuple[str, ...] = ()


def audit_one(campaign: Path | Domain, chosen: dict[str, Any], options: Options) -> Audited:
    """Audit one campaign and write its files; raises `InputError`."""
    from mailaudit.api import prepare  # noqa: PLC0415 - keeps --help light

    shown_as = named(chosen["stdout_format"])
    look = shared.stdout_options(chosen)
    with prepare(campaign, options) as ready:
        if not chosen["quiet"]:
            offer_zone(ready.campaign)
        taken = [*ready.files, *filter(None, (chosen["policy"], *chosen["drafts"]))]
        if chosen["write_baseline"]:
            check_target("--write-baseline", chosen["write_baseline"], taken)
            taken.append(chosen["write_baseline"])
        if chosen["baseline"] != chosen["write_baseline"]:
            taken += filter(None, [chosen["baseline"]])
        if chosen["record"]:
            check_target("--record", chosen["record"], taken)
            taken.append(chosen["record"])
        outputs = parse_outputs(chosen["output"], taken)
        written = (*(output.path for output in outputs), chosen["record"], chosen["write_baseline"])
        shared.confine([ready], [path.absolute().parent for path in written if path])
        report, built = _audit(ready)
        _write_baseline(chosen["write_baseline"], report, ready.gate.baseline)
        write_outputs(outputs, built, shared.file_options(chosen), options.lookups.progress)
        if chosen["drafts"] and shown_as.name == "terminal":
            from mailaudit.reports.diff import render_diff  # noqa: PLC0415 - keeps --help light

            _, today = _audit(ready.without_drafts())
            text = render_diff(today, built, look)
        else:
            progress = _progress(ready, built, chosen) if shown_as.name == "terminal" else ""
            text = shown_as.for_stdout(built, replace(look, progress=progress))
    return Audited(int(report.exit_code), (built,), text, shown_as.speaks_to_runner)


def _audit(ready: Prepared) -> tuple[Report, Document]:
    from mailaudit.api import audit_prepared  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.document.build import document  # noqa: PLC0415 - as above

    report = audit_prepared(ready)
    return report, document(report)


def _progress(ready: Prepared, built: Document, chosen: dict[str, Any]) -> str:
    """Return what is done since the last run, where that can be compared and this run may leave a trace."""
    options = ready.options
    if (
        chosen["no_history"]
        or ready.source.path.name == "-"
        or options.untrusted
        or options.select
        or options.ignore
        or options.dns.drafts
    ):
        return ""
    from mailaudit.cli.auditing.history import progress  # noqa: PLC0415 - keeps --help light

    told = (ready.source.path, options.dns, options.recipients, options.changes, options.policy, options.baseline)
    return progress(built, told)


def _write_baseline(file: Path | None, report: Report, known: tuple[Accepted, ...]) -> None:
    if file is None:
        return
    from mailaudit.baseline import accepted, dumps  # noqa: PLC0415 - only with --write-baseline

    found = [finding for result in report.results for finding in result.findings]
    write_atomically(file, dumps(accepted(found, known, report.generated_at.date())))
