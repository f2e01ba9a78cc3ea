"""`mailaudit preview` writes what the worst rows would read, and nobody's address."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from mailaudit.cli.commands.preview import command
from mailaudit.errors import InputError

CAMPAIGN = """from: news@acme.example
recipients: {files: [list.csv]}
message: {html: body.html, text: body.txt, subject: "{{ first_name }}, come"}
"""
LIST = """email,first_name,note
ann@reader.example,Ann,fine
bob@reader.example,,fine
cyd@reader.example,Cyd,<script>alert(1)</script>
dan@reader.example,dan@reader.example,fine
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "campaign.yml").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "body.html").write_text(
        "<!doctype html><p>Dear {{ first_name }}, {{ note }}</p>", encoding="utf-8"
    )
    (tmp_path / "body.txt").write_text("Dear {{ first_name }} <{{ email }}>", encoding="utf-8")
    return tmp_path / "campaign.yml"


def run(*args: object) -> tuple[int, str, str]:
    found = CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)
    if found.exception:
        raise found.exception
    return int(found.return_value or 0), found.stdout, found.stderr


def test_the_rows_that_hurt_are_filled_in(campaign: Path, tmp_path: Path) -> None:
    code, out, _ = run(campaign, "-o", tmp_path / "out", "--worst", "4")
    assert code == 0
    assert "empty (list.csv:3)" in out
    assert "nothing stands in place of first_name" in out
    assert "a value is read as markup" in out
    assert (tmp_path / "out" / "1-empty.html").read_text(encoding="utf-8").endswith("<p>Dear , fine</p>")
    assert (tmp_path / "out" / "1-empty.txt").read_text(encoding="utf-8").startswith("Subject: , come\n\nDear ")


def test_no_address_is_written_and_nothing_runs(campaign: Path, tmp_path: Path) -> None:
    run(campaign, "-o", tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert not any("@reader.example" in text and f"{name}@" in text for text in texts for name in ("bob", "dan"))
    pages = [text for text in texts if "<p>" in text]
    assert all(text.startswith('<!doctype html><meta http-equiv="Content-Security-Policy"') for text in pages)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from: a@acme.example\n", "names no message"),
        ("from: a@acme.example\nmessage: {html: body.html}\n", "names no recipient list"),
        (
            "from: a@acme.example\nrecipients: {files: [list.csv]}\nmessage: {html: body.html, kind: sample}\n",
            "a sample",
        ),
    ],
)
def test_what_cannot_be_previewed_is_said(campaign: Path, tmp_path: Path, text: str, why: str) -> None:
    campaign.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        run(campaign, "-o", tmp_path / "out")
