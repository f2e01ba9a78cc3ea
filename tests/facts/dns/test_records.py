from __future__ import annotations

import pytest

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.records import addresses, mx, names
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.observed import Unavailable

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
    assert mx(ZONE.answer("acme.example", "MX")) == ((10, "mx1.acme.example"), (20, "mx2.acme.example"))
    assert mx(ZONE.answer("null.acme.example", "MX")) == ((0, "."),)
    assert names(ZONE.answer("acme.example", "NS")) == ("ns1.acme.example",)
    assert addresses(ZONE.answer("mx1.acme.example", "AAAA")) == ("2001:db8::1",)
    assert addresses(ZONE.answer("mx1.acme.example", "A")) == ("192.0.2.1",)


def test_what_does_not_exist_is_empty() -> None:
    assert addresses(ZONE.answer("acme.example", "A")) == ()
    assert mx(ZONE.answer("nope.acme.example", "MX")) == ()


@pytest.mark.parametrize("view", [addresses, mx, names])
def test_what_nobody_answered_is_unavailable(view: object) -> None:
    assert callable(view)
    with pytest.raises(Unavailable, match="timed out"):
        view(ZONE.answer("slow.acme.example", "A"))
    with pytest.raises(Unavailable, match="refused"):
        view(Answer("x.example", "A", Status.REFUSED))
