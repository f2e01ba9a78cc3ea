from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mailaudit.errors import InputError
from mailaudit.facts.dns.answer import Answer, Status
from mailaudit.facts.dns.open_resolver import open_resolver
from mailaudit.facts.dns.sources.recording import read_recording, write_recording
from support.dns_server import serving

T = TypeVar("T")
ZONE = r"""
$ORIGIN acme.example.
@ SOA ns1 hostmaster 1 7200 3600 1209600 60
@ NS NS1
@ MX 10 Mail.Acme.Example.
@ TXT "quote \" back\\slash" "\000\255;" "é"
@ TYPE65280 \# 3 010203
@ CAA 0 issue "ca.example"
Mail A 192.0.2.1
Mail AAAA 2001:db8::1
www CNAME mail
odd\000name TXT "x"
big TXT {big}
!servfail bad *
!timeout slow *
""".format(big=" ".join(['"' + "b" * 255 + '"'] * 6))
QUESTIONS = [
    ("acme.example", rdtype) for rdtype in ("SOA", "NS", "MX", "TXT", "TYPE65280", "CAA", "A", "AAAA", "TLSA")
] + [
    ("mail.acme.example", "A"),
    ("mail.acme.example", "AAAA"),
    ("www.acme.example", "A"),
    (r"odd\000name.acme.example", "TXT"),
    ("big.acme.example", "TXT"),
    ("bad.acme.example", "A"),
    ("nope.acme.example", "A"),
    ("other.example", "A"),
    ("a..b", "A"),
]


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(main)


def wires(answer: Answer) -> list[bytes | None]:
    return [record.to_wire() for record in answer.records]


def test_a_replay_gives_the_very_same_answers_without_network(tmp_path: Path) -> None:
    recording = tmp_path / "dns.jsonl"

    async def main() -> tuple[list[Answer], list[Answer], str]:
        async with (
            serving(ZONE) as server,
            open_resolver(servers=[server.address], record=recording, timeout=0.5) as resolver,
        ):
            live = [await resolver.query(*question) for question in QUESTIONS]
        async with open_resolver(replay=recording, servers=["192.0.2.1"]) as resolver:
            return live, [await resolver.query(*question) for question in QUESTIONS], resolver.describe()

    live, replayed, description = run(main())
    assert replayed == live
    assert [wires(answer) for answer in replayed] == [wires(answer) for answer in live]
    assert {answer.status for answer in live} >= {Status.ANSWER, Status.NODATA, Status.NXDOMAIN, Status.SERVFAIL}
    assert description == f"recording {recording.name}"


def test_recording_the_replay_gives_the_same_bytes(tmp_path: Path) -> None:
    zone = tmp_path / "acme.zone"
    zone.write_text(ZONE, encoding="utf-8")
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"

    async def main() -> None:
        async with open_resolver(zones=[zone], record=first) as resolver:
            for question in [*QUESTIONS, ("slow.acme.example", "MX")]:
                await resolver.query(*question)
        async with open_resolver(replay=first, record=second) as resolver:
            for question in [*QUESTIONS, ("slow.acme.example", "MX")]:
                await resolver.query(*question)

    run(main())
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.jsonl", "2.jsonl", "acme.zone"]


def test_a_question_that_was_not_recorded_is_unknown(tmp_path: Path) -> None:
    recording = tmp_path / "dns.jsonl"
    write_recording(recording, [])

    async def main() -> Answer:
        return await open_resolver(replay=recording).query("acme.example", "TXT")

    answer = run(main())
    assert (answer.status, answer.detail) == (Status.REFUSED, "it is not in the recording")


HEADER = '{"mailaudit_dns_recording": 1}'
GOOD = {
    "name": "acme.example", "type": "A", "status": "answer", "records": ["192.0.2.1"], "cname_chain": [],
    "ttl": 60, "size": 57, "tcp": False, "source": "x", "detail": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"records": ["192.0.2.999"]}, "broken"),
        ({"records": "192.0.2.1"}, "broken"),
        ({"records": [1]}, "Expected `str`"),
        ({"type": "NOPE"}, "broken"),
        ({"status": "fine"}, "fine"),
        ({"name": "a..b"}, "empty label"),
        ({"name": None}, "Expected `str`"),
        ({"ttl": "60"}, "Expected `int"),
        ({"size": -1}, "Expected `int` >= 0"),
        ({"cname_chain": 7}, "broken"),
    ],
)
def test_a_broken_answer_names_its_line(tmp_path: Path, change: dict[str, object], words: str) -> None:
    recording = tmp_path / "dns.jsonl"
    lines = [HEADER, json.dumps(GOOD), json.dumps(GOOD | change)]
    recording.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_recording(recording)
    assert f"{recording}:3:" in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"mailaudit_dns_recording": 2}',
        HEADER.encode() + b"\nnonsense",
        b"[" * 99999,
    ],
)
def test_other_files_are_no_recordings(tmp_path: Path, content: bytes) -> None:
    recording = tmp_path / "dns.jsonl"
    recording.write_bytes(content)
    with pytest.raises(InputError, match="recording"):
        read_recording(recording)


def test_missing_recordings_and_folders_that_do_not_exist_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--replay"):
        read_recording(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="--record"):
        write_recording(tmp_path / "none" / "dns.jsonl", [])


def test_a_recording_goes_through_links_and_never_replaces_a_device(tmp_path: Path) -> None:
    target = tmp_path / "real.jsonl"
    (tmp_path / "link.jsonl").symlink_to(target)
    write_recording(tmp_path / "link.jsonl", [])
    assert (tmp_path / "link.jsonl").is_symlink()
    assert read_recording(target) == ()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_recording(tmp_path / "pipe", [])
        assert (tmp_path / "pipe").is_fifo()
        assert os.read(reader, 100).startswith(b"{")
    finally:
        os.close(reader)
