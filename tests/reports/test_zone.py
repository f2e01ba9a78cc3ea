"""The zone snippet: each proposed record, published, puts its finding right."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.checks.change import Change
from mailaudit.checks.finding import Finding
from mailaudit.checks.registry import all_checks
from mailaudit.policy import Report
from mailaudit.reports.document.build import document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.zone import render
from scenarios.runner import MINIMAL_CAMPAIGN, Case, cases

SCENARIOS = Path(__file__).parents[1] / "checks" / "sender"
# This one needs more than records: another From address.
MORE_THAN_DNS = {"business-mail-at-risk"}
INTENTS = {kind.__name__ for kind in get_args(Change)}
CASES_A_CHECK = 2


def failing_cases(file: Path) -> list[Case]:
    found = [case for case in cases(file) if any(line.startswith(f"{file.stem}: failed") for line in case.expect)]
    return [case for case in found if case.zones][:CASES_A_CHECK]


def proposes_records(name: str) -> bool:
    return bool(INTENTS & set(vars(sys.modules[all_checks()[name].judge.__module__])))


PROPOSING = {
    check.name for check in all_checks().values() if check.family == "sender" and proposes_records(check.name)
}
CASES = [case for name in sorted(PROPOSING - MORE_THAN_DNS) for case in failing_cases(SCENARIOS / f"{name}.md")]
# Two records at one name are judged together; nothing else of that kind may stand beside the proposed one.
KINDS = ("v=spf1", "v=dmarc1", "v=dkim1")


def run(folder: Path) -> Report:
    plan, source = load_campaign(folder / "campaign.yml")
    zones = tuple(sorted(folder.glob("*.zone")))
    return audit(plan, source, Options(dns=DnsOptions(zones=zones), now=datetime(2026, 11, 30, tzinfo=UTC)))


def findings(report: Report, check: str) -> list[Finding]:
    return [finding for result in report.results if result.check == check for finding in result.findings]


def write(case: Case, folder: Path) -> None:
    (folder / "campaign.yml").write_text(MINIMAL_CAMPAIGN, encoding="utf-8")
    for name, body in case.files.items():
        (folder / name).write_text(body, encoding="utf-8")


def publish(zone: Path, snippet: str) -> None:
    """Put a snippet into a zone file in place of the records that it replaces."""
    records = [line for line in snippet.splitlines() if line and not line.startswith(";")]
    replaced = {(line.split()[0].lower(), kind_of(line)) for line in records}
    origin, kept = ".", []
    for line in zone.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words and words[0] == "$ORIGIN":
            origin = words[1]
        owner = words[0] if words else ""
        name = origin if owner == "@" else owner if owner.endswith(".") else f"{owner}.{origin}"
        if " TXT " not in line or (name.lower(), kind_of(line)) not in replaced:
            kept.append(line)
    zone.write_text("\n".join([*kept, "$ORIGIN .", *records, ""]), encoding="utf-8")


def kind_of(line: str) -> str:
    # Strings of one record are joined without a blank, as receivers do.
    text = re.sub(r'"\s+"', "", line).lower().partition('"')[2]
    return next((kind for kind in KINDS if text.startswith(kind)), text)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_published_fix_removes_its_finding(case: Case, tmp_path: Path) -> None:
    write(case, tmp_path)
    before = findings(run(tmp_path), case.file.stem)
    fixable = [finding for finding in before if finding.fix.dns_record]
    if fixable:
        publish(tmp_path / "acme.zone", str(fixable[0].fix.dns_record))
        after = {left.fingerprint for left in findings(run(tmp_path), case.file.stem)}
        assert fixable[0].fingerprint not in after, (fixable[0].fix.dns_record, fixable[0].message)


def test_every_check_that_proposes_a_record_is_covered() -> None:
    assert {case.file.stem for case in CASES} == PROPOSING - MORE_THAN_DNS
    assert len(PROPOSING) >= 20


def test_the_snippet_holds_each_record_once_and_what_it_mends(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.file.stem == "spf-multiple-records")
    write(case, tmp_path)
    text = render(document(run(tmp_path)), RenderOptions())
    assert 'acme.example. 3600 IN TXT "v=spf1 ip4:203.0.113.25 mx -all"' in text.splitlines()
    assert sum('"v=spf1' in line and not line.startswith(";") for line in text.splitlines()) == 1
    assert "; spf-multiple-records: acme.example has 2 SPF records" in text


def test_the_fixes_of_the_own_server_example_turn_its_findings_green(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "own-server"
    for zone in (example / "dns").glob("*.zone"):
        (tmp_path / zone.name).write_text(zone.read_text(encoding="utf-8"), encoding="utf-8")
    plan = (example / "campaign.yml").read_text(encoding="utf-8")
    alone = re.sub(r"(?m)^(recipients|schedule|other_mail|dns):.*(?:\n[ -].*)*\n?", "", plan)
    (tmp_path / "campaign.yml").write_text(alone, encoding="utf-8")
    wanted = {"spf-does-not-authorize-sender", "dmarc-fails", "dmarc-policy-none"}
    before = {result.check for result in run(tmp_path).results if result.findings}
    assert wanted <= before
    publish(tmp_path / "sender.zone", render(document(run(tmp_path)), RenderOptions()))
    after = {result.check for result in run(tmp_path).results if result.findings}
    # A stricter policy is for later, when the reports show that all mail passes.
    assert {check for check in after if check.startswith(("spf-", "dmarc-"))} == {"dmarc-policy-none"}
