"""The commands that show the knowledge base: delist and knowledge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailaudit.cli.commands import delist, knowledge
from mailaudit.errors import InputError

EXAMPLE = Path(__file__).parents[3] / "examples" / "own-server" / "campaign.yml"


def run(command: object, *args: str) -> None:
    command.command.main(list(args), standalone_mode=False)  # type: ignore[attr-defined] # a module of the command line


def test_delist_shows_a_guide(capsys: pytest.CaptureFixture[str]) -> None:
    run(delist, "spamhaus-zen")

    shown = capsys.readouterr()
    assert shown.out.startswith("# Spamhaus ZEN\n")
    assert "https://check.spamhaus.org" in shown.out
    assert shown.err == ""


@pytest.mark.slow
def test_delist_fills_the_letter_from_a_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from mailaudit.api import audit, load_campaign  # noqa: PLC0415 - reads much, and only this test needs it
    from mailaudit.reports.document.build import document  # noqa: PLC0415 - as above
    from mailaudit.reports.document.render import dumps  # noqa: PLC0415 - as above

    (tmp_path / "report.json").write_text(dumps(document(audit(*load_campaign(EXAMPLE)))))

    run(delist, "orange", "--report", str(tmp_path / "report.json"))

    letter = capsys.readouterr().out
    assert "From domain: cave-coste.example" in letter
    assert "Sending address: 203.0.113.25 (vps-4f21.web-host.example)" in letter
    assert "SPF softfail" in letter


def test_delist_refuses_a_report_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(json.dumps({"a": 1}))

    with pytest.raises(InputError):
        run(delist, "orange", "--report", str(tmp_path / "report.json"))


@pytest.mark.parametrize(
    ("command", "name", "meant"), [(delist, "barracada", "barracuda"), (knowledge, "mailchinp", "mailchimp")]
)
def test_a_typo_gets_a_suggestion(command: object, name: str, meant: str) -> None:
    with pytest.raises(InputError, match=f"did you mean {meant}"):
        run(command, name)


def test_knowledge_shows_what_is_known_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    run(knowledge, "brevo")

    shown = capsys.readouterr().out
    assert "spf-include: `spf.brevo.com` [high;" in shown


def test_knowledge_without_a_name_lists_everything(capsys: pytest.CaptureFixture[str]) -> None:
    run(knowledge)

    assert "sending platforms" in capsys.readouterr().out


def test_knowledge_of_ones_own_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "platforms.yml").write_text(
        "date: 2026-11-20\nplatforms:\n  - id: our-mailer\n    name: Our mailer\n"
        "    evidence: [{kind: spf-include, values: [spf.mailer.example]}]\n"
    )

    run(knowledge, "our-mailer", "--knowledge", str(tmp_path))

    assert "spf.mailer.example" in capsys.readouterr().out


def test_knowledge_prints_the_entry_to_start_a_correction_from(capsys: pytest.CaptureFixture[str]) -> None:
    run(knowledge, "zoho-mail", "--yaml")

    shown = capsys.readouterr().out
    assert shown.startswith("# mailboxes.yml\ndate: 20")
    assert "- id: zoho-mail\n" in shown
    assert "&id" not in shown


def test_knowledge_lists_what_was_checked_long_ago(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "limiters.yml").write_text(
        "date: 2019-05-01\nlimiters:\n  - {id: ours, name: Ours, limiter: batch, setting: x, source: our notes}\n"
    )
    run(knowledge, "ours", "--stale", "365", "--knowledge", str(tmp_path))
    assert capsys.readouterr().out == (
        "1 fact checked more than 365 days ago:\n2019-05-01  limiters.yml  ours  1  our notes\n"
    )


def test_knowledge_in_yaml_needs_a_name() -> None:
    with pytest.raises(InputError, match="needs a name"):
        run(knowledge, "--yaml")
