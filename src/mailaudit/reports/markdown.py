"""The report as Markdown, for the summary of a CI job or a ticket."""

import re
from collections.abc import Sequence

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.checks.remedy import Stage
from mailaudit.language.spoken import form, said, word
from mailaudit.reports.content import headline, ranking, words
from mailaudit.reports.content.figures import list_figures, volume_figures
from mailaudit.reports.content.letter import record_lines
from mailaudit.reports.content.proof import proof_sentence, remembered_sentence
from mailaudit.reports.content.ranking import Item
from mailaudit.reports.content.second_opinion import TITLE, second_opinion
from mailaudit.reports.content.who_sends import departure
from mailaudit.reports.document.task import TaskEntry
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain
from mailaudit.reports.tasks.tasks import now, settled, tasks
from mailaudit.reports.tasks.titles import GUIDE
from mailaudit.wording import numbered

# GitHub cuts a step summary at 1 MiB; these many findings stay far below.
FULL_AT_MOST = 50
ROWS_AT_MOST = 200
SUBJECTS_AT_MOST = 4
WITH_SUBJECTS_AT_MOST = 3
# Signs that may begin markup anywhere; a colon or a dot where an address or an emoji could follow; and, at the
# beginning, what makes a heading, a list or a rule.
_SPECIAL = re.compile(r"[\\`*_\[\]|~<>@$]|:(?=\S)|(?<=www)\.|^[#+=-]|#(?=#*$)", re.IGNORECASE)
# Our own sentences name commands and keys between backticks.
_TICKS = re.compile(r"`([^`]+)`")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_BADGES = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.NOTE: "🔵"}
_VERDICTS = {
    "ready": "🟢",
    "ready-with-warnings": "🟡",
    "ready-with-accepted": "🟡",
    "not-ready": "🔴",
    "incomplete": "🟣",
}


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as GitHub-flavoured Markdown; the options change nothing."""
    del options
    campaign = document.campaign
    lines = [f"## {_VERDICTS[document.verdict]} {escape(headline.headline(document))}", ""]
    more = headline.subline(document)
    lines += [escape(more), ""] if more else []
    lines += [f"{escape(campaign.name)} · {code(campaign.from_domain)} · {escape(headline.tally(document))}", ""]
    lines += _do_first(document)
    lines += _then(document)
    lines += _numbers(document)
    lines += _findings(document)
    lines += _others(document)
    lines.append(
        f"<sub>mailaudit {escape(document.tool.version)}, {document.generated_at:%Y-%m-%d %H:%M %Z}</sub>"
    )
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, without markup, links and HTML."""
    return _marked(plain(said(text)).strip())


def _marked(text: str) -> str:
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(_escaped, text.replace("&", "&amp;")))


def prose(text: str) -> str:
    """Return a sentence of a check: like `escape`, but what stands between backticks is shown as code."""
    pieces = _TICKS.split(plain(said(text)).strip())
    return "".join(code(piece) if place % 2 else _between(piece) for place, piece in enumerate(pieces))


def _between(text: str) -> str:
    """Return a piece of a sentence with its blanks at both ends."""
    bare = text.strip()
    return text.replace(bare, _marked(bare)) if bare else text


def code(text: str) -> str:
    """Return a text as inline code, whatever backticks it holds."""
    shown = plain(text).replace("|", "\\|") or " "
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _escaped(match: re.Match[str]) -> str:
    sign = match.group()
    entities = {"<": "&lt;", ">": "&gt;", "@": "&#64;", ":": "&#58;", "$": "&#36;", ".": "&#46;"}
    return entities.get(sign, f"\\{sign}")


def _do_first(document: Document) -> list[str]:
    first = now(document)
    lines = [f"### {escape('Do first')}", ""] if first else []
    for number, task in enumerate(first[:FULL_AT_MOST], 1):
        lines += _task(document, number, task)
    return lines + _titles(first[FULL_AT_MOST:])


def _task(document: Document, number: int, task: TaskEntry) -> list[str]:
    found = settled(document, task)
    about = [escape(f"For {words.OWNERS[task.owner]}")]
    if task.impact and task.impact.providers:
        about.append(escape(f"touches {words.impact(task.impact, document)}"))
    blocks = [[f"#### {number}. {prose(task.title)}"], [" · ".join(about)], [prose(task.why)]]
    lead = found[0].finding.fix if found else None
    does_it = task.command and not task.command.startswith(GUIDE)
    steps = dict.fromkeys((*(lead.steps if lead and not does_it else ()), *task.steps))
    blocks.append([f"{place}. {prose(step)}" for place, step in enumerate(steps, 1)])
    if task.dns_record:
        blocks += [[prose(f"Only when {task.condition}:")]] if task.condition else []
        blocks.append(_fenced(record_lines(task.dns_record)))
        blocks += [[prose(proof_sentence(lead.proof))]] if lead and lead.proof else []
        blocks.append([escape(remembered_sentence(lead, document.generated_at))] if lead else [])
    blocks.append(_fenced([task.command]) if task.command else [])
    blocks.append([f"{escape(word('Settles'))} {_checks(task)}"])
    return [line for block in blocks if any(block) for line in (*block, "")]


def _checks(task: TaskEntry) -> str:
    return ", ".join(dict.fromkeys(code(one.check) for one in task.findings))


