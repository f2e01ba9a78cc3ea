"""Read Markdown scenario files and run their cases through the Python interface.

CONTRIBUTING.md describes the format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import eq, ge, le, ne
from pathlib import Path
from typing import Any

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.policy import Report
from mailaudit.reports.document.build import document
from mailaudit.reports.document.types import Document, ResultEntry
from support.catalogues import english_left, silent

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
MINIMAL_CAMPAIGN = "name: scenario\nfrom: news@acme.example\n"
_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<info>[^`]*)$")
_QUOTED = re.compile(r'"(?P<text>.*)"(?: in (?P<check>[a-z0-9-]+))?')
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"==": eq, "!=": ne, ">=": ge, "<=": le}


@dataclass
class Case:
    """One case of a scenario file: the files it needs and what must be found."""

    file: Path
    title: str
    files: dict[str, str] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    expect: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.file.stem}: {self.title}"


def cases(file: Path) -> list[Case]:
    """Return the cases of a scenario file, each with the common blocks."""
    common = Case(file, "Common")
    found: list[Case] = []
    current = common
    for kind, text, body in _pieces(file.read_text(encoding="utf-8")):
        if kind == "heading":
            current = common if text == "Common" else Case(file, text)
            if current is not common:
                found.append(current)
        else:
            _take(current, text, body)
    for case in found:
        case.files = {**common.files, **case.files}
        case.zones = list(dict.fromkeys([*common.zones, *case.zones]))
    return [case for case in found if case.expect]


def run(case: Case, folder: Path) -> list[str]:
    """Run a case in an empty folder and return what is not as expected."""
    for name, body in case.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body, encoding="utf-8", newline="")
    campaign = folder / "campaign.yml"
    if not campaign.exists():
        campaign.write_text(MINIMAL_CAMPAIGN, encoding="utf-8")
    plan, source = load_campaign(campaign)
    zones = tuple(folder / name for name in case.zones)
    now = next((datetime.fromisoformat(line.split()[1]) for line in case.expect if line.startswith("now ")), NOW)
    dns = DnsOptions(zones=zones, offline=not zones)
    beside = tuple(load_campaign(other)[0] for other in sorted(folder.glob("beside/*.yml")))
    capture = folder / "capture" if (folder / "capture" / "envelopes.jsonl").exists() else None
    report = audit(plan, source, Options(dns=dns, now=now, beside=beside, capture=capture))
    written = document(report)
    return [complaint for line in case.expect if (complaint := _unmet(line, report, written))] + _unsaid(
        case, written
    )


def _unsaid(case: Case, written: Document) -> list[str]:
    """Return what of the case's check no language says wholly, and what a language would change that is to be pasted."""
    results = [one for one in written.results if one.check == case.file.stem]
    records = [
        line
        for one in results
        for found in one.findings
        for line in (*(found.fix.dns_record or "").splitlines(), *(each.value for each in found.fix.dns_records))
    ]
    data = "\n".join((*case.files, *case.files.values(), *records))
    return [
        f"no catalogue knows {left} (make language): {text}"
        for one in results
        for text in _told(one)
        # Several reasons in a row may each be said.
        if (left := english_left(text, data)) and any(english_left(part, data) for part in text.split("; "))
    ] + [f"a language changes what is to be pasted: {line}" for line in records if silent().say(line) != line]


def _told(result: ResultEntry) -> Iterator[str]:
    """Yield what people read of a result."""
    yield from filter(None, (result.reason, *(one.reason for one in result.unverified)))
    for one in result.findings:
        yield from (one.message, *one.fix.steps, *(one.fix.forward or "").splitlines())


def _pieces(markdown: str) -> Iterator[tuple[str, str, str]]:
    lines = iter(markdown.splitlines(keepends=True))
    for line in lines:
        fence = _FENCE.match(line.rstrip())
        if fence:
            body = []
            for inner in lines:
                if inner.rstrip() == fence["fence"]:
                    break
                body.append(inner)
            yield "block", fence["info"].strip(), "".join(body)
        elif line.startswith("## "):
            yield "heading", line[3:].strip(), ""


