from __future__ import annotations

from mailaudit.knowledge.lookup import platform_named
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.platform import PlatformRecord


def records(name: str) -> list[tuple[str, str, str]]:
    platform = platform_named(name)
    assert platform is not None
    return [(record.name, record.type, record.value) for record in setup_records(platform, "acme.example")]


def test_each_selector_points_to_its_own_target() -> None:
    assert records("mailchimp") == [
        ("k2._domainkey.acme.example", "CNAME", "dkim2.mcsv.net."),
        ("k3._domainkey.acme.example", "CNAME", "dkim3.mcsv.net."),
    ]


def test_a_platform_that_never_aligns_spf_asks_for_no_include() -> None:
    assert not [record for record in records("mailchimp") if "spf1" in record[2]]


def test_a_bounce_domain_of_ones_own_replaces_the_include() -> None:
    assert ("em<N>.acme.example", "CNAME", "u<N>.wl<N>.sendgrid.net.") in records("sendgrid")
    assert not [record for record in records("sendgrid") if "include" in record[2]]


def test_an_include_at_a_label_stays_there() -> None:
    assert ("send.acme.example", "TXT", "v=spf1 include:amazonses.com ~all") in records("resend")
    assert ("send.acme.example", "MX", "10 feedback-smtp.<id>.amazonses.com.") in records("resend")


def test_a_key_without_a_target_is_a_text() -> None:
    assert ("mailjet._domainkey.acme.example", "TXT", "v=DKIM1; k=rsa; p=<id>") in records("mailjet")


def test_a_record_says_whether_it_can_be_published_as_it_stands() -> None:
    platform = platform_named("mailjet")
    assert platform is not None
    by_purpose: dict[str, PlatformRecord] = {
        record.purpose: record for record in setup_records(platform, "acme.example")
    }

    assert by_purpose["spf"].is_exact
    assert by_purpose["spf"].line == 'acme.example. 3600 IN TXT "v=spf1 include:spf.mailjet.com ~all"'
    assert not by_purpose["dkim"].is_exact
