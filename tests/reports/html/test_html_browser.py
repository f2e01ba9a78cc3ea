"""The HTML report in headless Chromium. MAILAUDIT_PICTURES=DIR keeps the pictures, to be looked at."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailaudit import audit, load_campaign
from mailaudit.reports.document.build import document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.html import render
from reports import sample_documents as sample
from reports.html.browser import MISSING, Browser, browser

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(MISSING is not None, reason=f"{MISSING} is not installed"),
]
VIEWS = {"light": ("screen", "light"), "dark": ("screen", "dark"), "print": ("print", "light")}
AXE = "axe-core@4"


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    example = document(audit(*load_campaign("examples/own-server/campaign.yml")))
    made = {
        "troubled": sample.troubled(), "hostile": sample.hostile(), "empty": sample.document(), "own-server": example,
    }  # fmt: skip
    for name, report in made.items():
        (folder / f"{name}.html").write_text(render(report, RenderOptions()), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed, so axe-core cannot be had")
    folder = tmp_path_factory.mktemp("axe")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), AXE]
    if subprocess.run(command, check=False, capture_output=True, timeout=120).returncode:
        pytest.skip("axe-core could not be installed")
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["troubled", "hostile", "empty"])
def test_nothing_is_asked_for_and_nothing_complains(window: Browser, pages: dict[str, Path], name: str) -> None:
    window.requests()
    window.log("browser")
    window.open(pages[name])
    assert window.run("return document.readyState") == "complete"
    assert {url for url in window.requests() if not url.startswith("data:")} == {pages[name].as_uri()}
    assert window.log("browser") == []
    assert window.run("return document.querySelectorAll('script, img, iframe').length") == 0


def test_the_policy_stops_what_could_be_smuggled_in(window: Browser, pages: dict[str, Path]) -> None:
    window.open(pages["troubled"])
    window.log("browser")
    smuggle = (
        "const s = document.createElement('script'); s.textContent = 'window.owned = 1'; document.body.append(s);"
    )
    window.run(smuggle)
    assert window.run("return window.owned === undefined")
    assert any("Content Security Policy" in entry["message"] for entry in window.log("browser"))


def test_one_click_selects_a_dns_record(window: Browser, pages: dict[str, Path]) -> None:
    window.open(pages["troubled"])
    record = window.run(
        "const r = [...document.querySelectorAll('pre.select')].find(p => p.textContent.includes('DKIM1'));"
        "return getComputedStyle(r).userSelect + ' ' + r.textContent;"
    )
    assert record == f"all {sample.LONG_RECORD}"


def test_a_printed_page_shows_the_findings_and_leaves_out_what_is_for_the_screen(
    window: Browser, pages: dict[str, Path]
) -> None:
    window.open(pages["troubled"])
    shown = "return [...document.querySelectorAll(arguments[0])].map(e => e.checkVisibility())"
    window.media("print", "light")
    assert set(window.run(shown, ".task, .finding, .finding pre.select:not(.forward pre), .terms dd")) == {True}
    assert set(window.run(shown, ".forward, .answers, nav")) == {False}


def test_the_example_takes_eight_pages_at_most(window: Browser, pages: dict[str, Path]) -> None:
    window.open(pages["own-server"])
    assert window.printed_pages() <= 8


def test_on_a_telephone_the_tasks_stand_before_the_matrix_which_is_made_of_cards(
    window: Browser, pages: dict[str, Path]
) -> None:
    window.media("screen", "light")
    window.width(390)
    window.open(pages["own-server"])
    top = "return document.getElementById(arguments[0]).getBoundingClientRect().y"
    assert window.run(top, "tasks") < 844
    assert window.run(top, "tasks") < window.run(top, "providers-matrix")
    assert set(
        window.run(
            "return [...document.querySelectorAll('.matrix tr:not(thead tr)')].map(r => getComputedStyle(r).display)"
        )
    ) == {"block"}
    assert window.run("const m = document.querySelector('.matrix'); return m.scrollWidth <= m.clientWidth")


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("name", ["troubled", "hostile"])
def test_a_narrow_window_needs_no_sideways_scrolling(
    window: Browser, pages: dict[str, Path], width: int, name: str
) -> None:
    window.media("screen", "light")
    window.width(width)
    window.open(pages[name])
    assert window.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["troubled", "hostile", "empty"])
def test_axe_finds_nothing_serious(
    window: Browser, pages: dict[str, Path], axe: str, name: str, view: str
) -> None:
    window.width(900)
    window.open(pages[name])
    window.media(*VIEWS[view])
    window.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    window.run(f"{axe}; window.axe = axe;")
    found: list[dict[str, Any]] = window.run_async(
        "const done = arguments[0]; axe.run(document).then(r => done(r.violations.map(v => "
        "({id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html.slice(0, 120))}))));"
    )
    assert found == []
    folder = os.environ.get("MAILAUDIT_PICTURES")
    if folder:
        (Path(folder) / f"{name}-{view}.png").write_bytes(base64.b64decode(window.picture()))
