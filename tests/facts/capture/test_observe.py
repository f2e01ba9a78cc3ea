"""What a capture comes to, against plain counting over the same lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from msgspec.structs import replace

from mailaudit.errors import InputError
from mailaudit.facts.capture.identity import name_of, number_of, number_under
from mailaudit.facts.capture.model import Reached
from mailaudit.facts.capture.observe import Captured
from mailaudit.facts.capture.read import KEPT, read_capture
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.reading.bodies import unreadable

KEY = bytes(range(32))
TAKEN = "250 2.6.0 Taken"


def line(at: float, *people: str, connection: int = 1, reply: str = TAKEN, **more: Any) -> dict[str, Any]:
    """Return a line to people such as `anna@gmail`, whose provider is what stands behind the sign."""
    to = [{"provider": one.partition("@")[2], "id": name_of(KEY, one)} for one in people]
    return {"at": at, "began": at, "connection": connection, "to": to, "size": 9, "reply": reply, **more}


def read(
    folder: Path, *lines: dict[str, Any] | str, samples: Mapping[str, bytes] = MappingProxyType({}), **summary: Any
) -> Captured:
    """Write a capture and read it."""
    (folder / "samples").mkdir()
    for name, content in samples.items():
        (folder / "samples" / name).write_bytes(content)
    (folder / "key").write_text(KEY.hex(), encoding="ascii")
    text = "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    (folder / "envelopes.jsonl").write_text(text, encoding="ascii")
    (folder / "capture.json").write_text(json.dumps({"capture_version": 1, **summary}), encoding="ascii")
    return Captured(read_capture(folder))


def test_lines_count_in_the_order_of_time_however_they_are_written(tmp_path: Path) -> None:
    captured = read(
        tmp_path,
        line(90, "bob@orange", "carla@gmail"),
        line(5, "anna@gmail"),
        line(30, "dora@gmail", reply="450 Later"),
        '{"at": 3, "beg',
    )
    recorded, facts = captured.recorded, captured.facts()
    assert recorded.seconds.tolist() == [0, 85, 85]
    assert [recorded.names[place] for place in recorded.providers] == ["gmail", "orange", "gmail"]
    assert (facts.messages, facts.recipients, facts.refused, facts.broken, facts.fastest) == (2, 3, 1, 1, 2)
    assert facts.providers == (("gmail", 2), ("orange", 1))


def test_the_fullest_minute_is_that_of_plain_counting(tmp_path: Path) -> None:
    times = [number * 7 % 300 + number / 100 for number in range(200)]
    captured = read(tmp_path, *(line(at, f"p{at}@gmail") for at in times))
    plain = max(sum(at - 60 < other <= at for other in times) for at in times)
    assert captured.facts().fastest == plain


def test_somebody_named_twice_in_one_message_got_one(tmp_path: Path) -> None:
    captured = read(tmp_path, line(0, "anna@gmail", "anna@gmail"), line(1, "bob@gmail"), line(2, "bob@gmail"))
    assert (captured.people.count, captured.people.twice) == (2, 1)
    assert (captured.facts().recipients, captured.recorded.seconds.tolist()) == (3, [0, 1, 2])


def test_a_sample_that_is_cut_has_the_size_of_its_message_and_a_reason_of_its_own(tmp_path: Path) -> None:
    size = KEPT + 1_048_576
    late = line(1, "bob@gmail", reply="450 Later", size=size)
    lines = [line(0, "anna@gmail"), late, line(2, "bob@gmail", size=size)]
    captured = read(tmp_path, *lines, samples={"00000002.eml": b"From: a@acme.example\r\n\r\n"})
    cut, other = (
        MessageFacts(f"{number:08}.eml", "sample", (), None, 26, unreadable("no part of it is text"))
        for number in (2, 1)
    )
    seen = captured.whole(replace(cut, others=(other,)))
    assert (seen.size, seen.others) == (size, (other,))
    assert seen.content.unavailable is not None
    assert "the first 2 MiB of 3.0" in seen.content.unavailable


def test_values_in_common_are_those_that_several_people_got(tmp_path: Path) -> None:
    lines = [
        line(0, "anna@gmail", message_id="a" * 32, unsubscribe="b" * 32),
        line(1, "anna@gmail", message_id="a" * 32, unsubscribe="b" * 32),
        line(2, "bob@gmail", message_id="c" * 32, unsubscribe="short"),
        line(3, "carla@gmail", message_id="c" * 32, unsubscribe="short"),
        line(4, "dora@gmail", "emil@gmail", message_id="d" * 32, unsubscribe="e" * 32),
    ]
    facts = read(tmp_path, *lines).facts()
    # One message to two people shares its link, but not its Message-ID, with another message.
    assert (facts.same_message_id, facts.same_unsubscribe, facts.with_unsubscribe) == (2, 3, 5)


def test_people_who_were_shown_others_are_those_of_plain_counting(tmp_path: Path) -> None:
    names = [f"p{number}@gmail" for number in range(6)]
    messages = [
        (names[first : first + size], [names[shown] for shown in range(6) if bits >> shown & 1] + ["me@acme"])
        for first in range(4)
        for size in (1, 2)
        for bits in (0, 1, 2, 6, 40)
    ]
    lines = [
        line(100 - at, *to, shows=[name_of(KEY, one) for one in shown]) for at, (to, shown) in enumerate(messages)
    ]
    plain = {one for to, shown in messages for one in to if set(shown) & set(names[:5]) - {one}}
    captured = read(tmp_path, *lines)
    assert captured.facts().shown_others == len(plain) > 0
    captured.people.meet([(names[5], False)], (), knows_refusals=False)
    plain = {one for to, shown in messages for one in to if set(shown) & set(names) - {one}}
    assert captured.facts().shown_others == len(plain)


@pytest.mark.parametrize(
    ("spans", "most"),
    [(((0, 5), (5, 9)), 1), (((0, 5), (4, 9)), 2), (((0, 9), (1, 2), (3, 4)), 2), (((0, 0), (0, 0)), 1)],
)
def test_connections_that_touch_do_not_overlap(
    tmp_path: Path, spans: tuple[tuple[float, float], ...], most: int
) -> None:
    lines = [line(at, "a@orange", connection=number) for number, span in enumerate(spans) for at in span]
    assert read(tmp_path, *lines).facts().at_once == (("orange", most),)


def test_people_meet_the_list_once_however_often_it_names_them(tmp_path: Path) -> None:
    people = read(tmp_path, line(0, "anna@gmail", "bob@gmail"), line(1, "carla@gmail", reply="450 Later")).people
    listed = [("anna@gmail", False), ("anna@gmail", False), ("carla@gmail", False), ("dora@gmail", False)]
    people.meet([*listed, ("emil@gmail", True)], ["bob@gmail", "gone@gmail"], knows_refusals=True)
    assert people.reached == Reached(refusing=1, strangers=1, missed=2, untried=1)


def test_retries_are_told_from_what_was_given_up_and_from_insisting(tmp_path: Path) -> None:
    facts = read(
        tmp_path,
        line(0, "anna@gmail", reply="450 Later"),
        line(30, "anna@gmail", reply="450 Later"),
        line(50, "anna@gmail"),
        line(60, "bob@gmail", reply="421 Later"),
        line(61, "carla@gmail", reply="550 No"),
        line(70, "carla@gmail", reply="550 No"),
    ).facts()
    assert (facts.retried, facts.gave_up, facts.insisted, facts.soonest_retry_s) == (2, 1, 1, 20)
    assert facts.ends_refused


def test_a_capture_without_a_line_has_facts(tmp_path: Path) -> None:
    facts = read(tmp_path, ended_by="command", command_exit=1).facts()
    assert (facts.messages, facts.fastest, facts.at_once, facts.is_whole, facts.command_exit) == (
        0,
        0,
        (),
        False,
        1,
    )


@pytest.mark.parametrize("value", ["-1", "1e999", "9007199254740993", '"1"', "null"])
def test_numbers_that_no_capture_has_are_a_broken_line(tmp_path: Path, value: str) -> None:
    text = '{"at":%s,"began":0,"connection":%s,"to":[],"size":1,"reply":"250"}'
    assert read(tmp_path, text % (value, value)).facts().broken == 1


def test_a_line_without_end_is_broken_and_read_in_bounds(tmp_path: Path) -> None:
    captured = read(tmp_path, "x" * (1 << 20), line(0, "anna@gmail"))
    assert (captured.facts().broken, captured.facts().messages) == (2, 1)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "envelopes.jsonl").unlink()
    with pytest.raises(InputError, match="no plain file"):
        Captured(read_capture(tmp_path))


def test_names_under_a_key_and_their_numbers_agree() -> None:
    people = [f"p{number}@acme.example" for number in range(50)]
    assert [number_of(name_of(KEY, one)) for one in people] == [number_under(KEY, one) for one in people]
    assert max(Counter(map(number_of, [*people, "z" * 32, "é"])).values()) == 1
