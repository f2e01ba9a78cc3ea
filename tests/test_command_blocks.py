"""Every command that README and docs show is run, page by page and in order, in a folder such as a reader has."""

from __future__ import annotations

import os
import re
import shlex
import sys
from pathlib import Path

import click
import pytest

from mailaudit.cli.program import COMMANDS, program
from support import command

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(one for one in (ROOT / "docs").glob("*.md") if one.name != "checks.md")]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_CELL = re.compile(r"^\| `(mailaudit [^`]+)` \|", re.MULTILINE)
_UNUSABLE = 2
# What another program than ours does is not ours to try; that it knows what it is asked for is.
_TARGETS = {"make": "Makefile", "docker": "Dockerfile"}

ZONE = """\
$ORIGIN acme.example.
@ 60 IN SOA ns1 hostmaster 1 7200 3600 1209600 60
@ 60 IN NS ns1
ns1 60 IN A 203.0.113.5
@ 60 IN MX 10 mail
mail 60 IN A 203.0.113.7
@ 60 IN TXT "v=spf1 mx ~all"
_dmarc 60 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@acme.example"
"""
CAMPAIGN = """\
from: ACME News <news@acme.example>
sending: {ips: [203.0.113.25]}
recipients: {files: [recipients.csv], suppression: [unsubscribed.csv]}
schedule: {start: 2026-12-01T09:00, timezone: Europe/Paris, rate: 600/10min}
message: {html: template.html, subject: "Hello {{ name }}", fields: {name: name}}
"""
FILES = {
    "campaign.yml": CAMPAIGN,
    "recipients.csv": "email,name\nann@gmail.com,Ann\nbob@orange.fr,Bob\nbob@orange.fr,\n",
    "unsubscribed.csv": "email\nann@gmail.com\n",
    "template.html": "<p>Hello {{ name }}, this is our news of spring.</p>",
    "acme.zone": ZONE,
    "draft.zone": ZONE.replace("v=spf1", "v=spf1 ip4:203.0.113.25"),
    "new-spf.zone": '$ORIGIN acme.example.\n@ 60 IN TXT "v=spf1 ip4:203.0.113.25 mx ~all"\n',
    "shared.yml": "sending: {ips: [203.0.113.25]}\n",
    "spring.yml": "from: news@acme.example\n",
    "summer.yml": "from: news@acme.example\n",
    "clients/ann/campaign.yml": "extends: ../../shared.yml\nfrom: news@acme.example\n",
    "clients/bob/campaign.yml": "extends: ../../shared.yml\nfrom: post@acme.example\n",
    "base/policy.yml": "fail_on: error\n",
}
# What somebody would answer at a terminal.
ANSWERS = {
    "MAILAUDIT_DOMAIN": "acme.example",
    "MAILAUDIT_RECIPIENTS": "recipients.csv",
    "MAILAUDIT_IP": "203.0.113.25",
    "MAILAUDIT_FORCE": "1",
}
REPORTS = ("audit.json", "old.json", "new.json")


def commands(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    shown = [line.removeprefix("$ ") for block in _BLOCK.findall(text) for line in block.splitlines()]
    return [*_CELL.findall(text), *shown]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("saved")
    fill(folder)
    return command.mailaudit("check", "--zone", "acme.zone", "-f", "json", cwd=folder).stdout


def fill(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "examples").symlink_to(ROOT / "examples")


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_every_command_of_a_page_runs(
    page: Path, tmp_path: Path, saved: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    for name in REPORTS:
        (tmp_path / name).write_text(saved, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    environment = {"MAILAUDIT_ZONE": "acme.zone", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for line in commands(page):
        words = shlex.split(line, comments=True)
        if words[0] == "export":
            environment |= {name: value for name, _, value in [words[1].partition("=")]}
        elif words[0] == "mkdir":
            Path(words[-1]).mkdir()
        elif words[0] in _TARGETS:
            file = (ROOT / _TARGETS[words[0]]).read_text(encoding="utf-8")
            assert words[0] != "make" or f"\n{words[1]}:" in file
        ours = [at for at, word in enumerate(words[:-1], start=1) if word == "mailaudit" and words[at] in COMMANDS]
        if ours:
            _run(words[ours[-1] :], environment, monkeypatch)


def _run(args: list[str], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    args = [*args, "--", "true"] if args == ["capture"] else args  # alone it waits for somebody to send
    told = environment | (ANSWERS if args == ["init"] else {})
    if "--watch" in args:
        _watch(args, told, monkeypatch)
        return
    done = command.mailaudit(*args, environment=told)
    assert done.returncode < _UNUSABLE or (done.returncode == 3 and "internal error" not in done.stderr), (
        done.stderr
    )
    assert done.stdout or done.stderr


def _watch(args: list[str], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run one round; Ctrl-C ends it where it would wait for the next."""

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("mailaudit.cli.auditing.watch.time.sleep", interrupted)
    with pytest.raises(click.Abort):
        program.main(args, standalone_mode=False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_command_hides_in_another_block(page: Path) -> None:
    text = re.sub(
        r"<!-- output of: .*?<!-- end of output -->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    others = re.findall(r"^```(?!console)\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert not [block for block in others if re.match(r"(?:\$ )?(mailaudit|python|pip) ", block)]


@pytest.mark.slow
def test_readme_s_python_says_what_it_says(
    tmp_path: Path, saved: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path)
    (tmp_path / "campaign.yml").write_text(f"{CAMPAIGN}dns: {{zones: [acme.zone]}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGES[0].read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    exec(code, {})  # noqa: S102 - our own page
    assert "not-ready" in capsys.readouterr().out
    assert '"not-ready"' in saved
