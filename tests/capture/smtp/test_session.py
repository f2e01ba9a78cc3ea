from __future__ import annotations

import itertools
from base64 import b64encode

import pytest

from mailaudit.capture.envelope import Envelope, Greeting, Judge
from mailaudit.capture.limits import Bounds
from mailaudit.capture.smtp.session import Session

SMALL = Bounds(line=200, size=500, kept=400, recipients=2, errors=3, endless=1_000)
DELIVER = b"MAIL FROM:<s@acme.example>\r\nRCPT TO:<a@gmail.com>\r\nDATA\r\n"


class Talk:
    """A session with what it delivered."""

    def __init__(self, *, offers_tls: bool = False, judge: Judge | None = None) -> None:
        self.taken: list[tuple[Envelope, str]] = []
        ticks = itertools.count(0.0)
        self.session = Session(
            Greeting(1, "plain"),
            SMALL,
            judge or Judge(),
            lambda: float(next(ticks)),
            lambda _, envelope, reply: self.taken.append((envelope, reply)),
            offers_tls=offers_tls,
        )
        assert self.session.open().startswith(b"220 ")

    def say(self, data: bytes) -> list[str]:
        return self.session.receive(data).decode("ascii").splitlines()

    def codes(self, data: bytes) -> list[str]:
        return [line[:3] for line in self.say(data) if line[3:4] != "-"]


def test_what_software_expects_is_offered() -> None:
    offered = {line[4:].split()[0] for line in Talk(offers_tls=True).say(b"EHLO shop.example\r\n")[1:]}
    assert offered == {
        "PIPELINING",
        "SIZE",
        "8BITMIME",
        "SMTPUTF8",
        "DSN",
        "ENHANCEDSTATUSCODES",
        "AUTH",
        "STARTTLS",
    }
    assert "250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2" in Talk().say(b"EHLO shop.example\r\n")


def test_one_read_may_hold_a_whole_conversation() -> None:
    talk = Talk()
    wire = b"EHLO x\r\n" + DELIVER + b"Subject: a\r\n\r\n..b\r\n.\r\n" + DELIVER + b"\r\n.\r\nQUIT\r\n"
    assert talk.codes(wire) == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [envelope.content for envelope, _ in talk.taken] == [b"Subject: a\r\n\r\n.b\r\n", b"\r\n"]
    assert talk.session.is_closing


def test_one_octet_at_a_time_is_the_same() -> None:
    talk = Talk()
    wire = b"HELO x\r\n" + DELIVER + b"Subject: a\r\n\r\nb\r\n.\r\nQUIT\r\n"
    codes = [code for octet in wire for code in talk.codes(bytes([octet]))]
    assert codes == ["250", "250", "250", "354", "250", "221"]
    assert talk.taken[0][0].recipients == ["a@gmail.com"]


