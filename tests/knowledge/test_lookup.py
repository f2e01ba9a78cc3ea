from __future__ import annotations

from functools import partial
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.knowledge import lookup
from mailaudit.knowledge.machines import helo_shape, reverse_name_kind
from mailaudit.knowledge.names import SuffixIndex
from mailaudit.knowledge.receivers import (
    mailbox_service_by,
    mailbox_service_by_domain,
    provider_by_domain,
    provider_by_mx,
    provider_named,
)
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.platform import Match


def ids(matches: tuple[Match, ...]) -> list[str]:
    return [match.platform.id for match in matches]


@pytest.mark.parametrize(
    ("include", "platform"),
    [
        ("spf.brevo.com", "brevo"),
        ("SPF.Brevo.com.", "brevo"),
        ("spf.sendinblue.com", "brevo"),
        ("spf.mailjet.com", "mailjet"),
        ("sendgrid.net", "sendgrid"),
        ("_spf.mailgun.org", "mailgun"),
        ("1234.spf05.hubspotemail.net", "hubspot"),
        ("amazonses.com", "amazon-ses"),
    ],
)
def test_an_spf_include_names_its_platform(include: str, platform: str) -> None:
    assert ids(lookup.platforms_by("spf-include", include)) == [platform]


@pytest.mark.parametrize(
    "include", ["notsendgrid.net", "sendgrid.net.evil.example", "net", "", ".", "com", "_spf.google.com"]
)
def test_a_name_matches_on_label_boundaries_only(include: str) -> None:
    assert lookup.platforms_by("spf-include", include) == ()


def test_the_surest_trace_of_a_platform_wins_over_a_longer_one() -> None:
    (match,) = lookup.platforms_by("spf-include", "_spf.mailgun.org")

    assert match.confidence is Confidence.HIGH


@pytest.mark.parametrize(
    ("target", "platform"),
    [
        ("b1.acme-example.dkim.brevo.com", "brevo"),
        ("s1.domainkey.u4242.wl007.sendgrid.net", "sendgrid"),
        ("abcdefabcdef.dkim.amazonses.com", "amazon-ses"),
        ("dkim2.mcsv.net", "mailchimp"),
        ("k1.dkim.mandrillapp.com", "mandrill"),
        ("100._domainkey.dkim1.ccsend.com", "constantcontact"),
    ],
)
def test_the_target_of_a_selector_names_its_platform(target: str, platform: str) -> None:
    assert ids(lookup.platforms_by("dkim-target", target)) == [platform]


@pytest.mark.parametrize("selector", ["k1", "s1", "default", "mail", "selector1", "key1", "google"])
def test_a_selector_that_anybody_may_use_proves_nothing(selector: str) -> None:
    assert lookup.platform_by_dkim_selector(selector) == ()


@pytest.mark.parametrize(
    ("selector", "platform"), [("mailjet", "mailjet"), ("brevo1", "brevo"), ("hs1-4711", "hubspot")]
)
def test_a_selector_of_one_platform_names_it(selector: str, platform: str) -> None:
    assert ids(lookup.platform_by_dkim_selector(selector)) == [platform]


def test_a_variable_label_is_matched_whole() -> None:
    assert ids(lookup.platforms_by("tracking-target", "links.mkt4242.com")) == ["acoustic"]
    assert lookup.platforms_by("tracking-target", "links.market4242.com") == ()
    assert lookup.platforms_by("tracking-target", "mkt4242.com.evil.example") == ()


@pytest.mark.parametrize(
    ("name", "value", "platform"),
    [
        ("X-SG-EID", "abc", "sendgrid"),
        ("feedback-id", "1:2:3:AmazonSES", "amazon-ses"),
        ("X-Mailer", "MailChimp Mailer - **CID123", "mailchimp"),
        ("X-PM-Metadata-color", "red", "postmark"),
        ("Message-ID", "<0100@eu-west-1.amazonses.com>", "amazon-ses"),
    ],
)
def test_a_header_names_its_platform(name: str, value: str, platform: str) -> None:
    assert ids(lookup.platform_by_header(name, value))[0] == platform


def test_a_header_of_nobody_names_nobody() -> None:
    assert lookup.platform_by_header("Subject", "MailChimp Mailer - hello") == ()
    assert lookup.platform_by_header("X-Mailer", "Thunderbird") == ()


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("https://acme.us1.list-manage.com/track/click?u=1", "mailchimp"),
        ("list-manage.com", "mailchimp"),
        ("https://links.acme.example/ls/click?upn=abc", "sendgrid"),
        ("https://user@x.mjt.lu:443/lnk/abc", "mailjet"),
    ],
)
def test_a_link_names_its_platform(url: str, platform: str) -> None:
    assert ids(lookup.platform_by_link(url)) == [platform]


@pytest.mark.parametrize(
    "url", ["https://www.acme.example/", "", "https://", "x" * 5000, "https://notlist-manage.com/"]
)
def test_a_link_of_nobody_names_nobody(url: str) -> None:
    assert lookup.platform_by_link(url) == ()


def test_an_address_is_found_in_the_ranges_of_a_platform() -> None:
    assert ids(lookup.platform_by_address(IPv4Address("167.89.1.2"))) == ["sendgrid"]
    assert lookup.platform_by_address(IPv4Address("192.0.2.1")) == ()
    assert lookup.platform_by_address(IPv6Address("2001:db8::1")) == ()


