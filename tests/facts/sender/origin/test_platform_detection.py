from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from msgspec.structs import replace

from mailaudit.api import load_campaign
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.message.html.page import Link, Page
from mailaudit.facts.message.model import Content, HeaderField, MessageFacts, TextPart
from mailaudit.facts.observed import Observed
from mailaudit.facts.sender.claims import claims_of
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.sender.observe import observe_sender
from mailaudit.facts.sender.origin.own_names import SendsVia
from mailaudit.knowledge import load
from mailaudit.knowledge.setup_records import setup_records
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.platform import EvidenceKind, Platform, PlatformRecord

HEAD = "$ORIGIN acme.example.\n@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300\n"
REVERSE = (
    "$ORIGIN 113.0.203.in-addr.arpa.\n@ 3600 IN SOA ns1.host.example. h.host.example. 1 7200 3600 1209600 300\n"
)
KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
# A key as text, under a name that only the customer's settings show, tells no service.
WITH_SETUP = [
    p
    for p in load.platforms()
    if any(one.is_probeable or one.type != "TXT" for one in setup_records(p, "acme.example", every_way=True))
]
BY_REVERSE_NAME = [p for p in load.platforms() if p.values(EvidenceKind.REVERSE_NAME) and p.kind != "hosting"]
BY_LINK = [p for p in load.platforms() if p.values(EvidenceKind.LINK_DOMAIN)]


def filled(text: str) -> str:
    return text.replace("<N>", "42").replace("p=<id>", f"p={KEY}").replace("<id>", "k7x").replace("<hex>", "ab12")


def observe(
    folder: Path, zone: str, sending: str = "", head: str = "", message: MessageFacts | None = None
) -> SenderFacts:
    (folder / "acme.zone").write_text(HEAD + zone)
    file = folder / "campaign.yml"
    file.write_text(f"from: news@acme.example\n{head}sending: {{{sending}}}\n")
    campaign, _ = load_campaign(file)

    async def go() -> SenderFacts:
        async def later() -> MessageFacts | None:
            return message

        async with open_resolver(zones=[folder / "acme.zone"]) as dns:
            return await observe_sender(claims_of(campaign), dns, later())

    return asyncio.run(go())


def message(*fields: tuple[str, str], html: str = "", links: tuple[str, ...] = ()) -> MessageFacts:
    headers = tuple(HeaderField(name, value, 1, value.encode()) for name, value in fields)
    page = Page((), (), tuple(Link(f"https://{host}/", "", 0) for host in links), (), ())
    content = Content((TextPart("text/html", html),), (page,), frozenset(), (), None)
    return MessageFacts("m.eml", "sample", headers, None, None, Observed.known(content))


def lines(records: tuple[PlatformRecord, ...]) -> str:
    return "".join(filled(record.line) + "\n" for record in records)


def campaign_of(records: tuple[PlatformRecord, ...]) -> tuple[str, str]:
    """What a sender who has followed the set-up guide writes: the selectors and the bounce domain that it shows."""
    names = [filled(record.name) for record in records if record.purpose == "dkim"]
    keys = ", ".join(f"{{selector: {name.partition('._domainkey.')[0]}, domain: acme.example}}" for name in names)
    bounces = [filled(record.name) for record in records if record.purpose == "return-path"]
    return (f"dkim: [{keys}]" if keys else ""), (f"return_path: {bounces[0]}\n" if bounces else "")


def test_forty_platforms_and_more_are_tried() -> None:
    assert len(WITH_SETUP) >= 70
    assert len(BY_REVERSE_NAME) >= 50


@pytest.mark.slow
@pytest.mark.parametrize("platform", WITH_SETUP, ids=lambda platform: platform.id)
def test_a_domain_that_followed_the_set_up_guide_is_recognised(platform: Platform, tmp_path: Path) -> None:
    records = setup_records(platform, "acme.example")
    keys, head = campaign_of(records)

    verdict = observe(tmp_path, lines(records), keys, head).origin.verdict

    if platform.kind == "hosting":
        assert verdict.via.get() is SendsVia.UNKNOWN
        return
    assert verdict.via.get() is SendsVia.PLATFORM, verdict.clues
    seen = {clue.platform.id for clue in verdict.clues if clue.platform}
    assert seen & {platform.id, *platform.via}
    assert verdict.platform is not None
    assert verdict.platform.id == platform.id or verdict.platform.id in platform.via


