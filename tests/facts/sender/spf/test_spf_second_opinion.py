"""Random little worlds of SPF records, judged by us and by pyspf, an independent implementation."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.sender.spf.evaluate import check_host

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
spf: Any = pytest.importorskip("spf", reason="pyspf is not installed")

HOSTS = ("a.example", "b.example", "c.example", "d.example")
IPS = ("203.0.113.1", "203.0.113.2", "198.51.100.1", "2001:db8::1")
names = st.sampled_from((*HOSTS, "gone.example"))
terms = st.one_of(
    names.map("include:{}".format),
    names.map("a:{}".format),
    names.map("mx:{}".format),
    names.map("exists:{}".format),
    names.map("-a:{}/24".format),
    st.sampled_from(IPS).map(lambda ip: f"ip{ip_address(ip).version}:{ip}"),
    st.sampled_from(["a", "mx", "~ip4:198.51.100.0/24", "?all", "-all", "~all", "exists:%{i}.list.example"]),
    st.sampled_from(["ip4:1.2.3", "include:", "foo=bar", "foo", "all:x", "redirect=", "a:/24", "mx//129"]),
)
endings = st.one_of(st.just(""), names.map(" redirect={}".format), st.just(" -all"))
records = st.builds(
    lambda parts, end: " ".join(["v=spf1", *parts]) + end, st.lists(terms, max_size=4, unique=True), endings
)
worlds = st.fixed_dictionaries({host: st.lists(records, min_size=1, max_size=1) for host in HOSTS})


def zone_of(world: dict[str, list[str]]) -> str:
    lines = ["$TTL 60", "$ORIGIN example.", "@ IN SOA ns1 host 1 1 1 1 1"]
    for place, (host, texts) in enumerate(world.items()):
        lines += [f'{host}. IN TXT "{text}"' for text in texts]
        lines += [f"{host}. IN A 203.0.113.{place}", f"{host}. IN MX 10 {HOSTS[(place + 1) % 4]}."]
    lines += ["1.113.0.203.list IN A 127.0.0.2", "203.0.113.2.list IN A 127.0.0.2"]
    return "\n".join(lines) + "\n"


class World:
    def __init__(self, text: str) -> None:
        self.source = ZoneSource([parse_zone(text)])

    async def query(self, name: str, type: str) -> Any:  # noqa: A002 - the protocol's word
        return self.source.answer(name.lower(), type)

    def legacy(self, name: str, qtype: str, *_: Any, **__: Any) -> list[Any]:
        """Answer as pyspf's own look-up function does."""
        answer = self.source.answer(name.lower().rstrip("."), qtype)
        found: list[Any] = []
        for record in answer.records:
            if qtype == "TXT":
                found.append(((name, qtype), record.strings))  # type: ignore[attr-defined] # a TXT record
            elif qtype == "MX":
                found.append(((name, qtype), (record.preference, record.exchange.to_text(omit_final_dot=True))))  # type: ignore[attr-defined] # an MX record
            elif qtype in {"A", "AAAA"}:
                address = ip_address(record.address)  # type: ignore[attr-defined] # an address record
                found.append(((name, qtype), str(address) if qtype == "A" else address.packed))
        return found


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(world=worlds, ip=st.sampled_from(IPS))
def test_we_agree_with_pyspf(world: dict[str, list[str]], ip: str) -> None:
    # pyspf refuses a record that includes itself before it looks at the terms in front.
    assume(
        not any(f"{word}{host}" in text for host, (text,) in world.items() for word in ("include:", "redirect="))
    )
    zone = World(zone_of(world))
    ours = asyncio.run(
        check_host(ip_address(ip), "a.example", sender="news@a.example", helo="mail.example", dns=zone)
    )
    original = spf.DNSLookup
    spf.DNSLookup = zone.legacy
    try:
        theirs, _, _ = spf.query(i=ip, s="news@a.example", h="mail.example").check()
    finally:
        spf.DNSLookup = original
    assert ours.result == theirs, ours.reason