@pytest.mark.parametrize(
    ("wire", "codes"),
    [
        (b"MAIL FROM:<s@x.example>\r\n", ["503"]),
        (b"EHLO x\r\nRCPT TO:<a@x.example>\r\n", ["250", "503"]),
        (b"EHLO x\r\nMAIL FROM:<>\r\nDATA\r\n", ["250", "250", "554"]),
        (b"EHLO x\r\nMAIL FROM:s@x.example\r\n", ["250", "501"]),
        (b"EHLO x\r\nMAIL FROM:<s@x.example> SIZE=501\r\n", ["250", "552"]),
        (b"EHLO x\r\nMAIL FROM:<s@x.example> SIZE=500 BODY=8BITMIME\r\n", ["250", "250"]),
        (
            b"EHLO x\r\nMAIL FROM:<a@b>\r\nMAIL FROM:<a@b>\r\nRSET\r\nMAIL FROM:<a@b>\r\n",
            ["250", "250", "503", "250", "250"],
        ),
        (b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<>\r\n", ["250", "250", "501"]),
        (
            b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@b>\r\nRCPT TO:<d@b>\r\n",
            ["250"] * 4 + ["452"],
        ),
        (b"VRFY a\r\nNOOP\r\nHELP\r\nEXPN x\r\nSTARTTLS\r\n", ["252", "250", "214", "502", "503"]),
        (b"X" * 300 + b"\r\nNOOP\r\n", ["500", "250"]),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", ["421"]),
        (b"A\r\nB\r\nC\r\nD\r\nE\r\n", ["500", "500", "500", "421"]),
        (b"EHLO x\r\nMAIL FROM:<a@b> FUTURE=1\r\n", ["250", "555"]),
        (b"EHLO x\r\nMAIL FROM:<a@b> SIZE=many\r\nMAIL FROM:<a@b>SIZE=1\r\n", ["250", "501", "501"]),
        (b"EHLO x\r\nMAIL FROM:<a@b> SIZE=1 SIZE=1\r\n", ["250", "501"]),
        (b"EHLO x\r\nMAIL FROM:<a@b> BODY=BINARYMIME\r\nMAIL FROM:<a@b> BODY\r\n", ["250", "555", "501"]),
        (b"EHLO x\r\nMAIL FROM:<a@b> RET=HDRS ENVID=a+2Bb AUTH=<> body=7bit smtputf8\r\n", ["250", "250"]),
        (b"HELO x\r\nMAIL FROM:<a@b> SIZE=1\r\nAUTH PLAIN AA==\r\n", ["250", "555", "503"]),
        ("EHLO x\r\nMAIL FROM:<é@b>\r\nMAIL FROM:<é@b> SMTPUTF8\r\n".encode(), ["250", "553", "250"]),
        ("EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<é@b>\r\n".encode(), ["250", "250", "553"]),
        (b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c@d\r\n", ["250"] * 3),
        (b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d> NOTIFY=NEVER,DELAY\r\n", ["250", "250", "501"]),
    ],
)
def test_commands_out_of_order_and_out_of_bounds(wire: bytes, codes: list[str]) -> None:
    assert Talk().codes(wire) == codes


def test_a_message_larger_than_offered_is_refused_and_the_session_goes_on() -> None:
    talk = Talk()
    wire = b"EHLO x\r\n" + DELIVER + (b"x" * 70 + b"\r\n") * 10 + b".\r\nNOOP\r\n"
    assert talk.codes(wire)[-2:] == ["552", "250"]
    assert talk.taken[0][1].startswith("552")
    assert talk.taken[0][0].size == 720


def test_a_line_without_an_end_is_not_kept() -> None:
    talk = Talk()
    for _ in range(4):
        assert talk.say(b"y" * 100) == []
    assert talk.codes(b"\r\nNOOP\r\n") == ["500", "250"]
    assert next(code for _ in range(9) for code in talk.codes(b"y" * 100)) == "421"
    assert talk.session.is_closing


def test_a_message_without_an_end_ends_the_connection() -> None:
    talk = Talk()
    talk.say(b"EHLO x\r\n" + DELIVER)
    answers = [code for _ in range(12) for code in talk.codes(b"x" * 99 + b"\r\n")]
    assert answers == ["552"]
    assert talk.session.is_closing
    assert [reply[:3] for _, reply in talk.taken] == ["552"]


def test_tls_on_the_plain_port_is_told() -> None:
    talk = Talk()
    assert talk.say(b"\x16\x03\x01\x02\x00\x01")[0].startswith("500 ")
    assert talk.session.is_closing


def test_what_was_said_before_the_handshake_is_forgotten() -> None:
    talk = Talk(offers_tls=True)
    assert talk.codes(b"EHLO x\r\nSTARTTLS\r\nMAIL FROM:<injected@x.example>\r\n") == ["250", "220"]
    assert talk.session.wants_tls
    talk.session.start_tls()
    assert talk.codes(b"MAIL FROM:<a@b>\r\n") == ["503"]
    assert "STARTTLS" not in "".join(talk.say(b"EHLO x\r\n"))


def _b64(text: str) -> bytes:
    return b64encode(text.encode()) + b"\r\n"


@pytest.mark.parametrize(
    ("lines", "codes", "mechanism"),
    [
        ([b"AUTH PLAIN " + _b64("\0u\0secret")], ["235"], "PLAIN"),
        ([b"AUTH PLAIN\r\n", _b64("\0u\0secret")], ["334", "235"], "PLAIN"),
        ([b"AUTH LOGIN\r\n", _b64("u"), _b64("secret")], ["334", "334", "235"], "LOGIN"),
        ([b"AUTH login " + _b64("u"), _b64("secret")], ["334", "235"], "LOGIN"),
        ([b"AUTH CRAM-MD5\r\n", _b64("u 0123")], ["334", "235"], "CRAM-MD5"),
        ([b"AUTH XOAUTH2 " + _b64("user=u\1auth=Bearer secret\1\1")], ["235"], "XOAUTH2"),
        ([b"AUTH LOGIN\r\n", b"*\r\n"], ["334", "501"], None),
        ([b"AUTH LOGIN\r\n", b"not base64!\r\n"], ["334", "501"], None),
        ([b"AUTH GSSAPI\r\n"], ["504"], None),
    ],
)
def test_any_name_and_password_is_taken(lines: list[bytes], codes: list[str], mechanism: str | None) -> None:
    talk = Talk()
    talk.say(b"EHLO x\r\n")
    assert [code for line in lines for code in talk.codes(line)] == codes
    assert talk.session.greeting.mechanism == mechanism
    assert "secret" not in repr(vars(talk.session))


class Refusing(Judge):
    def on_recipient(self, greeting: Greeting, envelope: Envelope, address: str) -> str | None:
        del greeting, envelope
        return "450 4.2.1 Later" if address.startswith("b") else None

    def on_message(self, greeting: Greeting, envelope: Envelope) -> str | None:
        del greeting
        return "550 5.7.20 Never" if b"bad" in envelope.content else None


def test_what_is_refused_is_handed_on_with_the_answer() -> None:
    talk = Talk(judge=Refusing())
    talk.say(b"EHLO x\r\nMAIL FROM:<s@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<a@x>\r\nDATA\r\nbad\r\n.\r\n")
    assert [(envelope.recipients, reply[:3]) for envelope, reply in talk.taken] == [
        (["b@x"], "450"),
        (["a@x"], "550"),
    ]


def test_what_a_played_provider_refuses_is_no_error_of_the_client() -> None:
    talk = Talk(judge=Refusing())
    talk.say(b"EHLO x\r\n")
    bad = b"MAIL FROM:<s@x>\r\nRCPT TO:<a@x>\r\nDATA\r\nbad\r\n.\r\n"
    assert [talk.codes(bad)[-1] for _ in range(8)] == ["550"] * 8


def test_no_message_is_taken_once_it_is_over() -> None:
    talk = Talk()
    talk.say(b"EHLO x\r\n" + DELIVER + b"hello\r\n")
    talk.session.is_over = True
    assert talk.codes(b".\r\n") == ["421"]
    assert talk.taken == []
