from __future__ import annotations

import pytest

from mailaudit.facts.sender.mail_servers.record_grammar import mta_sts_errors, tls_rpt_errors


@pytest.mark.parametrize(
    "text",
    [
        "v=STSv1; id=20160831085700Z;",
        "v=STSv1;id=1",
        "v=STSv1; id=1; future=x",
        "v=STSv1 ; id=1",
        # Of a field that stands there twice the first counts (RFC 8461, section 3.2).
        "v=STSv1; id=1; id=2",
    ],
)
def test_senders_read_this_mta_sts_record(text: str) -> None:
    assert mta_sts_errors(text) == ()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("v=STSv1; id=2016-08-31", "the id value must be 1-32 letters or digits (RFC 8461 section 3.1)"),
        (f"v=STSv1; id={'a' * 33}", "the id value must be 1-32 letters or digits (RFC 8461 section 3.1)"),
        ("v=STSv1; id=", "at character 10, where name=value or the end should stand"),
        ("v=STSv1; id = 1", "at character 10, where name=value or the end should stand"),
        ("v=STSv1; id=1;;", "at character 15, where name=value or the end should stand"),
        ("v=STSv1;", "the MTA-STS record is missing the required id tag"),
        ("v=STSv1; ID=1", "the MTA-STS record is missing the required id tag"),
        ("v=stsv1; id=1", "at character 1, where v=STSv1; should stand"),
        ('v=STSv1; id=1"', "quotation marks stand in the record itself"),
    ],
)
def test_senders_ignore_this_mta_sts_record(text: str, error: str) -> None:
    assert mta_sts_errors(text) == (error,)


@pytest.mark.parametrize(
    "text",
    [
        "v=TLSRPTv1; rua=mailto:reports@example.com",
        "v=TLSRPTv1;rua=https://reports.example.com/v1/tlsrpt",
        "v=TLSRPTv1; rua=mailto:a@example.com , mailto:b@example.com;",
        "v=TLSRPTv1; x=y; rua=MAILTO:a@example.com",
    ],
)
def test_senders_read_this_tls_rpt_record(text: str) -> None:
    assert tls_rpt_errors(text) == ()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("v=TLSRPTv1; rua=a@example.com", "a@example.com is not a valid SMTP TLS Reporting URI"),
        ("v=TLSRPTv1; rua=http://example.com/r", "http://example.com/r is not a valid SMTP TLS Reporting URI"),
        ("v=TLSRPTv1;", "at character 12, where name=value should stand"),
        ("v=tlsrptv1; rua=mailto:a@example.com", "at character 1, where v=TLSRPTv1; should stand"),
    ],
)
def test_senders_ignore_this_tls_rpt_record(text: str, error: str) -> None:
    assert tls_rpt_errors(text) == (error,)
