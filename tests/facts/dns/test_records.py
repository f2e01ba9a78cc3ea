from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.records import addresses_in, mx_names, target_names
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource

ZONE = ZoneSource(
    [
        parse_zone(
            """
$ORIGIN acme.example.
@ MX 20 MX2.Acme.Example.
@ MX 10 mx1
@ NS NS1
null MX 0 .
mx1 AAAA 2001:DB8:0::0001
mx1 A 192.0.2.1
!timeout slow *
"""
        )
    ]
)


def test_records_become_plain_values() -> None:
    assert mx_names(ZONE.answer("acme.example", "MX")) == ("mx1.acme.example", "mx2.acme.example")
    assert target_names(ZONE.answer("acme.example", "NS")) == ("ns1.acme.example",)
    assert addresses_in(ZONE.answer("mx1.acme.example", "AAAA")) == (ip_address("2001:db8::1"),)
    assert addresses_in(ZONE.answer("mx1.acme.example", "A")) == (ip_address("192.0.2.1"),)


@pytest.mark.parametrize("view", [addresses_in, mx_names, target_names])
@pytest.mark.parametrize("name", ["null.acme.example", "nope.acme.example", "slow.acme.example"])
def test_what_names_nothing_does_not_exist_or_is_not_known_is_empty(
    view: Callable[[Answer], tuple[object, ...]], name: str
) -> None:
    assert view(ZONE.answer(name, "MX")) == ()
