from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from mailaudit.errors import InputError
from mailaudit.knowledge import load
from mailaudit.knowledge.hosting import (
    dns_host,
    hoster_by_address,
    hoster_by_reverse_name,
    hoster_by_spf,
    parking_hosts,
    parking_of,
)
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.lookup import platforms_by
from mailaudit.knowledge.receivers import provider_by_mx
from mailaudit.knowledge.types.fact import Confidence


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("mx.ovh.com", "ovh"),
        ("websitewelcome.com", "bluehost"),
        ("spf-00a1b2c3.pphosted.com", "proofpoint"),
        ("eu._netblocks.mimecast.com", "mimecast"),
        ("spf.ess.barracudanetworks.com", "barracuda"),
        ("x._spf.vali.email", "valimail"),
    ],
)
def test_an_include_of_a_hoster_or_a_gateway_is_known(name: str, id_: str) -> None:
    found = hoster_by_spf(name)

    assert found is not None
    assert found.id == id_


def test_a_machine_a_line_and_a_relay_are_known_by_their_names() -> None:
    found = [
        hoster_by_reverse_name("static.25.113.0.203.clients.your-server.de"),
        hoster_by_reverse_name("1-2-3-4.abo.bbox.fr"),
        hoster_by_reverse_name("smtp.bbox.fr"),
        hoster_by_reverse_name("mail.acme.example"),
    ]

    assert [one.id if one else None for one in found] == ["hetzner", "bouygues", "bouygues", None]


def test_an_address_that_a_hoster_holds_is_its_own() -> None:
    found = [
        hoster_by_address(ip_address(one)) for one in ("116.203.1.1", "51.158.9.9", "2001:bc8::1", "198.51.100.1")
    ]

    assert [one.id if one else None for one in found] == ["hetzner", "scaleway", "scaleway", None]


def test_an_address_of_a_cloud_is_known_and_its_mail_service_left_out() -> None:
    found = [
        hoster_by_address(ip_address(one))
        for one in ("74.208.5.20", "3.16.0.9", "34.80.0.9", "20.33.0.9", "54.240.8.1", "40.107.1.1")
    ]

    assert [one.id if one else None for one in found] == ["ionos", "aws-ec2", "google-cloud", "azure", None, None]


def test_a_users_range_is_a_hosters(tmp_path: Path) -> None:
    (tmp_path / "hosters.yml").write_text(
        "date: 2026-11-20\nhosters:\n  - {id: acme-host, name: ACME Host, kind: hosting, ranges: [203.0.113.0/24]}\n"
    )

    with with_user_knowledge(tmp_path):
        found = hoster_by_address(ip_address("203.0.113.9"))
        assert found is not None
        assert found.id == "acme-host"
        assert hoster_by_address(ip_address("2001:db8::1")) is None
    assert hoster_by_address(ip_address("203.0.113.9")) is None


def test_no_hoster_is_called_a_platform_by_its_include() -> None:
    taken = [
        (hoster.id, name)
        for hoster in load.hosters()
        for name in hoster.spf
        if any(match.platform.kind != "hosting" for match in platforms_by("spf-include", name))
    ]

    assert taken == []


def test_no_range_is_held_by_two_hosters() -> None:
    ranges = [(ip_network(text), hoster.id) for hoster in load.hosters() for text in hoster.ranges]

    assert [
        (str(one), str(other))
        for place, (one, name) in enumerate(ranges)
        for other, owner in ranges[place:]
        if name != owner and one.version == other.version and one.overlaps(other)
    ] == []


@pytest.mark.parametrize(
    ("names", "id_"),
    [
        (["dns106.ovh.net.", "NS106.ovh.net"], "ovh"),
        (["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"], "cloudflare"),
        (["ns-1.awsdns-01.com", "ns-2000.awsdns-58.co.uk"], "route53"),
        (["ns1-03.azure-dns.com", "ns2-03.azure-dns.net"], "azure"),
        (["ns-cloud-a1.googledomains.com"], "google-cloud-dns"),
        (["hydrogen.ns.hetzner.com", "helium.ns.hetzner.de"], "hetzner"),
        (["ns1045.ui-dns.org", "ns1067.ui-dns.biz"], "ionos"),
        (["ns47.domaincontrol.com"], "godaddy"),
        (["dns1.registrar-servers.com"], "namecheap"),
        (["ns-12-a.gandi.net", "ns-44-c.gandi.net"], "gandi"),
        (["ns11.infomaniak.ch"], "infomaniak"),
        (["ns1.dns-parking.com"], "hostinger"),
        (["ns1.o2switch.net"], "o2switch"),
        (["ns1.o2switch.net", "slave.acme.example"], "o2switch"),
    ],
)
def test_a_host_is_known_by_its_name_servers(names: list[str], id_: str) -> None:
    found = dns_host(names)

    assert found is not None
    assert found.id == id_


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["ns1.acme.example"],
        ["ada.ns.cloudflare.com", "dns1.ovh.net"],
        ["notovh.net"],
        ["ovh.net.acme.example"],
        [""],
    ],
)
def test_unknown_or_mixed_name_servers_are_nobodys(names: list[str]) -> None:
    assert dns_host(names) is None


def test_thousands_of_name_servers_are_no_work() -> None:
    assert dns_host(f"ns{n}.acme.example" for n in range(100_000)) is None


def test_a_user_describes_the_panel_of_his_own_host(tmp_path: Path) -> None:
    (tmp_path / "dns_hosts.yml").write_text(
        "date: 2026-11-20\ndns_hosts:\n  - {id: acme, name: ACME DNS, name_servers: [ns.acme.example], full_names: kept}\n"
    )

    with with_user_knowledge(tmp_path):
        found = dns_host(["a.ns.acme.example"])
    assert found is not None
    assert (found.full_names, found.quotes) == ("kept", None)


USERS = """date: 2026-11-25
hosts:
  - {id: mx.parked.example, means: 'our own parking', source: we, confidence: %s}
"""


def test_every_host_has_a_source_and_belongs_to_no_provider() -> None:
    hosts = parking_hosts()
    assert len(hosts) > 10
    for name, host in hosts.items():
        assert name == host.id == name.lower()
        assert len(host.provenance.source) > 20
        assert host.provenance.confidence is not Confidence.LOW
        assert provider_by_mx(name) is None


@pytest.mark.parametrize(
    ("hosts", "is_parked"),
    [
        (["mail.h-email.net"], True),
        (["MAIL.H-EMAIL.NET.", "park-mx.above.com"], True),
        (["mail.h-email.net", "mx.acme.example"], False),
        (["x.mail.h-email.net"], False),
        ([], False),
    ],
)
def test_all_hosts_must_be_parking_hosts_by_their_whole_names(hosts: list[str], *, is_parked: bool) -> None:
    assert (parking_of(hosts) is not None) is is_parked


@pytest.mark.parametrize(("confidence", "is_parked"), [("medium", True), ("low", False)])
def test_a_user_adds_hosts_and_what_is_only_believed_accuses_nobody(
    tmp_path: Path, confidence: str, *, is_parked: bool
) -> None:
    (tmp_path / "parking.yml").write_text(USERS % confidence, encoding="utf-8")
    with with_user_knowledge(tmp_path):
        assert (parking_of(["mx.parked.example"]) is not None) is is_parked
    assert parking_of(["mx.parked.example"]) is None


def test_a_slip_in_a_users_file_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "parking.yml").write_text(
        "date: 2026-11-25\nhosts:\n  - {id: x, means: y, z: 1}\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"parking.yml:3.*`z` is not a key"), with_user_knowledge(tmp_path):
        pass
