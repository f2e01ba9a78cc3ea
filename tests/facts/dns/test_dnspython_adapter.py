from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import checkdmarc.mta_sts
import checkdmarc.smtp_tls_reporting
import checkdmarc.utils
import dns.message
import dns.resolver
import pytest

from mailaudit.facts.dns.dnspython_adapter import ADAPTER_TIMEOUT, AdapterNameserver, checkdmarc_caches_cleared
from mailaudit.facts.dns.resolver import CachingResolver
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource

ZONE = """
$ORIGIN acme.example.
@ MX 10 mx1
@ TXT "v=spf1 -all"
mx1 A 192.0.2.1
www CNAME mx1
_mta-sts TXT "v=STSv1; id=20260101"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@acme.example"
!timeout slow *
!servfail broken *
!refused closed *
"""


def in_thread(ask: Callable[[AdapterNameserver], Any]) -> tuple[Any, CachingResolver]:
    """Call `ask` in a worker thread while the event loop answers."""

    async def main() -> tuple[Any, CachingResolver]:
        resolver = CachingResolver(ZoneSource([parse_zone(ZONE)]))
        adapter = AdapterNameserver(resolver, asyncio.get_running_loop())
        return await asyncio.to_thread(ask, adapter), resolver

    return asyncio.run(main())


def resolve(name: str, rdtype: str) -> Callable[[AdapterNameserver], dns.resolver.Answer]:
    def ask(adapter: AdapterNameserver) -> dns.resolver.Answer:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [adapter]
        return resolver.resolve(name, rdtype, lifetime=ADAPTER_TIMEOUT)

    return ask


def test_dnspython_gets_records_through_cname_chains() -> None:
    answer, _ = in_thread(resolve("www.acme.example", "A"))
    assert [record.address for record in answer] == ["192.0.2.1"]
    assert answer.canonical_name.to_text() == "mx1.acme.example."


@pytest.mark.parametrize(
    ("name", "rdtype", "error"),
    [
        ("acme.example", "A", dns.resolver.NoAnswer),
        ("nope.acme.example", "A", dns.resolver.NXDOMAIN),
        ("broken.acme.example", "A", dns.resolver.NoNameservers),
        ("closed.acme.example", "A", dns.resolver.NoNameservers),
        ("slow.acme.example", "A", dns.resolver.LifetimeTimeout),
    ],
)
def test_failures_become_those_of_dnspython_at_once(name: str, rdtype: str, error: type[Exception]) -> None:
    started = time.monotonic()
    with pytest.raises(error):
        in_thread(resolve(name, rdtype))
    assert time.monotonic() - started < 4  # dnspython itself waits for five


def test_asking_in_a_blocking_way_on_the_event_loop_is_refused_instead_of_hanging() -> None:
    async def main() -> None:
        cache = CachingResolver(ZoneSource([parse_zone(ZONE)]))
        adapter = AdapterNameserver(cache, asyncio.get_running_loop())
        adapter.query(dns.message.make_query("acme.example", "MX"), 1, None, 0, False)  # noqa: FBT003 - as dnspython

    with pytest.raises(RuntimeError, match="worker thread"):
        asyncio.run(main())


def test_checkdmarc_asks_our_resolver() -> None:
    def ask(adapter: AdapterNameserver) -> tuple[Any, Any, Any, int]:
        given = {"nameservers": [adapter], "timeout": ADAPTER_TIMEOUT}
        with checkdmarc_caches_cleared():
            found = (
                checkdmarc.utils.get_mx_records("acme.example", **given),
                checkdmarc.mta_sts.query_mta_sts_record("acme.example", **given),
                checkdmarc.smtp_tls_reporting.query_smtp_tls_reporting_record("acme.example", **given),
            )
            return *found, len(checkdmarc.utils.DNS_CACHE)

    (mx, mta_sts, tls_rpt, cached), resolver = in_thread(ask)
    assert [(host["preference"], host["hostname"]) for host in mx] == [(10, "mx1.acme.example")]
    assert mta_sts["record"] == "v=STSv1; id=20260101"
    assert tls_rpt["record"] == "v=TLSRPTv1; rua=mailto:tls@acme.example"
    assert {"acme.example", "_mta-sts.acme.example", "_smtp._tls.acme.example"} <= {
        answer.name for answer in resolver.answers()
    }
    assert cached > 0
    assert len(checkdmarc.utils.DNS_CACHE) == 0


def test_a_failure_of_one_run_does_not_leak_into_the_next() -> None:
    def fail(adapter: AdapterNameserver) -> None:
        with checkdmarc_caches_cleared(), pytest.raises(dns.resolver.LifetimeTimeout):
            checkdmarc.utils.query_dns("slow.acme.example", "TXT", nameservers=[adapter], timeout=ADAPTER_TIMEOUT)

    in_thread(fail)
    assert len(checkdmarc.utils._NAMESERVER_FAILURES) == 0
