"""How many recipient domains are looked up, for how long, and the bar that shows it."""

from __future__ import annotations

import io
import json
import sys
import threading
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner

from mailaudit.cli import lookups
from mailaudit.cli.program import program
from mailaudit.options import DnsOptions, LookUps, Options
from mailaudit.prepare import look_up_limits, prepare
from support.dns_server import serving_in_thread

ZONE = """$ORIGIN shops.example.
$TTL 3600
@ SOA ns.shops.example. admin.shops.example. 1 3600 600 86400 300
* MX 10 mx.shops.example.
mx A 192.0.2.10
"""
CHOSEN = {"max_domains": 7, "lookup_time": None, "quiet": False, "dns_cache": "off", "no_progress": False}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    file = tmp_path / "campaign.yml"
    file.write_text("from: news@shops.example\nrecipients: {files: [list.csv]}\n", encoding="utf-8")
    lines = [f"p{n}@d{n % 6}.shops.example" for n in range(20)]
    (tmp_path / "list.csv").write_text("email\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "environment", "asked", "said"),
    [
        ((), {}, 6, None),
        (("--max-domains", "2"), {}, 2, "4 domains with 12 recipients were not asked (at most 2 domains"),
        ((), {"MAILAUDIT_MAX_DOMAINS": "2"}, 2, "at most 2 domains were to be asked"),
        (("--lookup-time", "0"), {}, 0, "the 0 s for the look-ups were over"),
    ],
)
def test_the_limits_of_a_run(
    campaign: Path, options: tuple[str, ...], environment: dict[str, str], asked: int, said: str | None
) -> None:
    with serving_in_thread(ZONE) as server:
        command = ["check", str(campaign), "-f", "json", "--dns-server", server.address, *options]
        done = CliRunner().invoke(program, command, env=environment)
    report = json.loads(done.stdout)
    (result,) = [one for one in report["results"] if one["check"] == "domain-undeliverable"]
    assert report["facts"]["recipients"]["lookups"]["asked"] == asked
    assert result["outcome"] == ("passed" if asked else "unverified")
    assert result["reason"] is None if said is None else said in result["reason"]
    assert not done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check", "clean --dry-run", "plan"])
@pytest.mark.parametrize(("choice", "is_reused"), [((), False), (("--dns-cache", "on"), True)])
def test_answers_are_remembered_and_it_is_said(
    campaign: Path, command: str, choice: tuple[str, ...], *, is_reused: bool
) -> None:
    name, *more = command.split()
    with serving_in_thread(ZONE) as server:
        words = [name, str(campaign), *more, "--dns-server", server.address, *choice]
        first, second = (CliRunner().invoke(program, words) for _ in range(2))
        asked = [question for question in server.questions if question[:2] == ("d0.shops.example", "MX")]
        fresh = CliRunner().invoke(program, [*words, "--dns-cache", "off"])
    assert first.stdout == second.stdout == fresh.stdout
    assert "answered earlier" not in first.stderr + fresh.stderr
    assert ("6 recipient domains answered earlier" in second.stderr) is is_reused
    assert len(asked) == (1 if is_reused else 2)


@pytest.mark.parametrize(
    ("choice", "servers", "is_kept"),
    [
        ("auto", (), True),
        ("auto", ("192.0.2.53",), True),
        ("auto", ("192.0.2.53", "127.0.0.1:5353"), False),
        ("auto", ("::1",), False),
        ("auto", ("zones:acme.zone",), False),
        ("on", ("127.0.0.1",), True),
        ("off", (), False),
    ],
)
def test_when_answers_are_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, choice: str, servers: tuple[str, ...], *, is_kept: bool
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    file = tmp_path / "campaign.yml"
    file.write_text("from: news@shops.example\nrecipients: {files: [campaign.yml]}\n", encoding="utf-8")
    options = Options(dns=DnsOptions(servers=servers), lookups=LookUps(cache=choice))
    with prepare(file, options) as ready:
        limits = look_up_limits(ready)
    assert limits is not None
    assert (limits.memory is not None) is is_kept
    assert limits.memory is None or limits.memory.is_relative_to(tmp_path)


@pytest.mark.parametrize("option", [("--max-domains", "-1"), ("--lookup-time", "soon")])
def test_a_limit_that_makes_no_sense_is_refused(campaign: Path, option: tuple[str, str]) -> None:
    assert CliRunner().invoke(program, ["check", str(campaign), "--offline", *option]).exit_code == 2


@pytest.mark.parametrize(
    ("stream", "quiet", "is_long", "is_shown"),
    [
        (Terminal, False, True, True),
        (Terminal, True, True, False),
        (Terminal, False, False, False),
        (io.StringIO, False, True, False),
    ],
)
def test_a_line_is_for_long_runs_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, *, stream: type[io.StringIO], quiet: bool, is_long: bool, is_shown: bool
) -> None:
    written = stream()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(lookups, "_SOON_S", 0.05 if is_long else 60)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "150")
    with lookups.look_ups({**CHOSEN, "quiet": quiet}) as limits:
        assert limits.max_domains == 7
        if limits.progress:
            limits.progress("Reading [list]", 0, None)
            if is_long:
                deadline = monotonic() + 20
                while "list" not in written.getvalue() and monotonic() < deadline:
                    sleep(0.05)
            limits.progress("Writing it", 50, 4_000)
            limits.progress("Writing it", 100, 4_000)
    assert ("Reading [list]" in written.getvalue()) == is_shown
    assert ("100/4.0k" in written.getvalue()) == is_shown


def test_the_line_goes_away_when_the_run_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())

    def fail() -> None:
        with lookups.look_ups(CHOSEN) as limits:
            assert limits.progress
            limits.progress("Reading", 50, 4_000)
            raise OSError

    before = threading.active_count()
    with pytest.raises(OSError):  # noqa: PT011 - raised above
        fail()
    assert threading.active_count() <= before + 1


def test_nobody_has_to_see_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with lookups.look_ups({**CHOSEN, "no_progress": True}) as limits:
        assert limits.progress is None
