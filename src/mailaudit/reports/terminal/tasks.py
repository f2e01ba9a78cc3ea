"""What is to be done: a card for each task before the send, a line or two for each of the others."""

from collections import Counter

from mailaudit.checks.finding import Severity
from mailaudit.checks.remedy import Stage
from mailaudit.language.spoken import Pasted, said
from mailaudit.reports.content import words
from mailaudit.reports.document.task import TaskEntry
from mailaudit.reports.document.types import Document
from mailaudit.reports.tasks.tasks import gravest, is_of_title, later, now, settled, tasks
from mailaudit.reports.terminal.findings import STYLES, sign
from mailaudit.reports.terminal.page import Page

CARDS_AT_MOST = 8
MESSAGES_AT_MOST = 2
STEPS_AT_MOST = 5
LATER_AT_MOST = 8
IN_FULL_AT_MOST = 5
_INDENT = 4


def write_titles(page: Page, document: Document) -> None:
    """Write what is to be done, a line for each task: first what must be done before the send."""
    for number, task in enumerate(now(document), 1):
        _write_title(page, task, f"{number}.")
    likely = later(document)
    for task in likely[:LATER_AT_MOST]:
        _write_title(page, task, page.signs.warning)
    if len(likely) > LATER_AT_MOST:
        page.write((f"and {len(likely) - LATER_AT_MOST} more", "dim"), indent=_INDENT)


def write_tasks(page: Page, document: Document) -> None:
    """Write what is to be done first, each with whom it saves, why, the record and the command."""
    first = now(document)
    if not first:
        return
    page.heading("Do first")
    for number, task in enumerate(first, 1):
        if number <= CARDS_AT_MOST:
            if number > 1:
                page.blank()
            _write_card(page, document, task, number)
        else:
            _write_title(page, task, f"{number}.")


def write_every_task(page: Page, document: Document) -> None:
    """Write every task whole, without the messages of the findings that it settles."""
    first = len(now(document))
    for number, task in enumerate(tasks(document), 1):
        if number in {1, first + 1}:
            page.heading("Do first" if number <= first else "Then" if first else "Worth a look")
        else:
            page.blank()
        _write_card(page, document, task, number, is_whole=True)


def write_later(page: Page, document: Document) -> None:
    """Write what else was found: a sentence for each task, or a line where there are many."""
    others = [task for task in tasks(document) if task.stage is not Stage.NOW]
    if not others:
        return
    page.heading("Then" if now(document) else "Worth a look")
    is_full = len(others) <= IN_FULL_AT_MOST
    for task in others[:LATER_AT_MOST]:
        lead = next(iter(gravest(settled(document, task))), None)
        severity = lead.finding.severity if lead else Severity.NOTE
        first = (sign(page, severity), STYLES[severity])
        # Said before it is cut: a sentence of a message is no message.
        why = Pasted(said(task.why) if is_full else words.first_sentence(said(task.why)))
        page.write((why, ""), first=first, indent=3)
        if severity is Severity.NOTE:
            page.write((_settles(task), "dim"), indent=3)
        else:
            step = (Pasted(f"{said(task.title)}. "), "")
            page.write(step, (_settles(task), "dim"), first=(page.signs.arrow, ""), indent=_INDENT + 1)
    if len(others) > LATER_AT_MOST:
        left = Counter(
            item.result.family for task in others[LATER_AT_MOST:] for item in settled(document, task)[:1]
        )
        told = ", ".join(f"{words.family(name)} ({count})" for name, count in left.items())
        page.write((f"and more with -v: {told}", "dim"), indent=3)


def _write_title(page: Page, task: TaskEntry, mark: str) -> None:
    page.write(
        (task.title, "bold"),
        (f" ({words.OWNERS[task.owner]})", ""),
        first=(mark, "bold"),
        indent=_INDENT,
    )


def _write_card(page: Page, document: Document, task: TaskEntry, number: int, *, is_whole: bool = False) -> None:
    _write_title(page, task, f"{number}.")
    found = settled(document, task)
    if not is_whole:  # else each finding is told in full below
        told = list(dict.fromkeys(item.finding.message for item in gravest(found)))
        for message in told[:MESSAGES_AT_MOST]:
            page.write((message, ""), indent=_INDENT)
        _write_left(page, len(told) - MESSAGES_AT_MOST, _INDENT)
    if task.impact and task.impact.providers:
        page.write((f"Touches {words.impact(task.impact, document)}.", "bold"), indent=_INDENT)
    if task.condition:
        page.write((f"Only when {task.condition}:", ""), indent=_INDENT)
    first = is_of_title(document, task)
    if first:
        _write_records(page, task)
    _write_steps(page, task, len(task.steps) if is_whole else STEPS_AT_MOST)
    if not first:
        _write_records(page, task)
    if task.command:
        page.verbatim(f"{'':{_INDENT + 1}}{page.signs.arrow} {task.command}", "cyan")
    where = next((str(item.finding.location) for item in found if item.finding.location), "")
    page.write((page.signs.dot.join(filter(None, (_settles(task), where))), "dim"), indent=_INDENT)


def _write_records(page: Page, task: TaskEntry) -> None:
    for line in (task.dns_record or "").splitlines():
        page.verbatim(line, "cyan")


def _write_steps(page: Page, task: TaskEntry, most: int) -> None:
    for step in task.steps[:most]:
        page.write((step, ""), first=(page.signs.arrow, ""), indent=_INDENT + 3)
    _write_left(page, len(task.steps) - most, _INDENT + 3)


def _write_left(page: Page, count: int, indent: int) -> None:
    if count > 0:
        page.write((f"and {count:,} more, with -v", "dim"), indent=indent)


def _settles(task: TaskEntry) -> str:
    counted = Counter(one.check for one in task.findings)
    return ", ".join(f"{check} ({count:,})" if count > 1 else check for check, count in counted.items())
