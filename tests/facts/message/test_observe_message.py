"""Messages are taken apart without trusting them, and what cannot be read is said to be unknown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.campaign.message import MessagePlan
from mailaudit.errors import InputError
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.message.reading.files import MOST_OCTETS
from support.effort import examples


def observed(folder: Path, raw: bytes) -> MessageFacts:
    (folder / "message.eml").write_bytes(raw)
    return observe_message(MessagePlan(eml=folder / "message.eml"))


def test_the_bodies_of_a_multipart_are_found_and_attachments_are_not(tmp_path: Path) -> None:
    raw = (
        b'From: a@acme.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
        b'--b\nContent-Type: text/html\nContent-Disposition: attachment; filename="x.html"\n\n<p>[[attached]]</p>\n'
        b"--b\nContent-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9\n"
        b"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        b'<a href=3D"https://Shop.ACME.example/x">=C3=A9</a>\n--b--\n'
    )
    facts = observed(tmp_path, raw)
    assert facts.text == "café"
    assert "é" in (facts.html or "")
    assert facts.link_domains == ("shop.acme.example",)
    assert facts.content.get().placeholders == ()


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "utf-16", "", "base64", "\x00", "punycode", "rot13"])
def test_an_unknown_charset_is_read_as_well_as_can_be(tmp_path: Path, charset: str) -> None:
    raw = f"From: a@acme.example\nContent-Type: text/plain; charset={charset}\n\nplain words".encode()
    facts = observed(tmp_path, raw)
    assert facts.size == len(raw)
    assert facts.content.is_known


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "holds no header fields"),
        (b"From: a@acme.example\nContent-Type: multipart/mixed\n\n--b\n\nHello\n", "names no boundary"),
        (b"From: a@acme.example\nContent-Type: multipart/mixed; boundary=b\n\nHello\n", "occurs nowhere"),
        (
            b"From: a@acme.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 501,
            "500 parts",
        ),
        (b"From: a@acme.example\nContent-Type: application/pdf\n\n%PDF", "no part of it is text"),
        (b"From: a@acme.example\nContent-Type: text/html\n\n" + b"<div>" * 30_000, "nests or repeats"),
        (b"A: b\n" * 50_001, "50,000 header fields"),
    ],
)
def test_what_cannot_be_read_is_unknown_with_its_reason(tmp_path: Path, raw: bytes, why: str) -> None:
    facts = observed(tmp_path, raw)
    assert why in (facts.content.unavailable or "")
    assert facts.html is None


def test_parts_nested_too_deep_leave_the_header_known(tmp_path: Path) -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth) for depth in range(1000)
    )
    facts = observed(tmp_path, b"From: a@acme.example\nSubject: deep\n" + nested)
    assert "nested more than 30 deep" in (facts.content.unavailable or "")
    assert facts.subject == "deep"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_an_editor_put_before_the_first_field_hides_nothing(tmp_path: Path, encoding: str) -> None:
    text = "From: a@acme.example\r\nSubject: Été\r\nContent-Type: text/html\r\n\r\n<p>Dear {{ name }}</p>"
    facts = observed(tmp_path, text.encode(encoding))
    assert facts.subject == "Été"
    assert [item.text for item in facts.content.get().placeholders] == ["{{ name }}"]
    assert facts.is_transcoded == (encoding == "utf-16")


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_lines_may_end_in_any_way(tmp_path: Path, ending: bytes) -> None:
    lines = [b"From: a@acme.example", b"Content-Type: multipart/alternative; boundary=b", b"", b"--b", b"", b"one"]
    facts = observed(
        tmp_path, ending.join([*lines, b"--b", b"Content-Type: text/html", b"", b"two", b"--b--", b""])
    )
    assert (facts.text, facts.html) == ("one", "two")


def test_comments_in_the_field_of_the_type_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "m.eml"
    file.write_bytes("Content-Type: text/html (ours); charset=iso-8859-1 (of old)\n\n<p>Été".encode("iso-8859-1"))
    message = observe_message(MessagePlan(eml=file))
    assert message.content.get().lines[0] == "Été"


def test_a_file_larger_than_any_mail_is_not_read_and_its_size_is_known(tmp_path: Path) -> None:
    with (tmp_path / "message.eml").open("wb") as stream:
        stream.truncate(MOST_OCTETS + 1)
    facts = observe_message(MessagePlan(eml=tmp_path / "message.eml"))
    assert facts.size == MOST_OCTETS + 1
    assert "is larger than 60 MiB" in (facts.content.unavailable or "")


def test_a_pipe_without_a_writer_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.eml")
    facts = observe_message(MessagePlan(eml=tmp_path / "pipe.eml"))
    assert "is a device or a pipe" in (facts.content.unavailable or "")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        observe_message(MessagePlan(eml=tmp_path / "missing.eml"))


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=600))
def test_no_octets_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    head = b"From: a@acme.example\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    assert observed(tmp_path_factory.mktemp("m"), head + raw).headers
