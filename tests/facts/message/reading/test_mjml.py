"""MJML is compiled where its program is, and never measured as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.campaign.message import MessagePlan
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.message.reading import mjml
from mailaudit.facts.message.reading.mjml import compile_mjml

SOURCE = "<mjml><mj-body><mj-text>Hello {{ name }}</mj-text></mj-body></mjml>"


def program(folder: Path, script: str) -> str:
    """Return a program that stands for mjml."""
    target = folder / "mjml"
    target.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    target.chmod(0o755)
    return str(target)


def test_what_the_program_writes_is_the_html(tmp_path: Path) -> None:
    script = f'echo "$PWD $HOME $*" > {tmp_path}/called; echo "<html>"; cat'
    assert compile_mjml(SOURCE, program(tmp_path, script)).get().split("\n", 1) == ["<html>", SOURCE]
    folder, home, *options = (tmp_path / "called").read_text(encoding="utf-8").split()
    # A .mjmlconfig beside the source would make the program load code.
    assert folder == "/"
    assert not Path(home).exists()
    assert options[-2:] == ["--config.ignoreIncludes", "true"]


@pytest.mark.parametrize(
    ("source", "script", "why"),
    [
        (SOURCE, "exit 1", "cannot compile"),
        (SOURCE, "cat", "cannot compile"),
        (SOURCE.replace("<mj-body>", "<mj-body>< MJ-include path='/etc/hosts'/>"), "cat", "includes"),
    ],
)
def test_what_is_not_compiled_says_why(tmp_path: Path, source: str, script: str, why: str) -> None:
    assert why in str(compile_mjml(source, program(tmp_path, script)).unavailable)


@pytest.mark.parametrize(
    ("bounds", "script", "why"),
    [
        ({"MOST_COMPILED": 5000}, "exec yes '<html>'", "MiB of HTML"),
        ({"BUDGET": 0.1}, "sleep 30; true", "did not end"),
    ],
)
def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, float], script: str, why: str
) -> None:
    for name, value in bounds.items():
        monkeypatch.setattr(mjml, name, value)
    assert why in str(compile_mjml(SOURCE, program(tmp_path, script)).unavailable)


def test_a_machine_without_the_program_and_an_untrusted_campaign_leave_the_size_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.mjml").write_text(SOURCE, encoding="utf-8")
    plan = MessagePlan(html=tmp_path / "t.mjml")
    monkeypatch.setenv("PATH", "/nowhere")
    for compiles, why in ((True, "npm install"), (False, "untrusted")):
        content = observe_message(plan, compiles=compiles).content.get()
        assert why in str(content.uncompiled)
        assert content.html_size is None
        assert "Hello" in " ".join(content.pages[0].lines)
