from __future__ import annotations

from ipaddress import ip_network

import pytest

from mailaudit.remedies.spf.networks import written


@pytest.mark.parametrize(
    ("network", "text"),
    [
        ("192.0.2.1/32", "192.0.2.1"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("2001:db8::25/128", "2001:db8::25"),
    ],
)
def test_only_a_single_address_goes_without_its_length(network: str, text: str) -> None:
    assert written(ip_network(network)) == text
