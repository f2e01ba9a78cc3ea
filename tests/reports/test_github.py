from __future__ import annotations

import re
from typing import NamedTuple

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.document.types import Document, UnverifiedEntry
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.github import render
from reports import sample_documents as sample


class _Command(NamedTuple):
    name: str
    properties: dict[str, str]
    message: str


def _commands(document: Document) -> list[_Command]:
    """Read the output as the runner of GitHub Actions does."""
    found = []
    for line in render(document, RenderOptions()).splitlines():
        match = re.match(r"::(\w+) ?([^:]*)::(.*)$", line)
        if match:
            pairs = (pair.partition("=") for pair in match[2].split(","))
            properties = {name: _unescape(value, more=True) for name, _, value in pairs}
            found.append(_Command(match[1], properties, _unescape(match[3])))
    return found


def _unescape(text: str, *, more: bool = False) -> str:
    if more:
        text = text.replace("%3A", ":").replace("%2C", ",")
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_errors_come_first_with_place_and_steps() -> None:
    commands = _commands(sample.troubled())
    assert [c.name for c in commands] == ["error", "error", "warning", "notice", "notice", "notice"]
    first = commands[0]
    assert first.properties == {
        "title": "mailaudit: spf-does-not-authorize-sender", "file": "campaign.yml", "line": "12", "col": "3",
    }  # fmt: skip
    assert first.message.splitlines()[1:3] == [
        "For the DNS administrator:",
        "1. Open the DNS zone of shop.example.",
    ]
    assert commands[4].properties["title"] == "mailaudit: ip-blocklisted could not be verified"


def test_at_most_ten_of_a_level_and_the_rest_is_counted() -> None:
    errors = tuple(sample.finding(fingerprint=f"{n:016}", message=f"Error {n}.") for n in range(30))
    warning = sample.finding(severity=Severity.WARNING)
    silent = tuple(UnverifiedEntry(subject=f"d{n}.example", reason="timed out") for n in range(20))
    results = (
        sample.result("a", outcome=Outcome.FAILED, findings=errors),
        sample.result("b", outcome=Outcome.FAILED, findings=(warning,), unverified=silent),
    )
    commands = _commands(sample.document(results))
    assert [c.name for c in commands] == ["error"] * 10 + ["warning"] * 10
    assert commands[9].message == "21 more; the full report has them all"
    assert commands[19].message == "12 more; the full report has them all"


def test_hostile_text_starts_no_command_of_its_own() -> None:
    text = render(sample.hostile(), RenderOptions())
    commands = _commands(sample.hostile())
    assert len([line for line in text.splitlines() if line.startswith("::")]) == len(commands) == 2
    assert commands[0].properties["line"] == "3"
    assert "::error::x]]>" in commands[0].properties["file"]
    assert "%0A&#x3c;" in commands[0].message
    assert "\x1b" not in text


def test_checks_that_share_a_cause_are_one_annotation() -> None:
    silent = [
        sample.result(check, outcome=Outcome.UNVERIFIED, reason="DNS timed out", findings=())
        for check in ("spf-missing", "spf-invalid", "spf-too-many-lookups")
    ]
    found = [c for c in _commands(sample.document(tuple(silent))) if c.name == "warning"]
    assert [c.properties["title"] for c in found] == ["mailaudit: 3 checks could not be verified"]
    assert found[0].message == "DNS timed out\nspf-missing, spf-invalid, spf-too-many-lookups"


def test_a_blocklist_that_cannot_be_asked_is_a_notice() -> None:
    aside = sample.result(
        "ip-blocklisted", outcome=Outcome.UNVERIFIED, reason="refused", gate_when_unverified=False
    )
    crashed = sample.result(
        "domain-blocklisted", outcome=Outcome.CRASHED, reason="KeyError", gate_when_unverified=False
    )
    assert [one.name for one in _commands(sample.document((aside, crashed)))] == ["warning", "notice"]