@pytest.mark.parametrize(
    ("name", "platform"),
    [("brevo", "brevo"), ("Sendinblue", "brevo"), ("Amazon SES", "amazon-ses"), ("amazon_ses", "amazon-ses"), ("KIT", "kit"),
     ("convertkit", "kit"), ("Twilio SendGrid", "sendgrid"), ("sfmc", "salesforce-marketing-cloud")],
)  # fmt: skip
def test_a_platform_is_found_under_its_names(name: str, platform: str) -> None:
    found = lookup.platform_named(name)

    assert found is not None
    assert found.id == platform


def test_a_typo_gets_a_suggestion() -> None:
    meant = lookup.platform_meant("mailchinp")

    assert lookup.platform_named("mailchinp") is None
    assert meant is not None
    assert meant.id == "mailchimp"
    assert lookup.platform_meant("zzzzzzzz") is None


def test_mailbox_services_are_found_by_their_names() -> None:
    assert [s.id if s else None for s in (
        mailbox_service_by_domain("Gmail.com"), mailbox_service_by_domain("acme.gmail.com"),
        mailbox_service_by("mx", "aspmx.l.google.com"), mailbox_service_by("spf", "spf.protection.outlook.com"),
        mailbox_service_by("smtp_hosts", "smtp.office365.com"), mailbox_service_by("smtp_hosts", "smtp.acme.example"),
    )] == ["gmail", None, "google-workspace", "microsoft-365", "microsoft-365", None]  # fmt: skip


@pytest.mark.parametrize(
    ("domain", "provider"),
    [("wanadoo.fr", "orange"), ("neuf.fr", "sfr"), ("noos.fr", "sfr"), ("googlemail.com", "gmail"), ("aol.com", "yahoo"),
     ("hotmail.co.uk", "microsoft"), ("caramail.com", "united-internet"), ("att.net", "yahoo"), ("me.com", "icloud")],
)  # fmt: skip
def test_a_recipient_domain_belongs_to_its_provider(domain: str, provider: str) -> None:
    found = provider_by_domain(domain)

    assert found is not None
    assert found.id == provider


@pytest.mark.parametrize(
    "domain",
    ["verizon.net", "voo.be", "kpn.nl", "clix.pt", "so-net.ne.jp", "zoho.com", "hey.com", "mailbox.org", "vodafone.de",
     "voila.fr", "cableone.net", "mediacombb.net", "libero.it", "t-online.de"],
)  # fmt: skip
def test_a_domain_of_mailboxes_is_one_for_senders_and_for_recipients(domain: str) -> None:
    assert mailbox_service_by_domain(domain) is not None
    assert provider_by_domain(domain) is not None


def test_a_sub_domain_of_a_provider_is_not_the_provider() -> None:
    assert provider_by_domain("shop.orange.fr") is None
    assert provider_by_domain("acme.example") is None


@pytest.mark.parametrize(
    ("host", "provider"),
    [("gmail-smtp-in.l.google.com", "gmail"), ("mx-att.mail.am0.yahoodns.net", "yahoo"), ("smtp-in.sfr.fr.", "sfr"),
     ("acme-example.mail.protection.outlook.com", "microsoft-365"),
     ("outlook-com.olc.protection.outlook.com", "microsoft"), ("mx1.acme.iphmx.com", "cisco")],
)  # fmt: skip
def test_an_mx_host_belongs_to_its_provider(host: str, provider: str) -> None:
    found = provider_by_mx(host)

    assert found is not None
    assert found.id == provider


def test_a_provider_is_found_by_name_alias_or_domain() -> None:
    assert [p.id if p else None for p in map(provider_named, ("Orange", "hotmail", "wanadoo.fr", "nobody"))] == [
        "orange", "microsoft", "orange", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("vps-1a2b3c4d.vps.ovh.net", "hosting"),
        ("static.4.3.2.1.clients.your-server.de", "hosting"),
        ("ec2-203-0-113-4.eu-west-3.compute.amazonaws.com", "hosting"),
        ("lfbn-lyo-1-2-3.w90-1.abo.wanadoo.fr", "access-line"),
        ("203-0-113-5.dsl.provider.example", "access-line"),
        ("p5b0a1b2c.dip0.t-ipconnect.de", "access-line"),
        ("mail-wr1-f41.google.com", "mailbox"),
        ("203-0-113-5.provider.example", "generic"),
        ("mail.acme.example", None),
        ("static-203-0-113-5.provider.example", "generic"),
        ("smtp.mail.dsl.provider.example", None),
    ],
)
def test_a_reverse_name_tells_the_kind_of_machine(name: str, kind: str | None) -> None:
    found = reverse_name_kind(name)

    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("name", "shape"),
    [("localhost", "no-dot"), ("web01", "no-dot"), ("srv.local", "private-name"), ("[192.168.1.5]", "private-literal"),
     ("[203.0.113.5]", "address-literal"), ("203.0.113.5", "bare-address"), ("mail.acme.example", None),
     ("10.acme.example", None)],
)  # fmt: skip
def test_a_bad_helo_name_is_recognised(name: str, shape: str | None) -> None:
    found = helo_shape(name)

    assert (found.id if found else None) == shape


names = st.lists(st.text("abc-", min_size=1, max_size=4), min_size=1, max_size=5).map(".".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(names, max_size=6), names)
def test_the_index_agrees_with_the_definition_of_a_suffix(entries: list[str], name: str) -> None:
    found = {value for group in SuffixIndex((entry, entry) for entry in entries).find(name) for value in group}

    assert found == {entry for entry in entries if name == entry or name.endswith("." + entry)}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_a_hostile_text_harms_no_lookup(text: str) -> None:
    for find in (
        partial(lookup.platforms_by, "spf-include"),
        lookup.platform_by_link,
        lookup.platform_by_dkim_selector,
    ):
        assert isinstance(find(text), tuple)
    lookup.platform_by_header(text, text)
    reverse_name_kind(text)
    helo_shape(text)
