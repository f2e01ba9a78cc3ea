from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.zones import dns_host


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