def _titles(others: Sequence[TaskEntry]) -> list[str]:
    lines = [
        f"* {prose(one.title)} ({escape(words.OWNERS[one.owner])}){form('joint', ': ')}{_checks(one)}"
        for one in others[:ROWS_AT_MOST]
    ]
    return [*lines, ""] if lines else []


def _then(document: Document) -> list[str]:
    others = [task for task in tasks(document) if task.stage is not Stage.NOW]
    heading = word("Then") if now(document) else "Worth a look"
    return [f"### {escape(heading)}", "", *_titles(others)] if others else []


def _fenced(content: list[str]) -> list[str]:
    fence = "`" * max(3, max(map(_longest_run, content), default=0) + 1)
    return [fence, *content, fence]


def _findings(document: Document) -> list[str]:
    """Return every finding with its place, folded up."""
    count = len(ranking.items(document))
    if not count:
        return []
    lines = [f"<details><summary>{escape(numbered(count, 'finding'))}</summary>", ""]
    for title, found in (
        ("What stops the send", ranking.fix_first(document)),
        *ranking.the_rest(document).items(),
    ):
        lines += [f"### {escape(words.family(title))}", "", *_table(found)] if found else []
    return [*lines, "</details>", ""]


def _table(found: list[Item]) -> list[str]:
    if not found:
        return []
    lines = [f"| | {escape(word('Finding'))} | {escape('First step')} |", "|---|---|---|"]
    for item in found[:ROWS_AT_MOST]:
        finding = item.finding
        where = f"<br>{code(str(finding.location))}" if finding.location else ""
        step = prose(finding.fix.steps[0]) if finding.fix.steps else ""
        badge = f"{_BADGES[finding.severity]} {escape(finding.severity.value)}"
        lines.append(f"| {badge} | {prose(finding.message)}<br>{code(item.result.check)}{where} | {step} |")
    left = len(found) - ROWS_AT_MOST
    more = [f"| | {escape(f'and {left:,} more; the JSON report has them all')} | |"] if left > 0 else []
    return [*lines, *more, ""]


def _numbers(document: Document) -> list[str]:
    audience, volume = list_figures(document), volume_figures(document)
    lines: list[str] = []
    sender = departure(document)
    if sender:
        seen = form("joint", "; ").join(map(prose, (sender.reasons or sender.trail)[:3]))
        whence = form("joint", ": ").join(filter(None, (escape(sender.told.removesuffix(".")), seen)))
        lines += [_labelled(word("Sender"), whence), ""]
    opinion = second_opinion(document)
    if opinion:
        lines += [_labelled(TITLE, escape(" ".join(opinion))), ""]
    if audience:
        told = [numbered(audience.rows, "row"), *(part.told for part in audience.parts)]
        lines += [_labelled(word("List"), form("joint", "; ").join(map(escape, told))), ""]
    if audience and audience.columns:
        lines += [escape(audience.columns), ""]
    if audience and audience.providers:
        told = [f"{part.label} {words.share(part.share)}" for part in audience.providers[:6]]
        lines += [_labelled(word("Providers"), escape(", ".join(told))), ""]
    if volume:
        over = [peak for peak in volume.peaks if peak.is_over]
        if over:
            most = form("joint", "; ").join(escape(peak.told) for peak in over[:3])
            state = form("joint", ": ").join((escape("over the limit"), most))
        elif volume.peaks:
            state = escape("within every known limit")
        else:
            state = escape(
                f"not projected: {volume.not_projected}" if volume.not_projected else "no limit is known"
            )
        wanted = f". {escape(volume.recommended)}" if volume.recommended else ""
        sent = f"{escape(numbered(volume.messages, 'message'))}{form('joint', ', ')}{state}"
        lines += [_labelled(word("Send"), f"{sent}{wanted}"), ""]
    return lines


def _labelled(name: str, text: str) -> str:
    return f"**{escape(name)}**{form('joint', ': ')}{text}"


def _others(document: Document) -> list[str]:
    lines: list[str] = []
    causes = ranking.causes(document)
    if causes:
        lines += [f"### {escape('Could not be verified')}", ""]
        lines += [_cause(cause) for cause in causes[:FULL_AT_MOST]]
        left = len(causes) - FULL_AT_MOST
        lines += [f"* {escape(f'and {left:,} more')}", ""] if left > 0 else [""]
    passed = ranking.with_outcome(document, Outcome.PASSED)
    if passed:
        lines += [
            f"<details><summary>{escape(numbered(len(passed), 'check passed', 'checks passed'))}</summary>",
            "",
        ]
        lines += [f"* {escape(result.passed_message or result.check)}" for result in passed]
        lines += ["", "</details>", ""]
    for hidden in ranking.suppressed(document):
        entry = hidden.finding.suppressed
        until = f"suppressed until {entry.until}" if entry and entry.until else word("suppressed")
        lines.append(
            f"* {escape(until)}{form('joint', ': ')}{prose(hidden.finding.message)} ({escape(entry.reason if entry else '')})"
        )
    return [*lines, ""]


def _cause(cause: ranking.Cause) -> str:
    named = []
    is_short = len(cause.checks) <= WITH_SUBJECTS_AT_MOST
    for check, subjects in cause.checks.items():
        about = f" ({escape(words.listed(list(subjects), SUBJECTS_AT_MOST))})" if subjects and is_short else ""
        named.append(f"{code(check)}{about}")
    return f"* {', '.join(named)}{form('joint', ': ')}{escape(cause.reason)}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
