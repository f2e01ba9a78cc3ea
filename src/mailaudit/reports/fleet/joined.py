"""Formats that are as good for several campaigns as for one: their reports one after the other."""

import json
from xml.etree.ElementTree import Element, fromstring

from mailaudit.reports import github, junit, lines, sarif, zone
from mailaudit.reports.fleet.model import Fleet, name_of
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain


def as_github(fleet: Fleet, options: RenderOptions) -> str:
    """Return the annotations of every campaign, each with the campaign's name."""
    return "".join(
        f"{github.named(line, name_of(report))}\n"
        for report in fleet.reports
        for line in github.render(report, options).splitlines()
    )


def as_lines(fleet: Fleet, options: RenderOptions) -> str:
    """Return the findings of every campaign."""
    return "".join(lines.render(report, options) for report in fleet.reports)


def as_junit(fleet: Fleet, options: RenderOptions) -> str:
    """Return the suites of every campaign, each named with the campaign's file."""
    root = Element("testsuites")
    for report in fleet.reports:
        for suite in fromstring(junit.render(report, options)):  # noqa: S314 - what we wrote ourselves
            suite.set("name", f"{plain(report.campaign.file)}: {suite.get('name')}")
            root.append(suite)
    for number, suite in enumerate(root):
        suite.set("id", str(number))
    return junit.as_text(root)


def as_zone(fleet: Fleet, options: RenderOptions) -> str:
    """Return the records that are proposed for every campaign, each once."""
    kept: dict[str, None] = {}
    for report in fleet.reports:
        told = f"; {plain(name_of(report))} ({plain(report.campaign.file)})"
        for place, line in enumerate((told, *zone.render(report, options).splitlines())):
            is_record = line and not line.startswith(";")
            kept.setdefault(line if is_record else f"{line}\0{report.campaign.file}\0{place}")
    return "".join(f"{line.partition(chr(0))[0]}\n" for line in kept)


def as_sarif(fleet: Fleet, options: RenderOptions) -> str:
    """Return one log with a run for each campaign."""
    logs = [json.loads(sarif.render(report, options)) for report in fleet.reports]
    whole = {**(logs[0] if logs else {"version": "2.1.0"}), "runs": [run for log in logs for run in log["runs"]]}
    return json.dumps(whole, ensure_ascii=True, indent=2) + "\n"
