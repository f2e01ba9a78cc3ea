from __future__ import annotations

import dns.rdata
import dns.rdataclass
import dns.rdatatype

from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.reports.document.dns import MAX_ANSWERS, MAX_RECORD_LENGTH, dns_section


def _answer(name: str, *texts: str, status: Status = Status.ANSWER) -> Answer:
    records = tuple(dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.TXT, text) for text in texts)
    return Answer(name, "TXT", status, records, ttl=300, size=99, tcp=True, source="127.0.0.1:53")


def test_answers_are_ordered_and_without_time_to_live() -> None:
    section = dns_section([_answer("b.example", '"two"', '"one"'), _answer("a.example", status=Status.NXDOMAIN)])
    assert section.model_dump() == {
        "queries": 2,
        "answers": (
            {"name": "a.example", "type": "TXT", "status": "nxdomain", "records": (), "size": 99, "tcp": True,
             "source": "127.0.0.1:53"},
            {"name": "b.example", "type": "TXT", "status": "answer", "records": ('"one"', '"two"'), "size": 99,
             "tcp": True, "source": "127.0.0.1:53"},
        ),
        "omitted": 0,
    }  # fmt: skip


def test_a_long_record_is_cut_with_a_mark() -> None:
    (entry,) = dns_section([_answer("a.example", " ".join(['"' + "x" * 255 + '"'] * 20))]).answers
    assert len(entry.records[0]) == MAX_RECORD_LENGTH
    assert entry.records[0].endswith("characters)")


def test_a_flood_of_answers_and_records_is_bounded_and_counted() -> None:
    many = [_answer(f"n{number:05}.example") for number in range(MAX_ANSWERS + 7)]
    section = dns_section(many)
    assert (section.queries, len(section.answers), section.omitted) == (MAX_ANSWERS + 7, MAX_ANSWERS, 7)
    (entry,) = dns_section([_answer("a.example", *(f'"{n}"' for n in range(80)))]).answers
    assert len(entry.records) == 51
    assert entry.records[-1] == "… 30 more records"


def test_control_characters_of_a_record_are_escaped() -> None:
    (entry,) = dns_section([_answer("a.example", '"\\027[2J\\200"')]).answers
    assert entry.records == ('"\\027[2J\\200"',)
