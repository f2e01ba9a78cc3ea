"""Several campaigns in one run: audited beside each other, told in one summary."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailaudit.campaign.values.types import STDIN
from mailaudit.cli import options as shared
from mailaudit.cli.auditing.single import Audited
from mailaudit.cli.outputs import Output, check_target, parse_outputs, write_outputs
from mailaudit.cli.streams import complain
from mailaudit.errors import InputError
from mailaudit.policy import ExitCode
from mailaudit.reports.formats import named

if TYPE_CHECKING:
    from mailaudit.campaign.of_domain import Domain
    from mailaudit.options import Options
    from mailaudit.reports.document.types import Document

# The worst first: what cannot be used, what is found, what is not certain.
_BY_WEIGHT = (ExitCode.UNUSABLE, ExitCode.FINDINGS, ExitCode.INCOMPLETE)


def audit_fleet(files: Sequence[Path | Domain], chosen: dict[str, Any], options: Options) -> Audited:
    """Audit several campaigns and write their files; the exit code is the worst.

    A campaign that cannot be used is said on stderr and hinders no other. Raises `InputError` and `UsageError`.
    """
    from mailaudit.api import audit_each  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.document.build import document  # noqa: PLC0415 - as above
    from mailaudit.reports.fleet.model import Fleet  # noqa: PLC0415 - as above

    for option, name in (("write_baseline", "--write-baseline"), ("drafts", "--diff-zone")):
        if chosen[option]:
            raise click.UsageError(f"{name} takes one campaign.")
    if STDIN in files:
        raise click.UsageError("- (standard input) holds one campaign; name no other beside it.")
    shown_as = named(chosen["stdout_format"], "fleet")
    outputs = _outputs(files, chosen, options)
    before = _before(chosen["since"])
    audited = audit_each(files, options)
    reports = tuple(document(one) for one in audited if not isinstance(one, InputError))
    refused = {
        str(file): tuple(map(str, error.complaints))
        for file, error in zip(files, audited, strict=True)
        if isinstance(error, InputError)
    }
    fleet = Fleet(reports, before, is_compared=chosen["since"] is not None, unusable=refused)
    write_outputs(outputs, fleet, shared.file_options(chosen), options.lookups.progress)
    text = shown_as.for_stdout(fleet, shared.stdout_options(chosen))
    for error in audited:
        for complaint in error.complaints if isinstance(error, InputError) else ():
            complain(complaint)
    code = worst([ExitCode.UNUSABLE if isinstance(one, InputError) else one.exit_code for one in audited])
    lines = tuple(line for told in refused.values() for line in told)
    return Audited(code, reports, text, shown_as.speaks_to_runner, lines)


def _outputs(files: Sequence[Path | Domain], chosen: dict[str, Any], options: Options) -> tuple[Output, ...]:
    """Return what is to be written, none of it over a file that any campaign reads; confine an untrusted run."""
    from mailaudit.api import prepare  # noqa: PLC0415 - keeps --help light

    taken = list(filter(None, (chosen["policy"], chosen["baseline"], chosen["since"])))
    campaigns = []
    for file in files:
        with contextlib.suppress(InputError), prepare(file, options) as ready:  # told when it is audited
            taken += ready.files
            campaigns.append(ready)
    if chosen["record"]:
        check_target("--record", chosen["record"], taken)
        taken.append(chosen["record"])
    outputs = parse_outputs(chosen["output"], taken, of="fleet")
    written = [path.absolute().parent for path in (*(one.path for one in outputs), chosen["record"]) if path]
    if campaigns:
        shared.confine(campaigns, written)
    return outputs


def _before(since: Path | None) -> dict[str, Document]:
    if since is None:
        return {}
    from mailaudit.cli.saved_report import load_reports  # noqa: PLC0415 - only with --since

    return {report.campaign.file: report for report in load_reports(since)}


def worst(codes: Sequence[int]) -> int:
    """Return the exit code that weighs most: 2, then 1, then 3."""
    return next((code for code in _BY_WEIGHT if code in codes), ExitCode.FINE)
