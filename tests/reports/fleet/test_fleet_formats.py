from __future__ import annotations

import csv
import json
from io import StringIO
from xml.etree.ElementTree import fromstring

import pytest

from mailaudit.checks.finding import Outcome, Severity
from mailaudit.reports.document.render import dumps, loads_each
from mailaudit.reports.fleet.changes import changes
from mailaudit.reports.fleet.model import Fleet, rows, tally
from mailaudit.reports.formats import RenderOptions, formats
from reports import sample_documents as sample

NAMES = sorted(formats("fleet"))
SEVERAL = Fleet((sample.troubled(), sample.hostile(), sample.document()))


@pytest.mark.parametrize("name", NAMES)
def test_no_text_breaks_a_format(name: str) -> None:
    told = formats("fleet")[name].render(SEVERAL, RenderOptions(width=70))
    told.encode("utf-8")
    assert "\x1b" not in told
    assert "<script>" not in told or name != "html"
    if name in {"json", "sarif"}:
        json.loads(told)
    if name == "csv":
        table = list(csv.reader(StringIO(told)))
        assert {len(row) for row in table} == {6}
        assert len(table) == 4


@pytest.mark.parametrize("name", ["terminal", "html", "csv", "markdown", "json"])
def test_a_campaign_that_cannot_be_used_has_a_row_too(name: str) -> None:
    fleet = Fleet((sample.document(),), unusable={"b/campaign.yml": ("b/campaign.yml:2:1: sendin: unknown key",)})
    assert tally(fleet) == "2 campaigns: 1 cannot be used, 1 ready."
    told = formats("fleet")[name].render(fleet, RenderOptions(width=200))
    assert "sendin: unknown key" in told
    assert "unusable" in told or "cannot be used" in told


def test_every_suite_of_junit_names_its_campaign() -> None:
    suites = list(fromstring(formats("fleet")["junit"].render(SEVERAL, RenderOptions())))  # noqa: S314 - our own
    assert [suite.get("id") for suite in suites] == [str(number) for number in range(len(suites))]
    assert all(": mailaudit." in (suite.get("name") or "") for suite in suites)


def test_every_annotation_and_every_zone_snippet_names_its_campaign() -> None:
    fleet = Fleet((sample.troubled(), sample.document()))
    lines = formats("fleet")["github"].render(fleet, RenderOptions()).splitlines()
    told = [line.partition(" title=")[2] if line.startswith("::") else line for line in lines]
    assert [line for line in told if not line.startswith(("Winter letter: ", "Winter letter%3A "))] == []
    zone = formats("fleet")["zone"].render(fleet, RenderOptions())
    assert zone.startswith("; Winter letter (campaign.yml)\n")


@pytest.mark.parametrize("name", NAMES)
def test_no_campaign_at_all_is_no_error(name: str) -> None:
    formats("fleet")[name].render(Fleet(()), RenderOptions())


def test_a_row_tells_verdict_tasks_and_providers() -> None:
    row = rows(SEVERAL)[0]
    assert (row.name, row.verdict, len(row.tasks)) == ("Winter letter", "not-ready", 2)
    assert row.providers == "refused: Gmail 40 %, Orange 29 %"
    assert tally(SEVERAL) == "3 campaigns: 2 not ready, 1 ready."


def test_where_nothing_must_be_done_first_a_row_tells_what_is_likely_to_hurt() -> None:
    found = sample.finding(severity=Severity.WARNING)
    warned = sample.result(
        "dmarc-policy-none", outcome=Outcome.FAILED, severity=Severity.WARNING, findings=(found,)
    )
    (row,) = rows(Fleet((sample.document((warned,), verdict="ready-with-warnings"),)))
    assert (row.verdict, len(row.tasks)) == ("ready-with-warnings", 1)


def test_what_changed_is_told_against_the_same_file() -> None:
    failed = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(),))
    old, new = sample.document((failed,)), sample.document((sample.result(),))
    other = new.model_copy(update={"campaign": new.campaign.model_copy(update={"file": "other.yml"})})
    told = rows(Fleet((new, old, other), {"campaign.yml": old}, is_compared=True))
    assert [row.change for row in told] == ["not ready before, 1 fixed", "as before", "not in the earlier report"]


def test_a_saved_report_of_several_is_read_back() -> None:
    saved = formats("fleet")["json"].render(SEVERAL, RenderOptions())
    assert [dumps(one) for one in loads_each(saved)] == [dumps(one) for one in SEVERAL.reports]
    assert [dumps(one) for one in loads_each(dumps(SEVERAL.reports[0]))] == [dumps(SEVERAL.reports[0])]


def test_the_worst_comes_first_where_people_read_and_what_is_ready_is_told_in_short() -> None:
    fine = sample.document((sample.result(),))
    fine = fine.model_copy(update={"campaign": fine.campaign.model_copy(update={"name": "Fine"})})
    fleet = Fleet((fine, sample.troubled()))
    short, long = (formats("fleet")["terminal"].render(fleet, RenderOptions(verbosity=v)) for v in (0, 1))
    assert short.index("Winter letter") < short.index("Fine")
    assert short.splitlines()[-1] == tally(fleet)
    assert long.count("\n") > short.count("\n")
    assert ("1 check passed" in short, "Passed" in long) == (False, True)
    page = formats("fleet")["html"].render(fleet, RenderOptions())
    assert page.index("Winter letter") < page.index("Fine")
    assert '<a href="#campaign-1">Winter letter</a>' in page
    assert '<h3 id="campaign-1-task-1">' in page


def test_what_changed_in_each_of_several() -> None:
    failed = sample.result(outcome=Outcome.FAILED, findings=(sample.finding(),))
    old, new = sample.document((failed,)), sample.document((sample.result(),))
    known = {old.campaign.file: old}
    assert changes(known, (old,), RenderOptions()) == ""
    told = changes(known, (new,), RenderOptions())
    assert told.startswith(f"{new.campaign.file} (2")
    assert "1 fixed" in told
