"""Choose who answers DNS questions in this run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mailaudit.errors import Complaint, InputError
from mailaudit.facts.dns.resolver import CachingResolver, OnAnswer
from mailaudit.facts.dns.sources.offline import OfflineSource
from mailaudit.facts.dns.sources.servers import Server, parse_server, system_servers
from mailaudit.facts.dns.sources.source import AnswerSource
from mailaudit.location import Location

QUESTION_BUDGET = 4.0
"""Seconds after which a question counts as timed out."""


def open_resolver(
    *,
    zones: Sequence[Path] = (),
    drafts: Sequence[Path] = (),
    servers: Sequence[str | Server] = (),
    offline: bool = False,
    replay: Path | None = None,
    record: Path | None = None,
    on_answer: OnAnswer | None = None,
    timeout: float = QUESTION_BUDGET,
    run_budget: float | None = None,
    max_concurrent: int = 100,
) -> CachingResolver:
    """Return the resolver of a run; `timeout` and `run_budget` are in seconds; raises `InputError` for bad files.

    A recording answers alone. Zone files answer alone, unless servers are given too: then these answer what the
    files do not cover. Otherwise the given servers answer, or this machine's. Offline, no server is ever asked.
    `drafts` are zone files laid over whatever answers: the world as it would be once they are published.
    Nothing is sent before the first question; the caller closes the resolver.
    """
    if record is not None and (record.is_dir() or not record.parent.is_dir()):
        what = "cannot write the DNS recording: there is no such folder, or it is one itself"
        raise InputError(Complaint(what, Location(str(record)), "choose another file with --record"))
    source: AnswerSource
    if replay is not None:
        source = _replay(replay)
    elif offline or (zones and not servers):
        source = _zones(zones) if zones else OfflineSource()
    else:
        from mailaudit.facts.dns.sources.live import LiveSource  # noqa: PLC0415 - not for offline runs

        given = [server if isinstance(server, Server) else parse_server(server) for server in servers]
        source = LiveSource(
            given or system_servers(), timeout=timeout, run_budget=run_budget, max_concurrent=max_concurrent
        )
        if zones:
            source = _over(zones, source)
    if drafts:
        source = _over(drafts, source)
    return CachingResolver(source, on_answer=on_answer, record=record)


def _replay(path: Path) -> AnswerSource:
    from mailaudit.facts.dns.sources.recording import ReplaySource, read_recording  # noqa: PLC0415 - reads dnspython

    return ReplaySource(path, read_recording(path))


def _zones(paths: Sequence[Path]) -> AnswerSource:
    from mailaudit.facts.dns.sources.zone_file import read_zone_file  # noqa: PLC0415 - reads dnspython
    from mailaudit.facts.dns.sources.zones import ZoneSource  # noqa: PLC0415 - the same

    return ZoneSource([read_zone_file(path) for path in paths])


def _over(paths: Sequence[Path], beneath: AnswerSource) -> AnswerSource:
    from mailaudit.facts.dns.sources.overlay import OverlaySource  # noqa: PLC0415 - reads dnspython
    from mailaudit.facts.dns.sources.zone_file import read_zone_file  # noqa: PLC0415 - the same
    from mailaudit.facts.dns.sources.zones import ZoneSource  # noqa: PLC0415 - the same

    return OverlaySource(ZoneSource([read_zone_file(path) for path in paths], partial=True), beneath)
