"""Which messages of one shape of header are kept beside the first: those that may be faulty in another way."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from mailaudit.capture.header import read_header
from mailaudit.capture.samples import Samples
from mailaudit.capture.text import addresses_in, readable
from mailaudit.capture.traits import Marks, traits_of

HEADER = {
    "From": "ACME <news@acme.example>",
    "To": "anna@gmail.com",
    "Subject": "Spring",
    "Date": "Tue, 1 Dec 2026 09:00:00 +0100",
    "Message-ID": "<1@acme.example>",
    "Content-Type": "text/plain; charset=utf-8",
}
BODY = "Dear Anna,\r\n" + "here is the news of the spring.\r\n" * 20


def message(body: str = BODY, **changed: str) -> bytes:
    """Return a message with some fields changed, whose names are written with `_` for the stroke."""
    fields = HEADER | {name.replace("_", "-"): value for name, value in changed.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in fields.items()) + f"\r\n{body}").encode()


def traits(content: bytes, marks: Marks | None = None) -> frozenset[bytes]:
    """Return the traits of a message, after those whose lines are known to `marks`."""
    return traits_of(read_header(content), content, (marks or Marks()).within(readable(content)))


@pytest.mark.parametrize(
    "other",
    [
        message(BODY.replace("Anna", "{{ name }}")),
        message(BODY.replace("Anna", "[TOWN]")),
        message(BODY.replace("Dear Anna,", "Dear ,")),
        message(BODY + "x" * 1_200),
        message(BODY.replace("news", "n\u00e9ws")),
        message("short"),
        message(Subject=""),
        message(Subject="Spring in the \u00e9toile"),
        message(Subject="TEST Spring"),
        message(Date="Thu, 1 Jan 1970 00:00:00 +0000"),
        message(Message_ID="12345"),
        message(Content_Type="text/plain; charset=us-ascii"),
        message(Reply_To="shop@else.example"),
    ],
)
def test_a_message_with_a_fault_of_its_own_is_of_another_kind(other: bytes) -> None:
    assert traits(other) != traits(message())
    marks = Marks()
    assert [traits(one, marks) for one in (message(), other, message())] == [
        traits(message()),
        traits(other),
        traits(message()),
    ]


@pytest.mark.parametrize(
    "other",
    [
        message(BODY.replace("Anna", "Bartholomew"), To="bob@gmail.com", Message_ID="<2@acme.example>"),
        message(Date="Tue, 1 Dec 2026 09:07:31 +0100", Content_Type="text/plain; charset=UTF-8"),
    ],
)
def test_what_changes_with_each_person_makes_no_kind(other: bytes) -> None:
    assert traits(other) == traits(message())


def test_what_is_encoded_is_no_text() -> None:
    parts = (
        "--b\r\nContent-Type: text/plain\r\n\r\n{}\r\n"
        "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nGoodbye, anna@gmail.com\r\n--b--\r\n"
    )
    content = message(parts.format("We write base64.\r\n\r\nHello", "nullundefined+None/"))
    seen = readable(content)
    assert b"Hello" in seen
    assert b"undefined" not in seen
    assert addresses_in(seen) >= {"anna@gmail.com"}


def test_marks_are_found_in_what_is_encoded() -> None:
    def coded(body: str) -> bytes:
        text = base64.encodebytes(body.encode()).decode().replace("\n", "\r\n")
        return message(text, Content_Transfer_Encoding="base64")

    assert b"{{" in traits(coded(BODY.replace("Anna", "{{name}}"))) - traits(coded(BODY))
    assert b"{{" in traits(
        message(BODY.replace("Anna", "{=\r\n{name}}"), Content_Transfer_Encoding="quoted-printable")
    )


def test_addresses_in_texts_and_links_are_found() -> None:
    coded = base64.encodebytes(b"for dora@gmail.com alone").decode().replace("\n", "\r\n")
    text = (
        "Content-Type: text/html\r\n\r\n<a href='https://acme.example/?e=anna%40gmail.com'>Bob.B@G=\r\nMX.de, @media a@b "
        f"carla@gmail.com.\r\n--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--x--"
    )
    people = {"anna@gmail.com", "bob.b@gmx.de", "carla@gmail.com", "dora@gmail.com"}
    assert addresses_in(readable(text.encode())) == people


def test_shapes_keep_their_places_however_many_kinds_there_are(tmp_path: Path) -> None:
    samples = Samples(tmp_path)
    for number in range(40):
        samples.add(number, ("first",), frozenset([b"%d" % number]), b"kind")
    for number in range(40, 56):
        assert samples.add(number, (f"shape {number}",), frozenset(), b"shape") == number - 38
    samples.add(56, ("first",), frozenset(), b"last")
    assert samples.finish() == 20
    kept = [path.read_bytes() for path in sorted((tmp_path / "samples").iterdir())]
    assert kept == [b"kind"] * 3 + [b"shape"] * 16 + [b"last"]