def _take(case: Case, info: str, body: str) -> None:
    language, _, name = info.partition(" ")
    if language == "expect":
        case.expect += [line.strip() for line in body.splitlines() if line.strip() and not line.startswith("#")]
    elif name:
        name, _, times = name.strip().partition(" ")
        if times:
            body = _repeated(body, times)
        if language == "eml":
            body = body.replace("\n", "\r\n").translate({0x240D: "\r", 0x240A: "\n"})
        case.files[name] = body
        if language == "zone":
            case.zones.append(name)


def _repeated(body: str, wanted: str) -> str:
    """Repeat the first or the last line of a block, as `first-line*3000` or `last-line*3000` asks for."""
    place, _, times = wanted.partition("*")
    lines = body.splitlines(keepends=True)
    if place == "first-line":
        return "".join(lines[:1] * int(times) + lines[1:])
    return "".join(lines[:-1] + lines[-1:] * int(times))


def _unmet(line: str, report: Report, written: Document) -> str | None:
    if line.startswith("now "):
        return None
    if line.startswith("exit "):
        return None if report.exit_code == int(line[5:]) else f"{line}: the exit code is {report.exit_code}"
    if quoted := _QUOTED.fullmatch(line):
        return _unmet_text(quoted["text"], quoted["check"], report)
    if line.startswith("facts."):
        return _unmet_fact(line, written)
    if line.startswith("propose "):
        return _unmet_proposal(line, report)
    return _unmet_outcome(line, report)


def _unmet_text(text: str, check: str | None, report: Report) -> str | None:
    results = [result for result in report.results if check in {None, result.check}]
    messages = [finding.message for result in results for finding in result.findings]
    if not results:
        return f"{text!r} in {check}: there is no such check"
    return None if any(text in message for message in messages) else f"{text!r} is in none of {messages}"


def _unmet_fact(line: str, written: Document) -> str | None:
    path, sign, text = line.split(None, 2)
    value: Any = written.model_dump(mode="json", include={"facts"})
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    try:
        wanted = json.loads(text)
    except ValueError:
        wanted = text
    return None if _COMPARISONS[sign](value, wanted) else f"{line}: the value is {value!r}"


def _unmet_proposal(line: str, report: Report) -> str | None:
    name, _, wanted = line.removeprefix("propose ").partition(": ")
    findings = [f for result in report.results if result.check == name for f in result.findings]
    records = [one for f in findings for one in (f.fix.dns_record or "").splitlines()]
    if not findings or (wanted == "nothing" and records):
        return f"{line}: {records or 'there is no such finding'}"
    return None if wanted == "nothing" or any(wanted in record for record in records) else f"{line}: {records}"


def _unmet_outcome(line: str, report: Report) -> str | None:
    forbidden = line.startswith("not ")
    name, _, rest = line.removeprefix("not ").partition(":")
    result = next((result for result in report.results if result.check == name.strip()), None)
    if result is None:
        return f"{line}: there is no such check"
    if forbidden:
        return f"{line}: {[finding.message for finding in result.findings]}" if result.findings else None
    outcome, _, subject = rest.strip().partition(" ")
    findings = [(f.subject, f.severity.value, f.message) for f in result.findings]
    seen = f"{result.outcome} {findings} {result.reason or ''}"
    if result.outcome != outcome:
        return f"{line}: the result is {seen}"
    subject, severity = _severity_of(subject.strip())
    if not subject and not severity:
        return None
    fits = any(
        (not subject or finding.subject == subject) and severity in {"", finding.severity.value}
        for finding in result.findings
    )
    return None if fits else f"{line}: the result is {seen}"


def _severity_of(subject: str) -> tuple[str, str]:
    match = re.match(r"^(.*?)\s*\[?\b(error|warning|note)\]?$", subject)
    return (match[1], match[2]) if match else (subject, "")
