"""A filter that says nothing is never taken for one that found nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailaudit.api import load_campaign
from mailaudit.checks.finding import Outcome, Severity
from mailaudit.checks.registry import find
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.message.probes.model import FilterRule, FilterVerdict, Probes
from mailaudit.facts.message.probes.rspamd import ask_rspamd
from mailaudit.facts.message.probes.spamassassin import ask_spamassassin
from mailaudit.facts.observed import Observed
from mailaudit.runner import judge

MESSAGE = b"From: a@orchard.example\nSubject: x\n\nhello\n"


def program(folder: Path, script: str) -> str:
    """Return a program that stands for SpamAssassin."""
    (folder / "rules").mkdir()
    (folder / "rules" / "a.cf").touch()
    target = folder / "spamassassin"
    target.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    target.chmod(0o755)
    return str(target)


def said(folder: Path, script: str) -> Observed[FilterVerdict]:
    return asyncio.run(ask_spamassassin(MESSAGE, program(folder, script), folder / "rules", is_root=False))


def test_the_points_of_the_rules_are_read(tmp_path: Path) -> None:
    script = (
        "cat >/dev/null; printf 'X-Spam-Scores: HTML_MESSAGE=0.001,BAD_CREDIT=3.5,\\n\\tNICE=-1\\nFrom: x\\n\\n'"
    )
    found = said(tmp_path, script).get()
    assert found.points == 2.501
    assert found.rules[1] == FilterRule("BAD_CREDIT", 3.5)


def test_it_is_called_without_a_home_without_the_network_and_with_its_own_rules(tmp_path: Path) -> None:
    script = f'cat >/dev/null; echo "$HOME $*" > {tmp_path}/called; printf "X-Spam-Scores: A_B=0.1\\n\\n"'
    assert said(tmp_path, script).is_known
    home, *options = (tmp_path / "called").read_text(encoding="utf-8").split()
    assert not Path(home).exists()
    assert options[:4] == ["-L", "-t", "-x", f"--configpath={tmp_path}/rules"]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 255", "ended with 255"),
        ("cat >/dev/null; echo 0/0", "names no rule"),
        ("cat", "names no rule"),
        ("cat >/dev/null; printf 'X-Spam-Status: No, score=0.0\\n\\n'", "names no rule"),
    ],
)
def test_silence_is_no_all_clear(tmp_path: Path, script: str, why: str) -> None:
    assert why in str(said(tmp_path, script).unavailable)


def test_a_machine_without_it_says_so(tmp_path: Path) -> None:
    missing = asyncio.run(ask_spamassassin(MESSAGE, str(tmp_path / "none"), tmp_path))
    without_rules = asyncio.run(ask_spamassassin(MESSAGE, "/bin/sh", tmp_path))
    assert "not installed" in str(missing.unavailable)
    assert "has no rules" in str(without_rules.unavailable)


def answering(body: bytes, status: str = "200 OK") -> Observed[FilterVerdict]:
    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            assert head.startswith("POST /checkv2 ")
            await reader.readexactly(len(MESSAGE))
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()

    async def go() -> Observed[FilterVerdict]:
        server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await ask_rspamd(f"http://127.0.0.1:{port}/", MESSAGE)

    return asyncio.run(go())


def test_what_rspamd_scores_only_because_it_sees_a_file_counts_for_nothing() -> None:
    symbols = {
        "PHISHING": {"score": 2.0},
        "HFILTER_HOSTNAME_UNKNOWN": {"score": 2.5},
        "MIME_GOOD": {"score": -0.1},
    }
    found = answering(json.dumps({"is_skipped": False, "score": 4.4, "symbols": symbols}).encode()).get()
    assert (found.points, found.doubtful_from, found.spam_from) == (1.9, 4.0, 6.0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"symbols": {}}',
        b'{"symbols": {"A": 1}}',
        b'{"symbols": {"A": {"score": "x"}}}',
        b'{"is_skipped": true, "symbols": {"A": {"score": 1}}}',
        b'{"symbols": {"A": {"score": NaN}}}',
        b"[" * 100_000,
        b'{"a": "' + b"x" * 1_100_000 + b'"}',
    ],
)
def test_what_is_no_verdict_is_none(body: bytes) -> None:
    assert not answering(body).is_known


def test_a_filter_that_is_not_there_is_unverified_and_no_gate() -> None:
    nobody = asyncio.run(ask_rspamd("http://127.0.0.1:9", MESSAGE))
    declared = find("spam-score-high")
    assert "does not answer" in str(nobody.unavailable)
    assert not answering(b"", "503 Service Unavailable").is_known
    assert declared
    assert not declared.gate_when_unverified


@pytest.mark.parametrize(("points", "severity"), [(2.9, None), (3.0, Severity.WARNING), (5.0, Severity.ERROR)])
def test_points_become_findings(tmp_path: Path, points: float, severity: Severity | None) -> None:
    (tmp_path / "c.yml").write_text("name: x\nfrom: a@orchard.example\nmessage: m.eml\n", encoding="utf-8")
    (tmp_path / "m.eml").write_bytes(MESSAGE)
    plan, source = load_campaign(tmp_path / "c.yml")
    assert plan.message
    verdict = FilterVerdict("SpamAssassin", points, 3.0, 5.0, (FilterRule("BAD_CREDIT", points),))
    facts = Facts(plan, source, None, None, None, None, observe_message(plan.message))  # type: ignore[arg-type]
    asked = replace(facts, probes_or_none=Probes(filters=(("SpamAssassin", Observed.known(verdict)),)))
    declared = find("spamassassin")
    assert declared
    result = judge(declared, asked, source)

    assert [one.severity for one in result.findings] == ([severity] if severity else [])
    assert judge(declared, facts, source).outcome is Outcome.SKIPPED
