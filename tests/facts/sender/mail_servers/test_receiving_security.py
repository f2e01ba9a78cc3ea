"""What protects mail on its way to the sender is read whatever stands there."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.sender.bimi.record import bimi_errors
from mailaudit.facts.sender.mail_servers.receiving_security import observe_transport
from mailaudit.facts.sender.mail_servers.record_grammar import mta_sts_errors, tls_rpt_errors


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    for errors_of in (mta_sts_errors, tls_rpt_errors, bimi_errors):
        assert isinstance(errors_of(text), tuple)


@pytest.mark.parametrize(
    ("serial", "day"),
    [(2026110302, date(2026, 11, 3)), (1, None), (2026133101, None), (1700000000, None), (4294967295, None)],
)
def test_a_serial_number_may_spell_a_day(serial: int, day: date | None) -> None:
    zone = f"$ORIGIN acme.example.\n@ 60 IN SOA ns host {serial} 1 1 1 1\n"
    names = ZoneSource([parse_zone(zone)])

    class Names:
        async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
            return names.answer(name, type)

    facts = asyncio.run(observe_transport("acme.example", "acme.example", Names()))

    assert facts.zone_serial_date == day
