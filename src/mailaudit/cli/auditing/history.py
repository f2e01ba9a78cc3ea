"""What the last run of a campaign left to do, remembered in a small file of the user's, to tell what is done since."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailaudit.cli.outputs import write_atomically
from mailaudit.errors import InputError
from mailaudit.wording import day_and_month

if TYPE_CHECKING:
    from mailaudit.reports.content.ranking import Item
    from mailaudit.reports.document.types import Document

FILE_NAME = "history.json"
CAMPAIGNS_AT_MOST = 200
_BYTES_AT_MOST = 4_000_000
_HOUR = timedelta(hours=1)


def progress(document: Document, told: Iterable[object]) -> str:
    """Remember what is to be done first, and return how much of what the last run asked is done; empty when nothing is.

    `told` is all that makes two runs comparable: the campaign file and where its answers come from. Only hashes of it
    and fingerprints are kept; a file that cannot be read or written is as good as none.
    """
    from mailaudit.reports.tasks.tasks import now, settled  # noqa: PLC0415 - keeps --help light

    file = _file()
    if file is None:
        return ""
    key = hashlib.sha256("\x1f".join(map(str, told)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    known = _read(file)
    before = known.pop(key, None)
    asked = [sorted(set(_asked(settled(document, task), document))) for task in now(document)]
    known[key] = {"at": document.generated_at.isoformat(), "tasks": asked}
    kept = dict(list(known.items())[-CAMPAIGNS_AT_MOST:])
    with contextlib.suppress(OSError, InputError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, json.dumps(kept, indent=1) + "\n")
    return _sentence(before, document)


def _asked(found: Iterable[Item], document: Document) -> Iterator[tuple[str, str]]:
    """Yield what must be gone for a task to be done: no note, and no mere warning of a plan, a move or a cleaning."""
    from mailaudit.checks.finding import Severity  # noqa: PLC0415 - keeps --help light
    from mailaudit.reports.content.ranking import fix_first  # noqa: PLC0415 - as above
    from mailaudit.reports.tasks.groups import remedy  # noqa: PLC0415 - as above

    first = {id(item.finding) for item in fix_first(document)}
    for item in found:
        is_asked = remedy(item) is None and item.finding.severity is not Severity.NOTE
        if is_asked or id(item.finding) in first:
            yield item.result.check, item.finding.fingerprint


def _sentence(before: Any, document: Document) -> str:
    from mailaudit.reports.diff import judged  # noqa: PLC0415 - keeps --help light

    try:
        asked = [{(str(check), str(mark)) for check, mark in task} for task in before["tasks"]]
        since = _since(datetime.fromisoformat(before["at"]), document.generated_at)
    except (TypeError, KeyError, ValueError):
        return ""
    results = {result.check: result for result in document.results}
    remaining = {(one.check, found.fingerprint) for one in document.results for found in one.findings}
    done = sum(not task & remaining and all(judged(results.get(check)) for check, _ in task) for task in asked)
    return f"{done:,} of {len(asked):,} task{'' if len(asked) == 1 else 's'} done {since}." if done else ""


def _since(then: datetime, now: datetime) -> str:
    """Return when the last run was: `in the last hour`, `today`, `since yesterday`, `since 28 November`."""
    passed = now - then
    if passed < _HOUR:
        return "in the last hour"
    if now.date() == then.date():
        return "today"
    return "since yesterday" if now.date() - then.date() == timedelta(days=1) else f"since {day_and_month(then)}"


def _file() -> Path | None:
    from platformdirs import user_cache_path  # noqa: PLC0415 - keeps --help light

    folder = user_cache_path("mailaudit", appauthor=False)
    return folder / FILE_NAME if folder.is_absolute() else None  # without a home there is no place


def _read(file: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if file.stat().st_size <= _BYTES_AT_MOST:
            known = json.loads(file.read_text(encoding="utf-8"))
            return known if isinstance(known, dict) else {}
    return {}
