"""The questions that `mailaudit init` asks, each answer checked when it is given."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click
import pytest

from mailaudit.cli.commands.init import command as init_command
from mailaudit.cli.first_campaign.answers import FirstAnswers
from mailaudit.cli.first_campaign.questions import KEPT, ask, take_options
from support import command

ROOT = Path(__file__).parents[3]
ZONE = ROOT / "examples" / "platform" / "dns" / "sender.zone"
SENDER = "Atelier <bonjour@news.atelier-moreau.example>"


def init(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return command.mailaudit("init", *args, cwd=cwd)


class Dialogue:
    """Somebody at the terminal who gives these answers, and then presses Ctrl-C."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def prompt(self, text: str, *, default: str, **_: object) -> str:
        self.asked.append(text)
        if not self.answers:
            raise click.Abort
        return self.answers.pop(0) or default


def begun(folder: Path, monkeypatch: pytest.MonkeyPatch, talk: Dialogue, *args: str) -> FirstAnswers:
    context = init_command.make_context("init", [str(folder), *args])
    answers = FirstAnswers(folder, {name: value for name, value in context.params.items() if name != "folder"})
    take_options(answers)
    monkeypatch.setattr(click, "prompt", talk.prompt)
    ask(answers)
    return answers


def test_each_answer_is_checked_when_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people.csv").write_text("name,mail\nAnn,a@gmail.com\n", encoding="utf-8")
    (tmp_path / "unsubscribed.csv").write_text("mail\nb@gmail.com\n", encoding="utf-8")
    wrong = (
        "nobody",
        SENDER,
        "nowhere.csv",
        "",
        "nolist",
        "",
        "",
        "?",
        "sendgird",
        "brevoo",
        "none",
        "1.2.3",
        "",
        "fast",
        "40/h",
        "soon",
    )
    talk = Dialogue(*wrong, "2026-12-01T09:00")
    answers = begun(tmp_path, monkeypatch, talk, "--offline")
    assert answers.given == {
        "sender": SENDER,
        "recipients": "people.csv",
        "suppression": "unsubscribed.csv",
        "platform": "none",
        "rate": "40/h",
        "start": "2026-12-01T09:00",
    }
    told = capsys.readouterr().err
    for part in (
        "nobody",
        "no file 'nowhere.csv'",
        "no file 'nolist'",
        "empty when you do not know",
        "column mail",
        "mean sendgrid?",
        "mean brevo?",
        "1.2.3",
        "'fast'",
    ):
        assert part in told


def test_what_was_answered_before_ctrl_c_is_offered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "people.csv").write_text("email\na@gmail.com\n", encoding="utf-8")
    with pytest.raises(click.Abort):
        begun(tmp_path, monkeypatch, Dialogue(SENDER, "people.csv", "-"), "--offline")
    assert (tmp_path / KEPT).exists()
    again = begun(tmp_path, monkeypatch, Dialogue(*[""] * 8), "--offline")
    assert again.given == {"sender": SENDER, "recipients": "people.csv"}
    assert init("--from", SENDER, "--offline", "--no-check", cwd=tmp_path).returncode == 0
    assert not (tmp_path / KEPT).exists()


def test_what_the_message_and_dns_show_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test.eml").write_bytes((ROOT / "examples" / "platform" / "message.eml").read_bytes())
    talk = Dialogue("news@acme.example", *[""] * 8)
    answers = begun(tmp_path, monkeypatch, talk, "--zone", str(ZONE))
    assert answers.given["sample"] == "test.eml"
    assert "comes from news.atelier-moreau.example" in capsys.readouterr().err
    offered = begun(
        tmp_path, monkeypatch, Dialogue(*[""] * 8), "--zone", str(ZONE), "--sample", f"{tmp_path}/test.eml"
    )
    assert offered.given["platform"] == "sendgrid"
    assert "bonjour@news.atelier-moreau.example" in offered.given["sender"]


def test_a_kept_answer_that_steers_a_terminal_is_shown_inert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / KEPT).write_text('{"rate": "\\u001b[2J", "start": [], "sample": null}', encoding="utf-8")
    talk = Dialogue(SENDER, *["-"] * 8)
    assert begun(tmp_path, monkeypatch, talk, "--offline").given == {"sender": SENDER}
    assert not any("\x1b" in text for text in talk.asked)


def test_where_several_lists_lie_they_are_named_and_none_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("orders.csv", "members.csv", "abgemeldet.csv"):
        (tmp_path / name).write_text("email\na@gmail.com\n", encoding="utf-8")
    talk = Dialogue(SENDER, *[""] * 6)
    assert begun(tmp_path, monkeypatch, talk, "--offline").given == {"sender": SENDER}
    assert talk.asked[1] == "Recipient list (members.csv, orders.csv? empty: not known yet)"
    assert not any("must not be mailed" in text for text in talk.asked)
    talk = Dialogue(SENDER, "orders.csv", *[""] * 6)
    assert begun(tmp_path, monkeypatch, talk, "--offline").given["suppression"] == "abgemeldet.csv"
