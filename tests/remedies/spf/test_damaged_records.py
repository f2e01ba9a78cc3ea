"""No proposal for a damaged record loses a sender of the good one, or lets anybody else in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from ipaddress import ip_address
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.api import DnsOptions, Options, audit, load_campaign
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.model import SpfResult
from mailaudit.facts.sender.spf.record import select
from mailaudit.remedies.spf.text import read
from support.effort import examples

CAMPAIGN = "from: news@acme.example\nsending: {ips: [203.0.113.25]}\n"
WORLD = """$MAILAUDIT_CLOSED_WORLD
$ORIGIN partner.example.
spf IN TXT "v=spf1 ip4:192.0.2.0/28 -all"
deep IN TXT "v=spf1 include:spf.partner.example a:host.partner.example -all"
host IN A 198.51.100.77
$ORIGIN acme.example.
@ IN SOA ns1 host 1 1 1 1 1
@ IN A 198.51.100.7
@ IN MX 10 mx
mx IN A 198.51.100.1
shop IN A 198.51.100.8
"""
GOOD = (
    "v=spf1 ip4:203.0.113.25 ip4:198.51.100.9 include:spf.partner.example ~all",
    "v=spf1 mx a:shop.acme.example ip4:203.0.113.25 ip6:2001:db8::25 include:deep.partner.example -all",
    "v=spf1 a ip4:203.0.113.24/31 redirect=deep.partner.example",
    "v=spf1 -ip4:192.0.2.3 include:spf.partner.example ip4:203.0.113.25 ~all",
)
PROBES = (
    "203.0.113.25", "203.0.113.24", "203.0.113.26", "192.0.2.3", "192.0.2.99", "198.51.100.1", "198.51.100.7", "198.51.100.8",
    "198.51.100.9", "198.51.100.77", "100.64.0.1", "2001:db8::25", "2001:db8::26",
)  # fmt: skip
Slip = Callable[[str], str]
SLIPS: dict[str, Slip] = {
    "commas": lambda text: text.replace(" ", ", "),
    "semicolons": lambda text: text.replace(" ", "; "),
    "a semicolon after the version": lambda text: text.replace("v=spf1 ", "v=spf1; ", 1),
    "an en dash": lambda text: text.replace("-all", "\u2013all"),
    "blanks that do not break": lambda text: text.replace(" ", "\u00a0"),
    "quotes": lambda text: f'"{text}"',
    "curly quotes": lambda text: f"\u201c{text}\u201d",
    "backslashes": lambda text: text.replace(" ", "\\ "),
    "ipv4:": lambda text: text.replace("ip4:", "ipv4:"),
    "ip:": lambda text: text.replace("ip4:", "ip:"),
    "a blank behind the colon": lambda text: text.replace("include:", "include: "),
    "a blank before the colon": lambda text: text.replace("ip4:", "ip4 :"),
    "an equals sign": lambda text: text.replace("include:", "include="),
    "leading zeros": lambda text: text.replace("203.0.113.", "203.000.113."),
    "a trailing slash": lambda text: text.replace("203.0.113.25 ", "203.0.113.25/ "),
    "a range": lambda text: text.replace("198.51.100.9", "198.51.100.9-198.51.100.9"),
    "the sign behind all": lambda text: re.sub(r"([-~])all", r"all\1", text),
    "a blank behind the sign": lambda text: re.sub(r"([-~])all", r"\1 all", text),
    "a scheme": lambda text: text.replace("include:", "include:https://"),
    "a user": lambda text: text.replace("include:", "include:postmaster@"),
    "a glued version": lambda text: text.replace("v=spf1 ", "v=spf1", 1),
    "another version": lambda text: text.replace("v=spf1", "SPFv1", 1),
    "a version that never was": lambda text: text.replace("v=spf1", "v=spf2", 1),
    "no version number": lambda text: text.replace("v=spf1", "v=spf", 1),
    "a line of a zone file": lambda text: f'acme.example. 3600 IN TXT "{text}"',
    "a leading blank": lambda text: f" {text}",
    "a glued term": lambda text: text.replace(" include", "include"),
    "a misspelling": lambda text: text.replace("include", "inlcude"),
    "a bare address": lambda text: text.replace("ip4:203", "203"),
    "twice in one string": lambda text: f"{text} {text}",
}


def zone(text: str) -> str:
    shown = "".join(chr(o) if 32 <= o < 127 and chr(o) not in '"\\' else f"\\{o:03}" for o in text.encode())
    return f'{WORLD}@ IN TXT "{shown}"\n'


def proposals(folder: Path, text: str) -> set[str]:
    (folder / "c.yml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "w.zone").write_text(zone(text), encoding="utf-8")
    plan, source = load_campaign(folder / "c.yml")
    report = audit(plan, source, Options(dns=DnsOptions(zones=(folder / "w.zone",)), select=("spf-*",)))
    found = {finding.fix.dns_record for result in report.results for finding in result.findings}
    return {record for record in found if record}


def senders(folder: Path, text: str, draft: str | None = None) -> set[str]:
    (folder / "w.zone").write_text(zone(text), encoding="utf-8")
    (folder / "d.zone").write_text(draft or "", encoding="utf-8")

    async def ask() -> set[str]:
        drafts = (folder / "d.zone",) if draft else ()
        async with open_resolver(zones=(folder / "w.zone",), drafts=drafts) as dns:
            verdicts = [
                await check_host(
                    ip_address(ip), "acme.example", sender="news@acme.example", helo="acme.example", dns=dns
                )
                for ip in PROBES
            ]
        return {ip for ip, verdict in zip(PROBES, verdicts, strict=True) if verdict.result is SpfResult.PASS}

    return asyncio.run(ask())


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(25))
@given(st.sampled_from(GOOD), st.lists(st.sampled_from(sorted(SLIPS)), min_size=1, max_size=2, unique=True))
def test_no_proposal_loses_a_sender_or_opens_the_domain(good: str, slips: list[str]) -> None:
    damaged = good
    for slip in slips:
        damaged = SLIPS[slip](damaged)
    with TemporaryDirectory() as name:
        folder = Path(name)
        meant = senders(folder, good)
        for record in proposals(folder, damaged):
            assert senders(folder, damaged, record) == meant, (damaged, record)


@pytest.mark.slow
def test_each_slip_alone_is_repaired() -> None:
    good = GOOD[1]
    with TemporaryDirectory() as name:
        folder = Path(name)
        left = [
            slip for slip, damage in SLIPS.items() if damage(good) != good and not proposals(folder, damage(good))
        ]
    assert left == []


@pytest.mark.parametrize("good", GOOD)
def test_two_slips_leave_the_terms_or_a_question(good: str) -> None:
    for one, other in permutations(SLIPS, 2):
        damaged = SLIPS[other](SLIPS[one](good)).encode()
        text = read([damaged])
        assert select([damaged]) or Meant.SPF.is_meant_by(damaged), (one, other)
        assert text.question or set(text.terms) == set(good.split()[1:]), (one, other)