@pytest.mark.slow
@pytest.mark.parametrize("platform", BY_REVERSE_NAME, ids=lambda platform: platform.id)
def test_a_platform_is_recognised_by_the_name_of_its_machine(platform: Platform, tmp_path: Path) -> None:
    name = f"o1.{filled(platform.values(EvidenceKind.REVERSE_NAME)[0])}"
    zone = f"{REVERSE}25 3600 IN PTR {name}.\n$ORIGIN {name}.\n@ 3600 IN A 203.0.113.25\n"

    verdict = observe(tmp_path, zone, "ips: [203.0.113.25]").origin.verdict

    assert verdict.via.get() is SendsVia.PLATFORM
    assert verdict.platform is not None
    assert verdict.platform.id == platform.id
    assert verdict.clues[0].rank.name == "REVERSE_CONFIRMED"
    assert verdict.confidence is not Confidence.HIGH


@pytest.mark.slow
@pytest.mark.parametrize("platform", BY_LINK, ids=lambda platform: platform.id)
def test_a_platform_is_recognised_by_the_links_of_its_messages(platform: Platform, tmp_path: Path) -> None:
    link = f"https://{filled(platform.values(EvidenceKind.LINK_DOMAIN)[0])}/c/1"

    facts = observe(tmp_path, "", message=message(html=f'<a href="{link}">Read</a>'))

    assert facts.platform == platform.id
    assert facts.origin.verdict.confidence is not Confidence.HIGH


def test_composer_over_transport_names_both(tmp_path: Path) -> None:
    zone = "em42 3600 IN CNAME u42.wl7.sendgrid.net.\n"
    sample = message(("X-Kmail-Account", "abc"), ("Received", "from somewhere"))

    verdict = observe(tmp_path, zone, head="return_path: em42.acme.example\n", message=sample).origin.verdict

    assert verdict.platform is not None
    assert verdict.transport is not None
    assert (verdict.platform.id, verdict.transport.id) == ("klaviyo", "sendgrid")


def test_own_software_over_a_rented_transport_names_both(tmp_path: Path) -> None:
    zone = "abc._domainkey 3600 IN CNAME abc.dkim.amazonses.com.\n"
    sample = message(("X-Mailer", "Sendy (https://sendy.co)"))
    keys = "dkim: [{selector: abc, domain: acme.example}]"

    verdict = observe(tmp_path, zone, keys, message=sample).origin.verdict

    assert verdict.platform is not None
    assert (verdict.platform.id, verdict.software) == ("amazon-ses", "Sendy")


def test_a_platform_that_composes_is_not_replaced_by_a_stray_link(tmp_path: Path) -> None:
    zone = "k2._domainkey 3600 IN CNAME dkim2.mcsv.net.\n"
    keys = "dkim: [{selector: k2, domain: acme.example}]"
    sample = message(html='<a href="https://mail.beehiiv.com/x">a newsletter that we like</a>')

    assert observe(tmp_path, zone, keys, message=sample).platform == "mailchimp"


@pytest.mark.parametrize(
    ("target", "platform"),
    [("dkim.mcsv.net", "mailchimp"), ("k1.optin.com", "aweber"), ("s1.domainkey.u1.wl2.sendgrid.net", "sendgrid"),
     ("k1.platform.example", None)],
)  # fmt: skip
def test_the_same_selector_is_told_apart_by_its_target(target: str, platform: str | None, tmp_path: Path) -> None:
    zone = f"k1._domainkey 3600 IN CNAME {target}.\n"

    facts = observe(tmp_path, zone, "dkim: [{selector: k1, domain: acme.example}]")

    assert facts.sends_via.get() is SendsVia.PLATFORM
    assert facts.platform == platform


@pytest.mark.parametrize("selector", ["k1", "s1", "default", "mail", "selector1"])
def test_a_common_selector_with_a_key_of_ones_own_proves_no_platform(selector: str, tmp_path: Path) -> None:
    zone = f'{selector}._domainkey 3600 IN TXT "v=DKIM1; k=ed25519; p={KEY}"\n'

    assert observe(tmp_path, zone).sends_via.get() is SendsVia.UNKNOWN


