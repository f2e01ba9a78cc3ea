"""The static worst case is exact for sensible records and bounded for hostile ones."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

import pytest

from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.dns.sources.zone_file import parse_zone
from mailaudit.facts.dns.sources.zones import ZoneSource
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.spf.evaluate import check_host
from mailaudit.facts.sender.spf.lookup_tree import NodeState, SpfNode, Surveyor
from mailaudit.facts.sender.spf.macros import MacroContext
from mailaudit.facts.sender.spf.model import SpfResult

SOA = "$TTL 60\n$ORIGIN example.\n@ IN SOA ns1 host 1 1 1 1 1\n"
IP = ip_address("203.0.113.1")
MOST_QUESTIONS = 2500


class World:
    def __init__(self, lines: str) -> None:
        self.source = ZoneSource([parse_zone(SOA + lines)])
        self.questions = 0

    async def query(self, name: str, type: str) -> Answer:  # noqa: A002 - the protocol's word
        self.questions += 1
        return self.source.answer(name.lower(), type)


def survey(
    lines: str, context: MacroContext | None = None, versions: tuple[int, ...] = (4,)
) -> tuple[SpfNode, World]:
    world = World(lines)
    return asyncio.run(Surveyor(world, context, versions).survey("a.example")), world


def txt(name: str, text: str) -> str:
    strings = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
    return f"{name} IN TXT {strings}\n"


def test_every_term_counts_with_what_is_below_it() -> None:
    node, _ = survey(
        txt("a", "v=spf1 a mx ptr exists:x.example include:b.example ip4:192.0.2.1 redirect=c.example")
        + txt("b", "v=spf1 include:c.example -all a:never.example")
        + txt("c", "v=spf1 a:h.example ?all")
        + "h IN A 192.0.2.1\nx IN A 127.0.0.2\na IN A 192.0.2.1\na IN MX 1 h\n"
    )
    assert node.lookups == 6 + 2 + 1
    assert node.void_lookups == 0
    assert [child.domain for child in node.children] == ["b.example", "c.example"]
    node.require_complete()


def test_a_redirect_beside_all_does_not_count() -> None:
    node, _ = survey(txt("a", "v=spf1 redirect=b.example ~all"))
    assert node.lookups == 0


def test_void_look_ups_count_for_the_version_that_has_more() -> None:
    lines = (
        txt("a", "v=spf1 a:h.example a:h2.example mx:h.example -all")
        + "h IN A 192.0.2.1\nh2 IN AAAA 2001:db8::1\n"
    )
    assert survey(lines, versions=(4,))[0].void_lookups == 2
    assert survey(lines, versions=(4, 6))[0].void_lookups == 2
    assert survey(lines.replace("h2 IN AAAA 2001:db8::1\n", ""), versions=(4, 6))[0].void_lookups == 3


def test_an_include_without_any_record_is_void_too() -> None:
    lines = txt("a", "v=spf1 include:gone.example include:other.example a:gone.example -all") + txt(
        "other", "text"
    )
    assert survey(lines)[0].void_lookups == 2


def test_a_target_that_depends_on_the_address_is_followed_only_when_it_is_known() -> None:
    lines = txt("a", "v=spf1 include:%{i}.b.example -all") + txt("203.0.113.1.b", "v=spf1 a mx -all")
    assert survey(lines)[0].children[0].state is NodeState.DEPENDS_ON_SENDER
    context = MacroContext(ip=IP, domain="a.example", sender="x@a.example", helo="h.example")
    assert survey(lines, context)[0].lookups == 3


def test_a_part_that_does_not_answer_makes_it_incomplete() -> None:
    node, _ = survey(txt("a", "v=spf1 include:b.example a:h.example -all") + "!timeout b TXT\n!servfail h A\n")
    assert len(node.failures) == 2
    with pytest.raises(Unavailable):
        node.require_complete()


@pytest.mark.slow
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("".join(txt(f"n{i}", f"v=spf1 include:n{(i + 1) % 500}.example -all") for i in range(500))
                     + txt("a", "v=spf1 include:n0.example -all"), id="500 includes in a circle"),
        pytest.param(txt("a", "v=spf1 " + " ".join(f"include:n{i}.example" for i in range(2500)) + " -all")
                     + "".join(txt(f"n{i}", "v=spf1 " + " ".join(f"include:n{j}.example" for j in range(20)))
                               for i in range(2500)), id="2,500 includes of 20 each"),
        pytest.param(txt("a", "v=spf1 " + "include:a.example " * 3000), id="itself 3,000 times"),
        pytest.param(txt("a", "v=spf1 " + "a:h.example " * 4000), id="4,000 addresses"),
        pytest.param(txt("a", "v=spf1 mx -all") + "".join(f"a IN MX 1 m{i}\n" for i in range(900)), id="900 mail servers"),
        pytest.param(txt("a", "v=spf1 " + "x" * 60_000), id="60,000 octets in one term"),
        pytest.param("".join(f"c{i} IN CNAME c{i + 1}\n" for i in range(50)) + txt("a", "v=spf1 include:c0.example -all"),
                     id="50 aliases in a row"),
        pytest.param('a IN TXT "v=spf1 include:\\000\\255.example \\195\\169 -all"\n', id="octets that are no text"),
    ],
)  # fmt: skip
def test_hostile_records_end_soon(lines: str) -> None:
    node, world = survey(lines)
    assert world.questions <= MOST_QUESTIONS
    assert sum(1 for _ in node.walk()) <= 2 * MOST_QUESTIONS
    verdict = asyncio.run(check_host(IP, "a.example", sender="x@a.example", helo="h.example", dns=world))
    assert verdict.result in {SpfResult.PERMERROR, SpfResult.TEMPERROR, SpfResult.FAIL}
