"""One escaper for everything that is said: whatever is written, nothing in it is alive."""

from __future__ import annotations

import pytest

from mailaudit.cli.streams import say, write

EVIL = "::error::x\n  ::stop-commands::y\n##[group]z\n##vso[task.complete]\n\x1b]0;title\x07\u202egnp\n"


@pytest.mark.parametrize("speak", [say, write])
def test_no_line_gives_a_command_or_steers_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], speak: object
) -> None:
    monkeypatch.setenv("CI", "true")
    speak(EVIL)  # type: ignore[operator]
    said = "".join(capsys.readouterr())
    assert not any(line.lstrip().startswith(("::", "##")) for line in said.splitlines())
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_what_speaks_to_the_runner_on_purpose_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    write("::error::x\n", speaks_to_runner=True)
    assert capsys.readouterr().out == "::error::x\n"


def test_off_a_runner_signs_of_a_runner_stay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"):
        monkeypatch.delenv(name, raising=False)
    write("::x\n")
    assert capsys.readouterr().out == "::x\n"