def test_a_wildcard_that_answers_every_selector_proves_nothing(tmp_path: Path) -> None:
    zone = f'*._domainkey 3600 IN TXT "v=DKIM1; k=ed25519; p={KEY}"\n'

    assert observe(tmp_path, zone).sends_via.get() is SendsVia.UNKNOWN


def test_selectors_are_found_although_the_campaign_names_none(tmp_path: Path) -> None:
    facts = observe(tmp_path, "brevo1._domainkey 3600 IN CNAME b1.acme-example.dkim.brevo.com.\n")

    assert facts.platform == "brevo"
    assert facts.origin.verdict.confidence is Confidence.LOW


def test_an_include_that_authorizes_the_address_outranks_one_that_exists(tmp_path: Path) -> None:
    zone = (
        '@ 3600 IN TXT "v=spf1 include:spf.mailjet.com include:sendgrid.net -all"\n'
        '$ORIGIN spf.mailjet.com.\n@ 3600 IN TXT "v=spf1 ip4:198.51.100.1 ~all"\n'
        '$ORIGIN sendgrid.net.\n@ 3600 IN TXT "v=spf1 ip4:203.0.113.25 ~all"\n'
    )

    verdict = observe(tmp_path, zone, "ips: [203.0.113.25]").origin.verdict

    assert verdict.platform is not None
    assert verdict.platform.id == "sendgrid"
    assert verdict.confidence is Confidence.HIGH
    assert {clue.platform.id for clue in verdict.clues if clue.platform} == {"sendgrid", "mailjet"}


def test_an_unconfirmed_name_is_only_a_hint(tmp_path: Path) -> None:
    verdict = observe(tmp_path, f"{REVERSE}25 3600 IN PTR o1.mailjet.com.\n", "ips: [203.0.113.25]").origin.verdict

    assert verdict.platform is not None
    assert (verdict.platform.id, verdict.confidence) == ("mailjet", Confidence.LOW)


def test_the_signature_of_a_sample_tells_who_signs(tmp_path: Path) -> None:
    sample = message(("DKIM-Signature", "v=1; a=rsa-sha256; d=email-od.com; s=dkim; h=from; b=x"))

    assert observe(tmp_path, "", message=sample).platform == "socketlabs"


def test_software_alone_is_named_and_decides_nothing(tmp_path: Path) -> None:
    facts = observe(tmp_path, "", message=message(("X-Listmonk-Campaign", "1"), ("X-Mailer", "PHPMailer 6.9")))

    assert facts.sends_via.get() is SendsVia.UNKNOWN
    assert facts.origin.verdict.software in {"listmonk", "PHPMailer"}


def test_a_relay_of_web_hosts_shows_nobodys_place(tmp_path: Path) -> None:
    zone = (
        '@ 3600 IN TXT "v=spf1 include:relay.mailchannels.net -all"\n'
        '$ORIGIN relay.mailchannels.net.\n@ 3600 IN TXT "v=spf1 ip4:203.0.113.25 ~all"\n'
        "25.113.0.203.in-addr.arpa. 3600 IN PTR butterfly.mailchannels.net.\n"
    )

    assert observe(tmp_path, zone, "ips: [203.0.113.25]").sends_via.get() is SendsVia.UNKNOWN


def test_what_a_receiving_mailbox_adds_to_a_sample_does_not_make_it_the_sender(tmp_path: Path) -> None:
    sample = message(
        ("X-Google-Smtp-Source", "abc"),
        ("X-MS-Exchange-CrossTenant-id", "0" * 8),
        ("User-Agent", "Mozilla Thunderbird"),
    )

    assert observe(tmp_path, "", message=sample).sends_via.get() is SendsVia.UNKNOWN


def test_a_message_sent_through_the_gmail_interface_comes_from_a_mailbox(tmp_path: Path) -> None:
    sample = message(("Received", "from 1 named unknown by gmailapi.google.com with HTTPREST; Mon, 1 Dec 2026"))

    assert observe(tmp_path, "", message=sample).sends_via.get() is SendsVia.MAILBOX


