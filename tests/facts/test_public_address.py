from __future__ import annotations

import pytest

from mailaudit.facts.public_address import is_public


@pytest.mark.parametrize(
    "address",
    "8.8.8.8 2001:4860:4860::8888 ::ffff:8.8.8.8 2002:808:808:: 64:ff9b::8.8.8.8".split(),
)
def test_a_public_address_may_be_reached_however_it_is_written(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    (
        "127.0.0.1 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 100.100.100.200 169.254.169.254 168.63.129.16 "
        "192.0.0.192 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 "
        ":: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 64:ff9b:1::808:808 "
        "::8.8.8.8 ::ffff:0:8.8.8.8 3fff::1 5f00::1 100:0:0:1::1"
    ).split(),
)
def test_addresses_of_ones_own_networks_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "192.168.0.1"])
def test_no_other_spelling_of_such_an_address_gets_through(inside: str) -> None:
    octets = [int(part) for part in inside.split(".")]
    groups = f"{octets[0]:02x}{octets[1]:02x}:{octets[2]:02x}{octets[3]:02x}"
    for spelling in (f"::ffff:{inside}", f"::{inside}", f"64:ff9b::{inside}", f"2002:{groups}::1"):
        assert not is_public(spelling), spelling
