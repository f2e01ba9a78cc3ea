"""Our little grammars agree with checkdmarc's, and read anything."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.sender.mail_servers.receiving_security import (
    bimi_errors,
    mta_sts_errors,
    observe_transport,
    tls_rpt_errors,
)


@pytest.mark.parametrize(
    "text",
    [
        "v=STSv1; id=20160831085700Z;",
        "v=STSv1;id=1",
        "v=STSv1; id=1; future=x",
        "v=STSv1; id=2016-08-31",
        "v=STSv1; id=",
        "v=STSv1;",
        f"v=STSv1; id={'a' * 33}",
    ],
)
def test_mta_sts_as_checkdmarc_reads_it(text: str) -> None:
    from checkdmarc.mta_sts import MTASTSError, parse_mta_sts_record  # noqa: PLC0415 - half a second to import

    try:
        parse_mta_sts_record(text)
        theirs = True
    except MTASTSError:
        theirs = False
    assert (mta_sts_errors(text) == ()) is theirs


@pytest.mark.parametrize(
    "text",
    [
        "v=TLSRPTv1; rua=mailto:reports@example.com",
        "v=TLSRPTv1;rua=https://reports.example.com/v1/tlsrpt",
        "v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com;",
        "v=TLSRPTv1; rua=a@example.com",
        "v=TLSRPTv1;",
    ],
)
def test_tls_rpt_as_checkdmarc_reads_it(text: str) -> None:
    from checkdmarc.smtp_tls_reporting import (  # noqa: PLC0415 - half a second to import
        SMTPTLSReportingError,
        parse_smtp_tls_reporting_record,
    )

    try:
        parse_smtp_tls_reporting_record(text)
        theirs = True
    except SMTPTLSReportingError:
        theirs = False
    assert (tls_rpt_errors(text) == ()) is theirs


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