def test_a_sample_outranks_the_provider_of_the_from_address(tmp_path: Path) -> None:
    zone = HEAD.replace("acme.example", "gmail.com") + "@ 3600 IN MX 10 gmail-smtp-in.l.google.com.\n"
    (tmp_path / "acme.zone").write_text(zone)
    file = tmp_path / "campaign.yml"
    file.write_text("from: acme.shop@gmail.com\n")
    campaign, _ = load_campaign(file)

    async def go(sample: MessageFacts | None) -> tuple[SenderFacts, list[str]]:
        async def later() -> MessageFacts | None:
            return sample

        async with open_resolver(zones=[tmp_path / "acme.zone"]) as dns:
            facts = await observe_sender(claims_of(campaign), dns, later())
            return facts, [answer.name for answer in dns.answers()]

    alone, asked = asyncio.run(go(None))
    hop = ("Received", "from o1.mcsv.net (o1.mcsv.net [198.51.100.7]) by mx.kunde.example with ESMTPS")
    sent, _names = asyncio.run(go(message(hop, ("X-MC-User", "1"))))

    assert alone.sends_via.get() is SendsVia.MAILBOX
    assert sent.platform == "mailchimp"
    assert not alone.origin.daily_mail.is_anything_shared
    assert not [name for name in asked if name.startswith("litesrv._domainkey")]


def test_a_rented_server_of_a_company_with_mailboxes_is_a_server(tmp_path: Path) -> None:
    zone = f"{REVERSE}25 3600 IN PTR 25.113.0.203.host.secureserver.net.\n"

    assert observe(tmp_path, zone, "ips: [203.0.113.25]").sends_via.get() is SendsVia.OWN_SERVER


def test_two_traces_of_one_platform_are_surer_than_the_weaker(tmp_path: Path) -> None:
    zone = (
        "brevo1._domainkey 3600 IN CNAME b1.acme-example.dkim.brevo.com.\n"
        f"{REVERSE}25 3600 IN PTR o1.brevo.com.\n$ORIGIN o1.brevo.com.\n@ 3600 IN A 203.0.113.25\n"
    )

    verdict = observe(tmp_path, zone, "ips: [203.0.113.25]").origin.verdict

    assert verdict.confidence is Confidence.MEDIUM
    assert len(verdict.reasons) == 2


@pytest.mark.parametrize(
    ("zone", "sending", "head"),
    [
        ('@ 3600 IN TXT "v=spf1 include:spf.small.example ~all"\n', "", ""),
        ('@ 3600 IN TXT "v=spf1 include:spf.small.example ~all"\n', "ips: [203.0.113.9]", ""),
        (
            "s1._domainkey 3600 IN CNAME s1.keys.small.example.\n",
            "dkim: [{selector: s1, domain: acme.example}]",
            "",
        ),
        ("b 3600 IN CNAME bounce.small.example.\n", "", "return_path: b.acme.example\n"),
        ('b 3600 IN TXT "v=spf1 include:spf.small.example ~all"\n', "", "return_path: b.acme.example\n"),
        ("bounces 3600 IN MX 10 mx.small.example.\n", "", ""),
    ],
    ids=["include", "authorized", "key", "bounce alias", "bounce spf", "usual bounce name"],
)
def test_a_service_known_by_name_alone_is_told_and_lifts_nothing(
    zone: str, sending: str, head: str, tmp_path: Path
) -> None:
    (tmp_path / "platforms.yml").write_text(
        "date: 2026-11-28\nother_services:\n  - {name: Small Mailer, domains: [small.example]}\n"
    )
    there = '$ORIGIN small.example.\nspf 3600 IN TXT "v=spf1 ip4:203.0.113.9 -all"\nbounce 3600 IN MX 10 mx\n'

    with load.with_user_knowledge(tmp_path):
        verdict = observe(tmp_path, zone + there, sending, head).origin.verdict

    assert verdict.via.value is SendsVia.PLATFORM
    assert verdict.platform is None
    assert verdict.ordinary.value is True
    assert "Small Mailer" in {clue.name for clue in verdict.clues}


