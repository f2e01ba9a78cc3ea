"""The length of a response, held against dnspython's own message."""

from __future__ import annotations

import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.facts.dns.wire.query import UDP_PAYLOAD
from mailaudit.facts.dns.wire.size import MAX_MESSAGE, RecordSet, message_size

LABELS = st.sampled_from(["a", "B", "b", "mail", "example", "x" * 63, "_dmarc"])
NAMES = st.lists(LABELS, min_size=0, max_size=3).map(lambda labels: ".".join([*labels, ""]) if labels else ".")
DATA = st.one_of(
    NAMES.map(lambda name: ("NS", name)),
    NAMES.map(lambda name: ("CNAME", name)),
    NAMES.map(lambda name: ("MX", f"10 {name}")),
    NAMES.map(lambda name: ("SRV", f"1 2 587 {name}")),
    st.tuples(NAMES, NAMES).map(lambda both: ("SOA", f"{both[0]} {both[1]} 1 2 3 4 5")),
    st.integers(1, 255).map(lambda octets: ("TXT", '"' + "t" * octets + '"')),
    st.just(("A", "192.0.2.1")),
    st.just(("TYPE65280", "\\# 2 0102")),
)
SETS = st.lists(st.tuples(NAMES, DATA), max_size=6)


def _set(owner: str, kind: str, text: str) -> RecordSet:
    return dns.name.from_text(owner), 60, (dns.rdata.from_text("IN", kind, text),)


def _of_dnspython(question: str, answer: list[RecordSet], authority: list[RecordSet]) -> int:
    message = dns.message.QueryMessage(id=0)
    message.use_edns(edns=0, payload=UDP_PAYLOAD)
    message.question.append(
        dns.rrset.RRset(dns.name.from_text(question), dns.rdataclass.IN, dns.rdatatype.from_text("A"))
    )
    message.answer.extend(dns.rrset.from_rdata_list(owner, ttl, records) for owner, ttl, records in answer)
    message.authority.extend(dns.rrset.from_rdata_list(owner, ttl, records) for owner, ttl, records in authority)
    return len(message.to_wire(max_size=MAX_MESSAGE))


@pytest.mark.slow
@given(NAMES, SETS, SETS)
@settings(max_examples=150, deadline=None)
def test_the_length_is_that_of_dnspython_s_message(
    question: str, answer: list[tuple[str, tuple[str, str]]], authority: list[tuple[str, tuple[str, str]]]
) -> None:
    held = [[_set(owner, *data) for owner, data in part] for part in (answer, authority)]
    assert message_size(dns.name.from_text(question), *held) == _of_dnspython(question, *held)


def test_names_far_behind_are_no_target_of_a_pointer() -> None:
    texts = tuple(dns.rdata.from_text("IN", "TXT", f'"{"t" * 250}{number:03}"') for number in range(70))
    late = [_set("late.example.", "MX", f"{n} mx.late.example.") for n in (1, 2)]
    answer = [(dns.name.from_text("t.test."), 60, texts), *late]
    assert message_size(dns.name.from_text("q.test."), answer) == _of_dnspython("q.test.", answer, [])


def test_nothing_is_longer_than_a_message() -> None:
    texts = tuple(dns.rdata.from_text("IN", "TXT", f'"{"t" * 250}{number:03}"') for number in range(300))
    assert message_size(dns.name.from_text("q.test."), [(dns.name.from_text("q.test."), 60, texts)]) is None
