from __future__ import annotations

import csv
import io
import json
import re
from importlib.metadata import EntryPoint
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mailaudit.planning.model import SendingPlan
from mailaudit.planning.warm_up import plan_warm_up
from mailaudit.reports import formats
from mailaudit.reports.document.render import dumps, loads
from mailaudit.reports.formats import RenderOptions
from reports import sample_documents as sample
from reports.plan.test_plan_formats import problem


def render_brief(document: Any, options: RenderOptions) -> str:
    del options
    return f"{document.verdict}\n"


BRIEF = formats.Format("brief", (".brief",), "reports.test_formats:render_brief")
JSON = formats.Format("json", (".evil",), "reports.test_formats:render_brief")

# After them: the registry is asked anew while they are being loaded.
NAMES = tuple(formats.formats())
PLANS = tuple(formats.formats("plan"))
ALIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WARMED = cast("SendingPlan", plan_warm_up(problem()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("make", [sample.troubled, sample.hostile, sample.document])
def test_a_saved_report_renders_to_the_same_bytes(name: str, make: Any) -> None:
    options = RenderOptions(width=70, color=True, verbosity=1)
    rendered = formats.formats()[name].render(make(), options)
    assert formats.formats()[name].render(loads(dumps(make())), options) == rendered
    assert rendered.encode("utf-8").endswith(b"\n") or not rendered  # a format of lines has none without findings
    assert not rendered.endswith("\n\n")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=24))
def test_no_text_breaks_a_format_or_comes_through_alive(text: str) -> None:
    document = sample.hostile(text)
    for name in NAMES:
        rendered = formats.formats()[name].render(document, RenderOptions(unicode=name != "terminal"))
        assert rendered.encode("utf-8")
        assert not ALIVE.search(rendered), name


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=24))
def test_no_text_breaks_a_format_of_a_plan(text: str) -> None:
    plan = replace(WARMED, name=text)
    shown = {name: formats.named(name, "plan").render(plan, RenderOptions()) for name in PLANS}
    assert not any(ALIVE.search(rendered.replace("\r\n", "\n")) for rendered in shown.values())
    assert set(json.loads(shown["json"])) == {"schema_version", "campaign", "messages", "plan", "reason", "limit"}
    assert shown["ics"].count("BEGIN:VEVENT") == len(WARMED.days)
    assert len(list(csv.DictReader(io.StringIO(shown["csv"])))) == len(WARMED.days)


@pytest.mark.parametrize(("of", "name"), [("report", name) for name in NAMES] + [("plan", name) for name in PLANS])
@pytest.mark.parametrize(
    "text", ["::error file=a.py::pwned", " \t::stop-commands::x", "##[error]x", "##vso[task.complete]"]
)
def test_no_line_in_the_log_of_a_job_gives_a_command(of: str, name: str, text: str) -> None:
    told = sample.hostile(text) if of == "report" else replace(WARMED, name=text)
    shown = formats.named(name, of)
    rendered = shown.for_stdout(told, RenderOptions(on_runner=True))
    if shown.speaks_to_runner:
        assert all(
            re.match(r"::(error|warning|notice) (title|file)=", line)
            for line in rendered.splitlines()
            if line.lstrip().startswith("::")
        )
    else:
        assert not re.search(r"(?m)^\s*::|##(vso)?\[", rendered)
    if name in {"json", "sarif"}:
        assert json.loads(rendered) == json.loads(shown.render(told, RenderOptions()))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("report.HTML", "html"),
        ("a/b/report.json", "json"),
        ("x.sarif", "sarif"),
        ("x.sarif.json", "sarif"),
        ("junit.xml", "junit"),
        ("summary.md", "markdown"),
        ("report.txt", "terminal"),
    ],
)
def test_the_suffix_of_a_file_asks_for_a_format(file: str, name: str) -> None:
    found = formats.by_suffix(file)
    assert found is not None
    assert found.name == name


def test_an_unknown_suffix_asks_for_nothing() -> None:
    assert formats.by_suffix("report.pdf") is None


def test_a_third_party_adds_a_format_but_replaces_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def plugins(group: str) -> list[EntryPoint]:
        assert group == "mailaudit.formats"
        return [EntryPoint(n, f"reports.test_formats:{n.upper()}", group) for n in ("brief", "json")]

    monkeypatch.setattr(formats, "plugins", plugins)
    formats.formats.cache_clear()
    try:
        assert formats.formats()["brief"].render(sample.troubled(), RenderOptions()) == "not-ready\n"
        assert formats.formats()["json"].suffixes == (".json",)
    finally:
        formats.formats.cache_clear()