OWN_HOP = (
    "Received",
    "from mail.acme.example (mail.acme.example [203.0.113.25])\tby mx.kunde.example with ESMTPS",
)
OTHER_HOP = (
    "Received",
    "from relay.hosting.example (relay.hosting.example [203.0.113.8]) by mx.kunde.example with SMTP",
)
PLATFORM_HOP = ("Received", "from o1.mcsv.net (o1.mcsv.net [198.51.100.7]) by mx.kunde.example with ESMTPS")
BOUNCES = ("Return-Path", "<b1@mcsv.net>")
ELSEWHERE = ("DKIM-Signature", "v=1; a=rsa-sha256; d=other.example; s=s1; h=from; bh=AA==; b=BB==")
FORGED = ("DKIM-Signature", "v=1; a=rsa-sha256; d=sendgrid.net; s=smtpapi; h=from; bh=AA==; b=BB==")
STALE = ("DKIM-Signature", "v=1; a=rsa-sha256; d=acme.example; s=s1; h=from; bh=AA==; b=BB==")
LINK = "acme.us1.list-manage.com"


def as_file(sample: MessageFacts) -> MessageFacts:
    """The same message as octets too, as it is read from a file, and so its signatures are looked at."""
    raw = "".join(f"{one.name}: {one.value}\r\n" for one in sample.headers or ()) + "\r\nHello\r\n"
    return replace(sample, raw=raw.encode())


def signed_by(domain: str, author: str) -> tuple[MessageFacts, str]:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    raw = f"From: {author}\r\nSubject: Hi\r\n\r\nHello\r\n".encode()
    signature = dkim.sign(raw, b"smtpapi", domain.encode(), private, include_headers=[b"from"])
    sample = message(("From", author), ("DKIM-Signature", signature.decode().partition(":")[2].strip()))
    return replace(sample, raw=signature + raw), base64.b64encode(public).decode()


@pytest.mark.parametrize(
    ("sample", "sending"),
    [
        (message(OWN_HOP, BOUNCES), ""),
        (message(OWN_HOP, FORGED), ""),
        (message(OWN_HOP, STALE), ""),
        (message(OTHER_HOP, ("X-MC-User", "1")), ""),
        (message(OTHER_HOP, BOUNCES), ""),
        (message(("Received", "from somewhere"), ("X-MC-User", "1")), ""),
        (message(("Received", "from o1.mcsv.net by mx.kunde.example"), BOUNCES, FORGED), ""),
        (message(BOUNCES, links=(LINK,)), ""),
        (message(FORGED), ""),
        (message(ELSEWHERE), ""),
        (message(PLATFORM_HOP, BOUNCES, ("From", "letters@other.example")), ""),
        (message(PLATFORM_HOP, STALE, ("From", "letters@other.example")), ""),
        (message(("X-MC-User", "1")), ""),
        (message(("X-MC-User", "1")), "ips: [203.0.113.77]"),
        (message(("X-MC-User", "1")), "smtp: localhost:25"),
        (message(("X-MC-User", "1")), "platform: mautic"),
        (message(("X-MC-User", "1")), "software: phplist"),
        (message(links=(LINK,)), ""),
        (message(links=(LINK,)), "smtp: relay.hosting.example:587"),
    ],
    ids=[
        "bounces", "signature", "stale signature", "other hop", "bounces over another hop", "a hop of no machine",
        "a hop without an address", "bounces without a hop", "signature without a hop", "another's delegated key",
        "another's newsletter", "another's newsletter, own key", "not sent yet", "addresses", "local server",
        "claimed program", "program", "links", "other server",
    ],
)  # fmt: skip
def test_what_anybody_may_write_into_a_message_lifts_no_limit(
    sample: MessageFacts, sending: str, tmp_path: Path
) -> None:
    zone = (
        "s1._domainkey 3600 IN CNAME s1.domainkey.u42.wl7.sendgrid.net.\n"
        "$ORIGIN other.example.\ns1._domainkey 3600 IN CNAME s1.domainkey.u43.wl7.sendgrid.net.\n"
    )

    verdict = observe(tmp_path, zone, sending, message=as_file(sample)).origin.verdict

    assert verdict.ordinary.get() is True


def test_a_key_of_the_senders_that_is_delegated_counts_in_a_sample_too(tmp_path: Path) -> None:
    zone = "s1._domainkey 3600 IN CNAME s1.domainkey.u42.wl7.sendgrid.net.\n"

    verdict = observe(tmp_path, zone, message=as_file(message(STALE))).origin.verdict

    assert (verdict.platform_name, verdict.ordinary.get()) == ("sendgrid", False)
    assert verdict.clues[0].rank.name == "DELEGATED"


