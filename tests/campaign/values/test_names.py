from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.campaign.fields import parse_name
from mailaudit.campaign.values import names
from mailaudit.campaign.values.types import Address, Mailbox, MailFrom
from mailaudit.reach.yaml.unusable import Unusable


def refusal(parse: object, text: str) -> str:
    assert callable(parse)
    with pytest.raises(Unusable) as caught:
        parse(text)
    return f"{caught.value.what}; {caught.value.todo}"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("www.acme.example", "www.acme.example"),
        ("WWW.Acme.Example.", "www.acme.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("a。b。example", "a.b.example"),
        ("_dmarc.acme.example", "_dmarc.acme.example"),
        ("a--b.example", "a--b.example"),
        (f"{'a' * 63}.example", f"{'a' * 63}.example"),
    ],
)
def test_domains(text: str, domain: str) -> None:
    assert names.parse_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://www.acme.example/", "is a web address; drop https:// and write www.acme.example"),
        ("HTTP://acme.example?x", "drop HTTP:// and write acme.example"),
        ("acme.example/shop", "'acme.example/shop' holds a path; write acme.example"),
        ("news@acme.example", "'news@acme.example' is an e-mail address; write only acme.example"),
        ("acme", "'acme' is not a whole domain name; write it in full"),
        ("192.0.2.1", "'192.0.2.1' is an IP address, and a domain name is needed"),
        ("1.2.3", "is an IP address, and a domain name is needed"),
        ("acme example.com", "is not a domain name"),
        ("-acme.example", "is not a domain name"),
        ("acme..example", "is not a domain name"),
        (".example", "is not a domain name"),
        ("*.acme.example", "is not a domain name"),
        ("acme.example:80", "is not a domain name"),
        (f"{'a' * 64}.example", "is not a domain name"),
        ("a." * 130 + "example", "is not a domain name"),
        ("", "is empty"),
        ("x" * 100_000, "is too long for a domain name"),
        ("xn--a.example", "is not an internationalised domain name"),
        ("\u2028.example", "is not an internationalised domain name"),
        ("☃\u200d.example", "is not an internationalised domain name"),
    ],
)
def test_what_is_no_domain(text: str, said: str) -> None:
    assert said in refusal(names.parse_domain, text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("smtp.acme.example", "smtp.acme.example"),
        ("SMTP.acme.example:587", "smtp.acme.example:587"),
        ("localhost:25", "localhost:25"),
        ("192.0.2.1:2525", "192.0.2.1:2525"),
        ("192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]:25", "[2001:db8::1]:25"),
        ("2001:db8::1", "[2001:db8::1]"),
    ],
)
def test_hosts_with_ports(text: str, host: str) -> None:
    assert names.parse_host_port(text) == host


@pytest.mark.parametrize(
    "text", ["smtp.acme.example:0", "a.example:65536", "a.example:", "a.example:x", "a:\uff11"]
)
def test_what_is_no_port(text: str) -> None:
    assert "is not a port; write a number from 1 to 65535" in refusal(names.parse_host_port, text)


def test_a_password_in_place_of_a_port_is_not_told() -> None:
    assert "secret" not in refusal(names.parse_host_port, "user:secret")
    assert parse_name("smtp://user:secret@Relay.example") == "smtp://user:…@relay.example"


def test_helo_is_a_name_or_a_literal() -> None:
    assert names.parse_helo("Mail.acme.example.") == "mail.acme.example"
    assert names.parse_helo("localhost") == "localhost"
    assert names.parse_helo("[203.0.113.25]") == "[203.0.113.25]"
    assert names.parse_helo("[IPv6:2001:db8::25]") == "[IPv6:2001:db8::25]"
    assert "is not a domain name" in refusal(names.parse_helo, "[999.0.0.1]")


def test_dns_servers_are_addresses() -> None:
    for text in ("192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:53"):
        assert names.parse_dns_server(text) == text
    assert names.parse_dns_server("[2001:db8::53]") == "2001:db8::53"
    assert "is not the IP address of a DNS server" in refusal(names.parse_dns_server, "dns.acme.example")


