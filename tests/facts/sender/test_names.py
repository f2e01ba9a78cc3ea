from __future__ import annotations

import pytest

from mailaudit.facts.sender.names import has_top_level, is_public_suffix, organizational_domain


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("news.shop.example", "shop.example"),
        ("a.b.shop.co.uk", "shop.co.uk"),
        ("co.uk", "co.uk"),
        ("a.b.shop.xn--p1ai", "shop.xn--p1ai"),
        ("a.b.xn--90azh.xn--90a3ac", "b.xn--90azh.xn--90a3ac"),
        ("www.b.c.ck", "b.c.ck"),
        ("a.www.ck", "www.ck"),
        ("a.b.xn--broken-", "b.xn--broken-"),
        ("localhost", "localhost"),
    ],
)
def test_the_registered_domain_is_found_whatever_the_top_level_domain(name: str, registered: str) -> None:
    assert organizational_domain(name) == registered


def test_a_top_level_domain_exists_also_where_it_is_no_public_suffix_itself() -> None:
    names = ("shop.co.za", "shop.za", "shop.ck", "shop.xn--p1ai", "Shop.FR.", "com", "shop.con", "shop.local", "")
    assert [name for name in names if not has_top_level(name)] == ["shop.con", "shop.local", ""]


def test_nobody_registers_a_public_suffix() -> None:
    assert [name for name in ("com", "co.uk", "acme.com", "xn--p1ai") if is_public_suffix(name)] == [
        "com",
        "co.uk",
        "xn--p1ai",
    ]