@pytest.mark.parametrize(("author", "is_ordinary"), [("news@acme.example", False), ("news@other.example", True)])
def test_a_signature_of_a_platform_that_holds_shows_it(author: str, *, is_ordinary: bool, tmp_path: Path) -> None:
    signed, key = signed_by("sendgrid.net", author)
    zone = f'$ORIGIN sendgrid.net.\nsmtpapi._domainkey 3600 IN TXT "v=DKIM1; k=rsa; p={key[:200]}" "{key[200:]}"\n'

    verdict = observe(tmp_path, zone, message=signed).origin.verdict

    assert verdict.platform_name == "sendgrid"
    assert verdict.ordinary.get() is is_ordinary


@pytest.mark.parametrize(
    ("sending", "head"),
    [
        ("dkim: [{selector: s1, domain: other.example}]", ""),
        ("", "return_path: em9.other.example\n"),
    ],
    ids=["key", "bounces"],
)
def test_what_somebody_else_has_delegated_shows_nothing_of_this_sender(
    sending: str, head: str, tmp_path: Path
) -> None:
    zone = (
        "$ORIGIN other.example.\ns1._domainkey 3600 IN CNAME s1.domainkey.u42.wl7.sendgrid.net.\n"
        "em9 3600 IN CNAME u42.wl7.sendgrid.net.\n$ORIGIN u42.wl7.sendgrid.net.\n@ 3600 IN MX 10 mx.sendgrid.net.\n"
    )

    assert observe(tmp_path, zone, sending, head).origin.verdict.ordinary.get() is True


@pytest.mark.parametrize(
    ("sending", "via", "is_ordinary"),
    [
        ("", SendsVia.OWN_SERVER, True),
        (", platform: sendgrid", SendsVia.OWN_SERVER, True),
        (", helo: acme.example", SendsVia.OWN_SERVER, True),
        (", smtp: smtp.sendgrid.net", SendsVia.PLATFORM, False),
    ],
    ids=["no claim", "claim", "greets with the domain", "handed on"],
)
def test_mail_of_a_host_of_ones_own_leaves_there_whatever_key_is_delegated(
    sending: str, via: SendsVia, *, is_ordinary: bool, tmp_path: Path
) -> None:
    zone = "@ 3600 IN A 203.0.113.25\ns1._domainkey 3600 IN CNAME s1.domainkey.u42.wl7.sendgrid.net.\n"
    keys = "ips: [203.0.113.25], dkim: [{selector: s1, domain: acme.example}]"

    verdict = observe(tmp_path, zone, keys + sending).origin.verdict

    assert (verdict.via.get(), verdict.ordinary.get()) == (via, is_ordinary)


def test_a_sample_that_came_by_itself_from_a_platform_lifts_them(tmp_path: Path) -> None:
    hop = ("Received", "from o1.mcsv.net (o1.mcsv.net [198.51.100.7]) by mx.kunde.example with ESMTPS")

    for sample in (
        message(hop, BOUNCES),
        message(hop),
        message(hop, ("From", "News <letters@news.acme.example>")),
    ):
        verdict = observe(tmp_path, "", message=sample).origin.verdict
        assert (verdict.platform_name, verdict.ordinary.get()) == ("mailchimp", False)


@pytest.mark.parametrize(
    ("machine", "records", "confidence"),
    [
        ("203.0.113.25", "o1.mcsv.net 203.0.113.25", "high"),
        ("203.0.113.25", "o1.mcsv.net 203.0.113.26", "low"),
        ("203.0.113.25", "mail.other.example 203.0.113.25", "low"),
        ("203.0.113.99", "o1.mcsv.net 203.0.113.25", "low"),
        ("10.0.0.7", "o1.mcsv.net 203.0.113.25", "low"),
    ],
    ids=["confirmed", "leads elsewhere", "bears another", "bears none", "private"],
)
def test_a_last_hop_is_believed_as_far_as_dns_bears_it_out(
    machine: str, records: str, confidence: str, tmp_path: Path
) -> None:
    ptr, forward = records.split()
    zone = f"{REVERSE}25 3600 IN PTR {ptr}.\n$ORIGIN o1.mcsv.net.\n@ 3600 IN A {forward}\n"
    hop = ("Received", f"from o1.mcsv.net (o1.mcsv.net [{machine}]) by mx.kunde.example with ESMTPS")

    verdict = observe(tmp_path, zone, message=message(hop, BOUNCES)).origin.verdict

    assert (verdict.confidence, verdict.ordinary.get()) == (confidence, confidence == "low")