def test_ips() -> None:
    assert names.parse_ip("203.0.113.25") == ip_address("203.0.113.25")
    assert names.parse_ip("2001:DB8::25") == ip_address("2001:db8::25")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("203.0.113.0/24", "is a network, not an address; list each address that sends, such as 203.0.113.0"),
        ("2001:db8::/32", "is a network, not an address"),
        ("203.0.113.256", "'203.0.113.256' is not an IP address"),
        ("203.0.113.025", "is not an IP address"),
        ("fe80::1%eth0", "is not an IP address"),
        ("1", "'1' is not an IP address"),
        ("a/b", "'a/b' is not an IP address"),
        ("", "'' is not an IP address"),
    ],
)
def test_what_is_no_ip(text: str, said: str) -> None:
    assert said in refusal(names.parse_ip, text)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("ACME News <news@acme.example>", "ACME News", "news@acme.example"),
        ("news@acme.example", None, "news@acme.example"),
        ("<news@acme.example>", None, "news@acme.example"),
        ('"" <news@acme.example>', None, "news@acme.example"),
        ('"ACME, Inc." <news@acme.example>', "ACME, Inc.", "news@acme.example"),
        (r'"The \"best\" <shop>" <news@acme.example>', 'The "best" <shop>', "news@acme.example"),
        ("ACME, Inc. <news@acme.example>", "ACME, Inc.", "news@acme.example"),
        ("Müller & Söhne <NEWS@Müller.Example>", "Müller & Söhne", "NEWS@xn--mller-kva.example"),
        ("  ACME<news@acme.example> ", "ACME", "news@acme.example"),
        ("news@acme.example <news@acme.example>", "news@acme.example", "news@acme.example"),
        ("o'brien+sale@acme.example", None, "o'brien+sale@acme.example"),
        ("用户@例え.テスト", None, "用户@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_mailboxes(text: str, name: str | None, address: str) -> None:
    mailbox = names.parse_mailbox(text)
    assert mailbox.display_name == name
    assert str(mailbox.address) == address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nobody", "'nobody' is not an e-mail address (an email address must have an @-sign)"),
        ("news@acme", "is not a whole domain name"),
        ("news@", "is not an e-mail address"),
        ("@acme.example", "is not an e-mail address"),
        ("a b@acme.example", "is not an e-mail address"),
        ("a..b@acme.example", "is not an e-mail address"),
        ("news@[192.0.2.1]", "is not an e-mail address"),
        ("a@acme.example, b@acme.example", "holds several addresses; name one address"),
        ("A <a@acme.example>, B <b@acme.example>", "cannot stand before an address"),
        ("ACME <news@acme.example", "has no closing >"),
        ("news@acme.example>", "has no opening <"),
        ("ACME News", "is not an e-mail address"),
        ("a\nb <news@acme.example>", "is not one address; write it in one line"),
        ("a" * 65 + "@acme.example", "is not an e-mail address"),
        ("x" * 100_000, "is not one address"),
        ("", "'' is not an e-mail address"),
    ],
)
def test_what_is_no_mailbox(text: str, said: str) -> None:
    assert said in refusal(names.parse_mailbox, text)


def test_mail_from_is_a_domain_or_an_address() -> None:
    assert names.parse_mail_from("Bounces.acme.example") == MailFrom("bounces.acme.example")
    assert names.parse_mail_from("b@acme.example") == MailFrom("acme.example", Address("b", "acme.example"))
    assert "is a web address" in refusal(names.parse_mail_from, "https://acme.example")


def test_selectors() -> None:
    for text in ("s1", "0123", "2026.news", "K1_a-b"):
        assert names.parse_selector(text) == text
    assert "write only 's1'" in refusal(names.parse_selector, "s1._domainkey.acme.example")
    assert "is not a DKIM selector" in refusal(names.parse_selector, "s 1")


@given(st.from_regex(r"[a-z]{1,10}([.+_-][a-z0-9]{1,8}){0,3}", fullmatch=True), st.text(max_size=30))
def test_a_quoted_display_name_survives(local: str, name: str) -> None:
    shown = "".join(char for char in name if char.isprintable()).strip()
    quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
    mailbox = names.parse_mailbox(f'"{quoted}" <{local}@acme.example>')
    assert mailbox == Mailbox(Address(local, "acme.example"), shown or None)
