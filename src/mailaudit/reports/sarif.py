"""The report as SARIF 2.1.0, for code scanning."""

import json
import re
from typing import Any
from urllib.parse import quote

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.content import headline, ranking, words
from mailaudit.reports.content.check_page import words_only
from mailaudit.reports.document.types import Document, FindingEntry, LocationEntry, ResultEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.places import in_repository, is_absolute
from mailaudit.reports.safe_text import plain, plain_lines

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_TOLD = frozenset({Outcome.FAILED, Outcome.UNVERIFIED, Outcome.CRASHED})
Json = dict[str, Any]


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as SARIF; the options change nothing.

    Each finding has exactly one physical location (the campaign file when it has none of its own). Checks without
    a verdict are notifications of the invocation.
    """
    told = [result for result in document.results if result.outcome in _TOLD or result.unverified]
    index = {result.check: place for place, result in enumerate(told)}
    run = {
        "tool": {
            "driver": {
                "name": document.tool.name,
                "semanticVersion": document.tool.version,
                "rules": [_rule(result) for result in told],
            }
        },
        "invocations": [_invocation(document, index)],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(document, result, finding, index[result.check], options)
            for result in told
            for finding in result.findings
        ],
        "properties": {"verdict": document.verdict, "headline": plain(headline.headline(document))},
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=True, indent=2) + "\n"


def _rule(result: ResultEntry) -> Json:
    title = plain(result.title) or result.check
    doc = "\n".join(plain_lines(result.doc or "")).strip() or title
    return {
        "id": plain(result.check),
        "name": "".join(part.capitalize() for part in plain(result.check).split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": words_only(doc), "markdown": doc},
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
        "properties": {"tags": [plain(result.family)]},
    }


def _invocation(document: Document, index: dict[str, int]) -> Json:
    return {
        "executionSuccessful": document.counts.crashed == 0,
        "exitCode": document.gate.exit_code,
        "endTimeUtc": f"{document.generated_at:%Y-%m-%dT%H:%M:%SZ}",
        "toolExecutionNotifications": [_notification(item, index) for item in ranking.undecided(document)],
    }


def _notification(item: ranking.Open, index: dict[str, int]) -> Json:
    crashed = item.result.outcome is Outcome.CRASHED
    about = f" for {item.subject}" if item.subject else ""
    verb = "crashed" if crashed else "could not be verified"
    return {
        "descriptor": {"id": "crashed" if crashed else "unverified"},
        "associatedRule": {"id": plain(item.result.check), "index": index[item.result.check]},
        "level": "error" if crashed else "note" if ranking.is_notice(item.result) else "warning",
        "message": {"text": _message(f"{item.result.check}{about} {verb}: {item.reason}")},
    }


def _result(
    document: Document, result: ResultEntry, finding: FindingEntry, rule: int, options: RenderOptions
) -> Json:
    found: Json = {
        "ruleId": plain(result.check),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(finding)},
        "locations": [{"physicalLocation": _place(document, finding.location, options)}],
        "partialFingerprints": {
            "mailauditFinding/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
        "properties": _properties(finding),
    }
    if finding.suppressed:
        until = f" (until {finding.suppressed.until})" if finding.suppressed.until else ""
        found["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": plain(f"{finding.suppressed.reason}{until}"),
            }
        ]
    return found


def _text(finding: FindingEntry) -> str:
    return "\n".join(map(_message, (finding.message, "", *words.asked(finding))))


def _message(line: str) -> str:
    """Return a line of a message whose brackets make no link (SARIF 2.1.0, section 3.11.6)."""
    shown = plain(line)
    return re.sub(r"([\\\[\]])", r"\\\1", shown) if "](" in shown else shown


def _properties(finding: FindingEntry) -> Json:
    impact = finding.impact
    return {
        "subject": plain(finding.subject),
        "confidence": finding.confidence.value,
        "owner": finding.fix.owner.value,
        **({"recipients": impact.recipients, "share": impact.share} if impact else {}),
    }


def _place(document: Document, location: LocationEntry | None, options: RenderOptions) -> Json:
    path = location.path if location else document.campaign.file
    place: Json = {"artifactLocation": _artifact(in_repository(path, options))}
    line = (location.line if location else None) or 1
    column = location.column if location and location.line else None
    place["region"] = {"startLine": line, **({"startColumn": column} if column else {})}
    return place


def _artifact(path: str) -> Json:
    """Return a path as SARIF wants it: relative to the repository and percent-encoded, or a file URI."""
    if is_absolute(path):
        return {"uri": f"file://{'' if path.startswith('/') else '/'}{quote(path, safe='/:')}"}
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}
