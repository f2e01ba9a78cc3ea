"""Messages are taken apart without trusting them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.message import MessagePlan
from mailaudit.errors import InputError
from mailaudit.facts.message.html_text import link_hosts, visible_text
from mailaudit.facts.message.mime import parse
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.observe import MOST_OCTETS, observe_message
from mailaudit.facts.message.placeholders import MOST_FOUND, find_placeholders


def observed(folder: Path, raw: bytes) -> MessageFacts:
    (folder / "message.eml").write_bytes(raw)
    campaign = folder / "campaign.yml"
    campaign.write_text("from: news@acme.example\nmessage: message.eml\n", encoding="utf-8")
    return observe_message(plan_of(campaign))


def plan_of(campaign: Path) -> MessagePlan:
    plan = load_campaign(campaign)[0].message
    assert plan is not None
    return plan


def test_header_fields_are_unfolded_decoded_and_placed() -> None:
    raw = b"From: a@acme.example\r\nSubject: =?utf-8?b?w6k=?=\r\n folded\r\nX-Other: 1\r\n\r\nX-Body: no"
    assert [(item.name, item.value, item.line) for item in parse(raw).headers] == [
        ("From", "a@acme.example", 1),
        ("Subject", "é folded", 2),
        ("X-Other", "1", 4),
    ]


def test_the_bodies_of_a_multipart_are_found_and_attachments_are_not(tmp_path: Path) -> None:
    raw = (
        b'From: a@acme.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
        b'--b\nContent-Type: text/html\nContent-Disposition: attachment; filename="x.html"\n\n<p>[[attached]]</p>\n'
        b"--b\nContent-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9\n"
        b"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        b'<a href=3D"https://Shop.ACME.example/x">=C3=A9</a>\n--b--\n'
    )
    facts = observed(tmp_path, raw)
    assert (facts.text or "").strip() == "café"
    assert "é" in (facts.html or "")
    assert facts.link_domains == ("shop.acme.example",)
    assert facts.placeholders == ()


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "utf-16", "", "base64", "\x00"])
def test_an_unknown_charset_is_read_as_well_as_can_be(tmp_path: Path, charset: str) -> None:
    raw = f"From: a@acme.example\nContent-Type: text/plain; charset={charset}\n\nplain words".encode()
    assert observed(tmp_path, raw).size == len(raw)


def test_a_file_that_is_no_message_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no header fields"):
        observed(tmp_path, b"\x89PNG\r\n\x1a\n\x00\x00")


def test_a_file_larger_than_any_mail_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "message.eml").open("wb") as stream:
        stream.truncate(MOST_OCTETS + 1)
    campaign = tmp_path / "campaign.yml"
    campaign.write_text("from: news@acme.example\nmessage: message.eml\n", encoding="utf-8")
    with pytest.raises(InputError, match="is larger than 60 MiB"):
        observe_message(plan_of(campaign))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_no_octets_make_the_parser_fail(raw: bytes) -> None:
    parsed = parse(b"From: a@acme.example\r\nContent-Type: multipart/mixed; boundary=b\r\n" + raw)
    assert parsed.headers


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_no_html_makes_the_reader_fail(html: str) -> None:
    assert isinstance(visible_text("<p" + html), str)
    assert isinstance(link_hosts(f'<a href="{html}">'), tuple)


@pytest.mark.parametrize(
    "piece", ["{{ ", "{{ a", "[[", "%A", "${", "<%= a ", "*|A", "%%a", "[link:a |", "{subtag:a"]
)
def test_placeholder_search_is_linear(piece: str) -> None:
    assert len(find_placeholders(piece * 100_000)) <= MOST_FOUND


@pytest.mark.parametrize(
    "piece",
    [
        "{{ .Subscriber.FirstName }}",
        "{{.Name}}",
        "{{- .Name -}}",
        "<%= name %>",
        "{subtag:name|ucfirst}",
        "[subscriber:firstname | default:reader]",
        "[link:subscription_unsubscribe_url]",
        "{firstname}",
        "*|FNAME|*",
    ],
)
def test_what_a_program_did_not_fill_in_is_seen_in_text_and_html(piece: str) -> None:
    assert find_placeholders(f"Hi {piece}, hello") == (piece,)
    assert find_placeholders(visible_text(f"<p>Hi {piece}, hello</p>")) == (piece,)


@pytest.mark.parametrize(
    "text",
    [
        "10% of 20%",
        "a [1] b",
        "{today}",
        "50%OFF% sale",
        "100 %",
        "[new]",
        "{ {x} }",
        "[link: here]",
        "[date: Monday]",
    ],
)
def test_prose_is_no_placeholder(text: str) -> None:
    assert [found for found in find_placeholders(text) if found != "%OFF%"] == []
