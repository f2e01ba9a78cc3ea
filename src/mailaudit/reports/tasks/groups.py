"""Which findings have one cause or one remedy."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from mailaudit.checks.finding import Severity
from mailaudit.checks.remedy import Stage
from mailaudit.reports.content.ranking import Item, fix_first, items
from mailaudit.reports.document.types import Document

SCHEDULE = "schedule"
MOVE = "move"
CLEAN = "clean"
_SHARED = {
    SCHEDULE: (
        "window-over-limit",
        "business-mail-crowded-out",
        "warm-up-too-steep",
        "provider-over-limit",
        "window-near-limit",
        "window-not-robust",
        "limiter-allows-bursts",
    ),
    MOVE: (
        "sends-from-own-server",
        "sends-from-web-site",
        "sends-from-mailbox",
        "sends-from-access-line",
        "business-mail-at-risk",
    ),
}
# What is asked now of one record, or of one server's name, is asked at once.
_OF_ONE_SUBJECT = ("spf-*", "dkim-key-*", "helo-*")
_OF_ONE_RECORD = ("dmarc-invalid", "dmarc-outdated-tags", "dmarc-without-reports", "dmarc-report-*")
# Who confirms, and who is somebody, stays: these rows are removed last, by a decision and not by a command in passing.
_LAST_RESORT = frozenset({"old-consent", "machine-made"})
_CLEANS = re.compile(r"`mailaudit clean(?: --remove (?P<classes>[a-z,-]+))?`")


def groups(found: list[Item]) -> list[list[Item]]:
    """Return the findings by what settles them, each group and its members in the order of the findings."""
    parents = list(range(len(found)))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = parents[parents[place]]
            place = parents[place]
        return place

    seen: dict[tuple[str, ...], int] = {}
    for place, item in enumerate(found):
        for key in _keys(item):
            parents[root(place)] = root(seen.setdefault(key, place))
    for place, item in enumerate(found):
        for cause in _causes(item, found):
            parents[root(place)] = root(cause)
    gathered: dict[int, list[Item]] = {}
    for place, item in enumerate(found):
        gathered.setdefault(root(place), []).append(item)
    return sorted(gathered.values(), key=lambda group: found.index(group[0]))


def to_do_first(document: Document) -> int:
    """Return how many groups hold something that must be put right before the send."""
    first = {id(item.finding) for item in fix_first(document)}
    return sum(any(id(item.finding) in first for item in group) for group in groups(items(document)))


def remedy(item: Item) -> str | None:
    """Return the name of the remedy that a finding shares with others of other checks, if it does."""
    if item.finding.severity is not Severity.NOTE and left_out(item) is not None:
        return CLEAN
    return next((name for name, checks in _SHARED.items() if item.result.check in checks), None)


def left_out(item: Item) -> tuple[str, ...] | None:
    """Return the classes of rows that `clean --remove` leaves out for a finding; missing where cleaning is no cure."""
    found = [match for step in item.finding.fix.steps for match in _CLEANS.finditer(step)]
    classes = tuple(name for match in found for name in (match["classes"] or "").split(",") if name)
    return classes if found and _LAST_RESORT.isdisjoint(classes) else None


def _keys(item: Item) -> Iterator[tuple[str, ...]]:
    """Yield what two findings of one task have in common: the check, the remedy, or a record to change at a time."""
    yield "check", item.result.check
    if not item.finding.fix.dns_record:
        yield "step", *item.finding.fix.steps[:1]
    yield from of_one_record(item)
    shared = remedy(item)
    if shared:
        yield "remedy", shared
    fix = item.finding.fix
    for record in fix.dns_records:
        kind = (
            record.value.split(maxsplit=1)[0].lower().rstrip(";") if record.type == "TXT" and record.value else ""
        )
        place = record.zone.lower(), record.name.lower(), record.type
        yield "record", *place, kind, str(fix.stage)
        yield "value", *place, str(record.value)  # what is published now need not be published later


def of_one_record(item: Item) -> Iterator[tuple[str, ...]]:
    """Yield of which record, or of which server's name, a finding asks something now."""
    if (item.finding.fix.stage or Stage.NOW) is Stage.NOW:
        yield from (("subject", one, item.finding.subject) for one in _OF_ONE_SUBJECT if _is(item, one))
        yield from (("DMARC record",) for one in _OF_ONE_RECORD if _is(item, one))


def _is(item: Item, pattern: str) -> bool:
    return fnmatchcase(item.result.check, pattern)


def _causes(item: Item, found: list[Item]) -> Iterator[int]:
    """Yield the places of what brings a finding about: for each kind of cause the most urgent, and every error."""
    for pattern in item.result.follows:
        of_kind = [p for p, one in enumerate(found) if one is not item and _is(one, pattern)]
        yield from (p for p in of_kind if p == of_kind[0] or found[p].finding.severity is Severity.ERROR)
