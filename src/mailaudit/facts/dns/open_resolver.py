"""Choose who answers DNS questions in this run."""

from collections.abc import Sequence
from pathlib import Path

from mailaudit.errors import refused
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.kinds import open_kind, open_servers
from mailaudit.facts.dns.sources.source import AnswerSource
from mailaudit.location import Location

QUESTION_BUDGET = 4.0
"""Seconds after which a question counts as timed out."""


def open_resolver(
    *,
    zones: Sequence[Path] = (),
    drafts: Sequence[Path] = (),
    servers: Sequence[str] = (),
    offline: bool = False,
    replay: Path | None = None,
    record: Path | None = None,
    timeout: float = QUESTION_BUDGET,
) -> CachingResolver:
    """Return the resolver of a run; `timeout` is in seconds; raises `InputError` for bad files.

    A recording answers alone. Zone files answer alone, unless servers are given too: then these answer what the
    files do not cover. Otherwise the given servers answer, or this machine's. Offline, no server is ever asked.
    `drafts` are zone files laid over whatever answers: the world as it would be once they are published.
    Nothing is sent before the first question; the caller closes the resolver.
    """
    if record is not None and (record.is_dir() or not record.parent.is_dir()):
        what = "cannot write the DNS recording: there is no such folder, or it is one itself"
        raise refused(what, Location(str(record)), "choose another file with --record")
    if replay is not None:
        source = open_kind("recording", (replay,), timeout)
    elif zones and (offline or not servers):
        source = open_kind("zones", zones, timeout)
    elif offline:
        source = open_kind("offline", (), timeout)
    else:
        source = open_servers(servers, timeout)
        if zones:
            source = _over(zones, source)
    if drafts:
        source = _over(drafts, source)
    return CachingResolver(source, record=record)


def _over(paths: Sequence[Path], beneath: AnswerSource) -> AnswerSource:
    from mailaudit.facts.dns.sources.overlay import OverlaySource  # noqa: PLC0415 - reads dnspython
    from mailaudit.facts.dns.sources.zone_file import read_zone_files  # noqa: PLC0415 - the same
    from mailaudit.facts.dns.sources.zones import ZoneSource  # noqa: PLC0415 - the same

    return OverlaySource(ZoneSource(read_zone_files(paths), partial=True), beneath)
