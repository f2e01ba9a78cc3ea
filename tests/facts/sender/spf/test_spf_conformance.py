"""The openspf test suite for RFC 7208, through our own resolver seam."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from dns import rdata, rdataclass, rdatatype
from dns.rdata import Rdata

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.model import SpfResult, SpfVerdict

ROOT = Path(__file__).resolve().parents[4]
SUITE = (
    Path(os.environ.get("MAILAUDIT_SUITES", ROOT.parent / "shared" / "suites")) / "rfc7208" / "rfc7208-tests.yml"
)
EXPECTED_CASES = 203
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class SuiteZone:
    """The zone data of one scenario; `broken` gives one question another status."""

    entries: dict[str, list[Any]]
    broken: tuple[str, str] | None = None
    status: Status = Status.TIMEOUT

    def __post_init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        name = name.lower().replace("\\\\", "\\")
        self.asked.append((name, type))
        if self.broken == (name, type):
            return Answer(name, type, self.status)
        return self.look_up(name, type)

    def look_up(self, name: str, rdtype: str, chain: tuple[str, ...] = ()) -> Answer:
        entries = self.entries.get(name)
        if entries is None:
            return Answer(name, rdtype, Status.NXDOMAIN, cname_chain=chain)
        for entry in entries:
            if isinstance(entry, dict) and "CNAME" in entry and len(chain) < 8:
                target = str(entry["CNAME"]).lower()
                return self.look_up(target, rdtype, (*chain, target))
        records = tuple(records_of(entries, rdtype))
        if records:
            return Answer(name, rdtype, Status.ANSWER, records, cname_chain=chain)
        return Answer(name, rdtype, Status.TIMEOUT if "TIMEOUT" in entries else Status.NODATA, cname_chain=chain)


def records_of(entries: list[Any], rdtype: str) -> Iterator[Rdata]:
    typed = [(key, value) for entry in entries if isinstance(entry, dict) for key, value in entry.items()]
    has_txt = any(key == "TXT" for key, _ in typed)
    for key, value in typed:
        kind = "TXT" if key == "SPF" and not has_txt else key
        if kind != rdtype or value == "NONE":
            continue
        if kind == "TXT":
            strings = [value] if isinstance(value, str) else value
            wire = (
                b"".join(
                    bytes([len(part)]) + part
                    for text in strings
                    for whole in [str(text).encode("latin-1" if not str(text).isascii() else "ascii")]
                    for part in ([whole[i : i + 255] for i in range(0, len(whole), 255)] or [b""])
                )
                or b"\0"
            )
            yield rdata.from_wire(rdataclass.IN, rdatatype.TXT, wire, 0, len(wire))
        elif kind == "MX":
            yield rdata.from_text("IN", "MX", f"{value[0]} {value[1] or '.'}".rstrip(".") + ".")
        elif kind in {"PTR", "CNAME"}:
            yield rdata.from_text("IN", kind, f"{value}".rstrip(".") + ".")
        else:
            yield rdata.from_text("IN", kind, str(value))


def scenarios() -> list[dict[str, Any]]:
    if not SUITE.exists():
        return []
    return list(yaml.load_all(SUITE.read_text(), _LOADER))


def cases() -> list[Any]:
    return [
        pytest.param(scenario, case, id=name)
        for scenario in scenarios()
        for name, case in scenario["tests"].items()
    ]


def zone_of(scenario: dict[str, Any]) -> dict[str, list[Any]]:
    return {str(name).lower(): entries for name, entries in scenario["zonedata"].items()}


def run(zone: SuiteZone, case: dict[str, Any]) -> SpfVerdict:
    sender = case["mailfrom"] or f"postmaster@{case['helo']}"
    domain = sender.rpartition("@")[2]
    return asyncio.run(
        check_host(ip_address(case["host"]), domain.lower(), sender=sender, helo=case["helo"], dns=zone)
    )


def accepted(case: dict[str, Any]) -> list[str]:
    return case["result"] if isinstance(case["result"], list) else [case["result"]]


needs_suite = pytest.mark.skipif(not SUITE.exists(), reason=f"the conformance suite is not at {SUITE}")


@needs_suite
def test_the_suite_is_complete() -> None:
    assert len(cases()) == EXPECTED_CASES


@needs_suite
@pytest.mark.parametrize(("scenario", "case"), cases())
def test_result(scenario: dict[str, Any], case: dict[str, Any]) -> None:
    verdict = run(SuiteZone(zone_of(scenario)), case)
    assert verdict.result in accepted(case), verdict.reason
    wanted = case.get("explanation")
    if wanted == "DEFAULT":
        assert verdict.explanation is None
    elif wanted is not None:
        assert verdict.explanation == wanted


TWINS = [Status.TIMEOUT, Status.SERVFAIL]


@needs_suite
@pytest.mark.parametrize(("scenario", "case"), cases())
def test_a_look_up_that_fails_is_temperror_and_never_a_verdict(
    scenario: dict[str, Any], case: dict[str, Any]
) -> None:
    whole = SuiteZone(zone_of(scenario))
    expected = run(whole, case)
    for question in dict.fromkeys(whole.asked):
        results = set()
        for status in TWINS:
            broken = SuiteZone(zone_of(scenario), question, status)
            verdict = run(broken, case)
            results.add(verdict.result)
            allowed = {SpfResult.TEMPERROR, expected.result}
            assert verdict.result in allowed or verdict.doubt, (question, verdict)
        assert len(results) == 1, "a time-out and a failed server are the same to SPF"