def test_a_last_hop_that_is_the_senders_own_by_dns_contradicts_the_claim(tmp_path: Path) -> None:
    zone = f"mail 3600 IN A 203.0.113.25\n{REVERSE}25 3600 IN PTR mail.acme.example.\n"
    hop = ("Received", "from o1.mcsv.net (o1.mcsv.net [203.0.113.25]) by mx.kunde.example with ESMTPS")

    verdict = observe(tmp_path, zone, "platform: mailchimp", message=message(hop, BOUNCES)).origin.verdict

    assert (verdict.via.get(), verdict.ordinary.get()) == (SendsVia.OWN_SERVER, True)
    assert verdict.contradiction is not None


def test_an_address_of_the_campaign_must_be_seen_to_bear_the_name_of_its_last_hop(tmp_path: Path) -> None:
    hop = ("Received", "from o1.mcsv.net (o1.mcsv.net [198.51.100.7]) by mx.kunde.example with ESMTPS")

    verdict = observe(tmp_path, "", "ips: [198.51.100.7]", message=message(hop)).origin.verdict

    assert verdict.ordinary.get() is True


@pytest.mark.parametrize(
    ("sending", "head"),
    [
        ("dkim: [{selector: smtpapi, domain: sendgrid.net}]", ""),
        ("", "return_path: bounces@sendgrid.net\n"),
        ("smtp: smtp.office365.com:587, dkim: [{selector: s1, domain: acme.example}]", ""),
        ("smtp: smtp.office365.com:587", "return_path: em9.acme.example\n"),
    ],
    ids=["signer", "bounces", "key behind a mailbox", "bounces behind a mailbox"],
)
def test_a_name_that_the_file_merely_says_lifts_no_limit(sending: str, head: str, tmp_path: Path) -> None:
    zone = (
        "s1._domainkey 3600 IN CNAME s1.domainkey.u42.wl7.sendgrid.net.\n"
        "em9 3600 IN CNAME u42.wl7.sendgrid.net.\n$ORIGIN u42.wl7.sendgrid.net.\n@ 3600 IN MX 10 mx.sendgrid.net.\n"
    )

    verdict = observe(tmp_path, zone, sending, head).origin.verdict

    assert verdict.ordinary.get() is True
    assert verdict.via.get() is (SendsVia.MAILBOX if "office365" in sending else SendsVia.PLATFORM)


def test_a_key_and_a_bounce_domain_of_ones_own_that_are_delegated_do(tmp_path: Path) -> None:
    zone = (
        "s1._domainkey 3600 IN CNAME s1.domainkey.u42.wl7.sendgrid.net.\nem9 3600 IN CNAME u42.wl7.sendgrid.net.\n"
    )

    for sending, head in (
        ("dkim: [{selector: s1, domain: acme.example}]", ""),
        ("", "return_path: em9.acme.example\n"),
    ):
        verdict = observe(tmp_path, zone, sending, head).origin.verdict
        assert (verdict.platform_name, verdict.ordinary.get()) == ("sendgrid", False)


@pytest.mark.parametrize(("listed", "is_doubted"), [("203.0.113.25", False), ("203.0.113.99", True)])
def test_a_rented_address_with_a_name_of_the_customers_is_no_second_place(
    listed: str, *, is_doubted: bool, tmp_path: Path
) -> None:
    zone = (
        "em9 3600 IN CNAME u42.wl7.sendgrid.net.\no1 3600 IN A 203.0.113.25\n"
        f'$ORIGIN u42.wl7.sendgrid.net.\n@ 3600 IN TXT "v=spf1 ip4:{listed} -all"\n'
        f"{REVERSE}25 3600 IN PTR o1.acme.example.\n"
    )

    verdict = observe(tmp_path, zone, "ips: [203.0.113.25]", "return_path: em9.acme.example\n").origin.verdict

    assert verdict.platform_name == "sendgrid"
    assert verdict.is_doubted is is_doubted
