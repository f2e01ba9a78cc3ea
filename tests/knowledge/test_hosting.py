from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from mailaudit.knowledge import load
from mailaudit.knowledge.hosting import (
    hoster_by_address,
    hoster_by_reverse_name,
    hoster_by_spf,
)
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.lookup import platform_by_spf_include


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
        if any(match.platform.kind != "hosting" for match in platform_by_spf_include(name))
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
