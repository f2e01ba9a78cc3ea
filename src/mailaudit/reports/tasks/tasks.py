"""The tasks of a report: what saves most recipients first, what the law asks first among equals."""

from collections.abc import Iterator

from mailaudit.checks.finding import Severity
from mailaudit.checks.remedy import Stage, kind
from mailaudit.reports.content import ranking
from mailaudit.reports.content.at_risk import stopped
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.document.fix import RecordEntry
from mailaudit.reports.document.impact import ImpactEntry
from mailaudit.reports.document.task import SettledEntry, TaskEntry
from mailaudit.reports.document.types import Document
from mailaudit.reports.tasks.groups import groups, of_one_record, remedy
from mailaudit.reports.tasks.records import key_of_line
from mailaudit.reports.tasks.titles import command, in_short, lets_in, speaks_of_record, title

_STAGES = (Stage.NOW, Stage.LATER, Stage.OPTIONAL)
_LAW = frozenset(
    {
        "recipient-suppressed",
        "recipient-opted-out",
        "consent-missing",
        "unsubscribe-link-missing",
        "legal-identity-missing",
    }
)


def tasks(document: Document) -> tuple[TaskEntry, ...]:
    """Return the tasks of a report, those of a report from before there were tasks made anew."""
    return document.tasks or derived(document)


def now(document: Document) -> tuple[TaskEntry, ...]:
    """Return what is to be done before the send."""
    return tuple(task for task in tasks(document) if task.stage is Stage.NOW)


def later(document: Document) -> tuple[TaskEntry, ...]:
    """Return what is likely to hurt, and need not be done before the send."""
    return tuple(task for task in tasks(document) if task.stage is Stage.LATER)


def settled(document: Document, task: TaskEntry) -> list[Item]:
    """Return the findings that a task settles, the most urgent first."""
    found = {(item.result.check, item.finding.fingerprint): item for item in ranking.items(document)}
    return [found[key] for one in task.findings if (key := (one.check, one.fingerprint)) in found]


def is_of_title(document: Document, task: TaskEntry) -> bool:
    """Say whether the title speaks of a task's record, which else stands behind the step that does."""
    found = settled(document, task)
    return not found or found[0].finding.fix.dns_record is not None


def gravest(found: list[Item]) -> list[Item]:
    """Return the findings of the worst severity among some."""
    worst = max((item.finding.severity.rank for item in found), default=0)
    return [item for item in found if item.finding.severity.rank == worst]


def derived(document: Document) -> tuple[TaskEntry, ...]:
    """Return the tasks that follow from the findings that count."""
    first = {id(item.finding) for item in ranking.fix_first(document)}
    found = ranking.items(document)
    made = [_ordered(_led(group), first, document) for group in groups(found)]
    return tuple(task for _, task in sorted(made, key=lambda pair: pair[0]))


def _ordered(group: list[Item], first: set[int], document: Document) -> tuple[tuple[float, ...], TaskEntry]:
    leading = gravest(group)
    stage = _stage(leading, group, first)
    lead = group[0].finding
    published = [item for item in group if (item.finding.fix.stage or Stage.NOW) is (lead.fix.stage or Stage.NOW)]
    entry = TaskEntry(
        title=title(group),
        owner=lead.fix.owner,
        findings=tuple(
            SettledEntry(check=i.result.check, subject=i.finding.subject, fingerprint=i.finding.fingerprint)
            for i in group
        ),
        records=_records(published),
        command=command(group, document.campaign),
        steps=_more(group, published),
        impact=_impact(leading, document),
        stage=stage,
        why=leading[0].finding.message,
        condition=lead.fix.condition,
        dns_record=_lines(published),
    )
    law = not any(item.result.check in _LAW for item in leading)
    reach = entry.impact.share if entry.impact else max(ranking.reach(item) for item in leading)
    return (_STAGES.index(stage), -leading[0].finding.severity.rank, -reach, law), entry


def _led(group: list[Item]) -> list[Item]:
    """Return a group with the finding first that says what to do: whose record lets the mail pass, or the cause of all."""
    lead = next(_leading(group), group[0])
    return [lead, *(item for item in group if item is not lead)]


def _leading(group: list[Item]) -> Iterator[Item]:
    first = group[0]
    yield from (item for item in gravest(group) if remedy(item) is None and lets_in(item))
    yield from (item for item in group if ranking.follows(first, item))
    if not first.finding.fix.dns_record:  # else a milder one's record would seem to be what the first asks
        known = set(of_one_record(first))
        yield from (
            one for one in group if one.finding.fix.dns_record and not known.isdisjoint(of_one_record(one))
        )


def _more(group: list[Item], published: list[Item]) -> tuple[str, ...]:
    """Return what to mind beside the records, and what the other findings ask that nothing else of the task settles."""
    asked: list[str] = []
    of_each = {item.result.check: item for item in group}
    settled = {name for name, one in of_each.items() if any(ranking.follows(one, it) for it in of_each.values())}
    for item in group:
        steps = item.finding.fix.steps
        if remedy(item) or item.result.check in settled:
            continue
        if item.finding.fix.dns_records:
            asked += (step for step in steps if item in published and not speaks_of_record(step))
        elif steps[:1] != group[0].finding.fix.steps[:1]:
            asked += steps[:1]
    return tuple(step for step in dict.fromkeys(asked) if in_short(step) != title(group))


def _stage(leading: list[Item], group: list[Item], first: set[int]) -> Stage:
    if any(id(item.finding) in first for item in group):
        return Stage.NOW
    return Stage.OPTIONAL if leading[0].finding.severity is Severity.NOTE else Stage.LATER


def _records(group: list[Item]) -> tuple[RecordEntry, ...]:
    """Return each record once; where two findings change one thing, the record of the more urgent one."""
    taken: dict[tuple[str, str, str, str], RecordEntry] = {}
    for item in group:
        for one in item.finding.fix.dns_records:
            taken.setdefault((one.action.value, one.zone, one.name, kind(one.type, one.value)), one)
    return tuple(taken.values())


def _lines(group: list[Item]) -> str | None:
    """Return the same as zone-file lines."""
    taken: dict[tuple[str, str], str] = {}
    for item in group:
        for line in (item.finding.fix.dns_record or "").splitlines():
            taken.setdefault(key_of_line(line) or ("", line), line)
    return "\n".join(taken.values()) or None


def _impact(group: list[Item], document: Document) -> ImpactEntry | None:
    """Return the recipients whose providers refuse or junk the mail for what findings tell, else all that these touch.

    By provider where these are told, else at least the most.
    """
    told = [item.finding.impact for item in group if item.finding.impact]
    if not told:
        return None
    matrix = document.facts.providers_matrix
    rows = {row.provider: row for row in matrix.rows} if matrix else {}
    names = tuple(dict.fromkeys(name for impact in told for name in impact.providers))
    hit = stopped(names, (item.result.check for item in group), document)
    if hit:
        return hit
    touched = [rows[name] for name in names if name in rows]
    widest = max(told, key=lambda impact: impact.recipients)
    if set(widest.providers) == set(names):
        return widest
    return ImpactEntry(
        recipients=max(sum(row.recipients for row in touched), *(impact.recipients for impact in told)),
        share=round(max(min(1.0, sum(row.share for row in touched)), *(impact.share for impact in told)), 6),
        providers=names,
    )
