"""A reverse name repeats its address when it holds the address's own digits, in any of the usual ways."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.sender.origin.addresses import ReverseName


@pytest.mark.parametrize(
    ("name", "ip", "repeats"),
    [
        ("203-0-113-25.dyn.provider.example", "203.0.113.25", True),
        ("25.113.0.203.pool.provider.example", "203.0.113.25", True),
        ("lyo-1-113-25.w203-0.abo.provider.example", "203.0.113.25", True),
        ("pcb007119.dip0.provider.example", "203.0.113.25", True),
        ("host203000113025.provider.example", "203.0.113.25", True),
        ("relay25.broadband113.example", "203.0.113.25", False),
        ("mail.provider.example", "203.0.113.25", False),
        ("2001-db8-1-2-3-4-5-6.dyn.provider.example", "2001:db8:1:2:3:4:5:6", False),
        ("20010db8000100020003000400050006.dyn.provider.example", "2001:db8:1:2:3:4:5:6", True),
        ("cust5.dyn.provider.example", "2001:db8::5", False),
    ],
)
def test_the_digits_of_the_address(name: str, ip: str, *, repeats: bool) -> None:
    assert ReverseName(name, Answer(name, "A", Status.NXDOMAIN)).repeats(ip_address(ip)) is repeats
