"""Audits again and again, and tells only what has changed."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from mailaudit.campaign.values.rates import parse_duration
from mailaudit.cli.auditing.single import Audited
from mailaudit.cli.streams import complain, say, write
from mailaudit.errors import InputError, refused
from mailaudit.policy import ExitCode
from mailaudit.reach.yaml.unusable import Unusable

if TYPE_CHECKING:
    from mailaudit.reports.document.types import Document
    from mailaudit.reports.formats import RenderOptions


def watch(audited: Callable[[], Audited], every: str, command: str | None, look: RenderOptions) -> int:
    """Print the first report; after the first change print what changed and return the exit code of the new audit.

    With a command it is run on each change, and the watch goes on. An input that cannot be used in a round is said on
    stderr, to the command once, and tried again. Raises `InputError` for a duration or a command that is none, and when
    the first round fails.
    """
    try:
        seconds = parse_duration(every).seconds
        words = shlex.split(command) if command is not None else None
    except (Unusable, ValueError) as error:
        what = f"--watch: {error.what}" if isinstance(error, Unusable) else f"--exec: {error}"
        raise refused(
            what, todo="write --watch 1h (s, min, h, d) --exec 'mail -s changed me@acme.example'"
        ) from error
    from mailaudit.reports.fleet.changes import changes  # noqa: PLC0415 - only after the first round

    first = audited()
    write(first.text, speaks_to_runner=first.speaks_to_runner)
    known, unusable = _by_file(first), first.unusable
    while True:
        time.sleep(seconds)
        after = _again(audited)
        changed = changes(known, after.documents, look)
        if changed:
            write(changed)
            if words is None:
                return after.exit_code
        lost = "".join(f"{line}\n" for line in after.unusable if line not in unusable)
        if words is not None and (changed or lost):
            _run(words, changed + lost)
        known |= _by_file(after)  # one that cannot be used for a while is compared with what it was before
        unusable = after.unusable


def _again(audited: Callable[[], Audited]) -> Audited:
    try:
        return audited()
    except InputError as error:
        for complaint in error.complaints:
            complain(complaint, "")
        return Audited(ExitCode.UNUSABLE, (), "", unusable=tuple(map(str, error.complaints)))


def _by_file(audited: Audited) -> dict[str, Document]:
    return {report.campaign.file: report for report in audited.documents}


def _run(words: list[str], told: str) -> None:
    try:
        # Our own stdout is for reports alone.
        done = subprocess.run(words, input=told, stdout=2, text=True, encoding="utf-8", check=False)  # noqa: S603 - the user's
    except OSError as error:
        say(f"mailaudit: --exec {words[0] if words else ''}: {error.strerror or error}")
    else:
        if done.returncode:
            say(f"mailaudit: --exec {words[0]}: exit code {done.returncode}")
