"""A capture over real sockets of loopback, with the client of the standard library."""

from __future__ import annotations

import asyncio
import json
import smtplib
import socket
import ssl
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from mailaudit.capture import sendmail
from mailaudit.capture.limits import Bounds
from mailaudit.capture.ports import PLAIN
from mailaudit.capture.run import AUTHORITY, CaptureOptions, Ports, capture
from mailaudit.capture.server import Connection, Sink
from mailaudit.cli.outputs import write_atomically
from mailaudit.errors import InputError
from mailaudit.facts.capture.identity import name_of, read_key
from mailaudit.facts.capture.read import Line, read_capture

ANY = Ports(0, 0, 0)
MESSAGE = "From: ACME <news@acme.example>\r\nTo: {to}\r\nSubject: s\r\n\r\nhello\r\n"


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailaudit.capture.server._WATCH_S", 0.02)


def captured(
    folder: Path, client: Callable[[dict[str, int]], None], *, messages: int = 1, **more: Any
) -> dict[str, Any]:
    """Run a capture in a thread until so many messages came, and the client in this one; return the summary."""
    options = CaptureOptions(folder, ANY, most_messages=messages, most_seconds=20, **more)
    ready, ports, ended = threading.Event(), dict[str, int](), list[dict[str, Any]]()

    def on_ready(found: dict[str, int]) -> None:
        ports.update(found)
        ready.set()

    thread = threading.Thread(
        target=lambda: ended.append(capture(options, write=write_atomically, on_ready=on_ready))
    )
    thread.start()
    assert ready.wait(10)
    client(ports)
    thread.join(20)
    return ended[0]


def lines_of(folder: Path) -> list[Line]:
    """Return the lines of a capture that can be read."""
    return [line for line in read_capture(folder).lines() if line]


def _send(smtp: smtplib.SMTP, *people: str, sender: str = "bounce+anna=gmail.com@acme.example") -> None:
    for one in people:
        smtp.sendmail(sender, [one], MESSAGE.format(to=one))


def _client(port: int) -> smtplib.SMTP:
    # Without a name of its own, the client would ask DNS for one.
    return smtplib.SMTP("127.0.0.1", port, "shop.example")


def _one_message(ports: dict[str, int]) -> None:
    with _client(ports["plain"]) as smtp:
        _send(smtp, "a@gmail.com")


def test_every_port_takes_mail_and_nothing_tells_who_it_was_for(tmp_path: Path) -> None:
    folder = tmp_path / "capture"

    def client(ports: dict[str, int]) -> None:
        context = ssl.create_default_context(cafile=str(folder / AUTHORITY))
        with _client(ports["plain"]) as smtp:
            smtp.login("user-name", "pass-word")
            _send(smtp, "Anna@Gmail.com")
        with _client(ports["starttls"]) as smtp:
            smtp.starttls(context=context)
            _send(smtp, "bob@orange.fr")
        with smtplib.SMTP_SSL("127.0.0.1", ports["tls"], "shop.example", context=context) as smtp:
            _send(smtp, "carla@nobody.example")

    summary = captured(folder, client, messages=3)
    assert (summary["messages"], summary["recipients"], summary["ended_by"]) == (3, 3, "messages")
    first, second, third = lines_of(folder)
    assert (first.ehlo, first.auth, first.tls, first.mail_from, first.from_) == (
        "shop.example", "PLAIN" if first.auth == "PLAIN" else "CRAM-MD5", False, "acme.example", "acme.example",
    )  # fmt: skip
    assert [(line.port, line.tls) for line in (second, third)] == [("starttls", True), ("tls", True)]
    assert [line.to[0].provider for line in (first, second, third)] == ["gmail", "orange", "other"]
    assert first.to[0].id == name_of(read_key(folder), "anna@gmail.com")
    told = (folder / "envelopes.jsonl").read_text() + (folder / "capture.json").read_text()
    assert not any(word in told.lower() for word in ("anna", "bob", "carla", "user-name", "pass-word"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "key", *(folder / "samples").iterdir())} == {
        0o600
    }


def test_whom_a_message_names_beside_its_recipient_is_taken_down_under_the_key(tmp_path: Path) -> None:
    mails = [
        (
            "news@acme.example",
            ["anna@gmail.com"],
            "anna@gmail.com",
            "hello anna@gmail.com, write to us: help@acme.example",
        ),
        ("news@acme.example", ["anna@gmail.com"], "Bob <BOB@gmail.com>", "hello"),
        ("news@acme.example", ["anna@gmail.com"], "anna@gmail.com", "?e=carla%40gmail.com"),
        ("news@acme.example", ["anna@gmail.com", "bob@gmail.com"], "undisclosed-recipients:;", "hello"),
        ("shop@gmail.com", ["anna@gmail.com", "bob@gmail.com"], "anna@gmail.com, shop@gmail.com", "hello"),
    ]

    def client(ports: dict[str, int]) -> None:
        with _client(ports["plain"]) as smtp:
            for sender, people, to, body in mails:
                smtp.sendmail(
                    "b@acme.example", people, f"From: {sender}\r\nTo: {to}\r\nSubject: s\r\n\r\n{body}\r\n"
                )

    captured(tmp_path / "capture", client, messages=len(mails))
    key = read_key(tmp_path / "capture")
    anna, bob, carla = (name_of(key, f"{one}@gmail.com") for one in ("anna", "bob", "carla"))
    found = [(line.shows, line.names) for line in lines_of(tmp_path / "capture")]
    assert found == [((), ()), ((bob,), ()), ((), (carla,)), ((), ()), ((anna,), ())]


def test_samples_are_few_and_one_of_each_shape(tmp_path: Path) -> None:
    def client(ports: dict[str, int]) -> None:
        with _client(ports["plain"]) as smtp:
            for number in range(60):
                more = f"X-Shape-{number % 30}: y\r\n"
                smtp.sendmail("a@acme.example", ["p@x.example"], more + MESSAGE.format(to=number))

    summary = captured(tmp_path / "capture", client, messages=60)
    samples = sorted((tmp_path / "capture" / "samples").iterdir())
    assert (summary["samples"], len(samples)) == (20, 20)
    assert samples[0].name == "00000001.eml"
    assert "To: 59" in samples[-1].read_text(encoding="utf-8")


def test_many_connections_at_once_are_counted_and_bounded(tmp_path: Path) -> None:
    def client(ports: dict[str, int]) -> None:
        held = [socket.create_connection(("127.0.0.1", ports["plain"])) for _ in range(4)]
        answers = [one.recv(3) for one in held]
        assert answers == [b"220", b"220", b"220", b"421"]
        for one in held:
            one.close()
        with _client(ports["plain"]) as smtp:
            _send(smtp, "anna@gmail.com")

    summary = captured(tmp_path / "capture", client, bounds=replace(Bounds(), connections=3))
    assert (summary["most_connections"], summary["refused_connections"]) == (3, 1)


@pytest.mark.slow
def test_the_port_that_speaks_tls_first_tells_whoever_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "capture"

    def client(ports: dict[str, int]) -> None:
        context = ssl.create_default_context(cafile=str(folder / AUTHORITY))
        # Silence counts as a connection, takes a bounded time, and is answered in the words of a plain client.
        silent = [socket.create_connection(("127.0.0.1", ports["tls"])) for _ in range(2)]
        with pytest.raises(smtplib.SMTPConnectError, match="Too many"):
            smtplib.SMTP_SSL("127.0.0.1", ports["tls"], "shop.example", context=context)
        assert all(b"421 4.7.0 This port speaks TLS" in one.recv(99) for one in silent)
        for one in silent:
            one.close()
        for first in (b"EHLO shop.example\r\n", b"\x16 no handshake"):
            with socket.create_connection(("127.0.0.1", ports["tls"])) as raw:
                raw.sendall(first)
                with suppress(ConnectionError):
                    assert (b"421" in raw.recv(99)) == first.startswith(b"EHLO")
        with socket.create_connection(("127.0.0.1", ports["starttls"])) as raw, raw.makefile("rb") as lines:
            raw.sendall(b"EHLO x\r\nSTARTTLS\r\n")
            while not lines.readline().startswith(b"220 2"):
                pass
            assert lines.readline().startswith(b"421 4.7.0 This port speaks TLS")
        with smtplib.SMTP_SSL("127.0.0.1", ports["tls"], "shop.example", context=context) as smtp:
            _send(smtp, "anna@gmail.com")

    summary = captured(folder, client, bounds=replace(Bounds(), connections=2, handshake_s=0.3))
    assert (summary["messages"], summary["most_connections"], summary["refused_connections"]) == (1, 2, 1)


def test_a_message_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    def client(ports: dict[str, int]) -> None:
        with socket.create_connection(("127.0.0.1", ports["plain"])) as raw, raw.makefile("rb") as lines:
            raw.sendall(b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nhello")
            assert [lines.readline()[:3] for _ in range(6)][-1] == b"421"
        _one_message(ports)

    assert captured(tmp_path / "capture", client, bounds=replace(Bounds(), message_s=0.0))["messages"] == 1


@pytest.mark.slow
def test_a_client_that_waits_in_vain_is_told_why(tmp_path: Path) -> None:
    def client(ports: dict[str, int]) -> None:
        with socket.create_connection(("127.0.0.1", ports["plain"])) as raw, raw.makefile("rb") as lines:
            raw.sendall(b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n")
            assert [lines.readline()[:3] for _ in range(5)] == [b"220", b"250", b"250", b"250", b"354"]
            raw.sendall(b"hello\n.\n")
            assert b"bare line feeds" in lines.readline()
        with _client(ports["plain"]) as smtp:
            _send(smtp, "anna@gmail.com")

    summary = captured(tmp_path / "capture", client, bounds=replace(Bounds(), stalled_s=0.5))
    assert summary["messages"] == 1
    # On a busy machine the second client may seem to wait too.
    assert summary["unfinished_messages"] >= 1


def test_a_provider_is_played_and_its_answers_are_taken_down(tmp_path: Path) -> None:
    def client(ports: dict[str, int]) -> None:
        with _client(ports["plain"]) as smtp:
            with pytest.raises(smtplib.SMTPDataError) as refused:
                _send(smtp, "bob@orange.fr")
            assert refused.value.smtp_code == 535
            smtp.sendmail("a@acme.example", ["bob@orange.fr"], "DKIM-Signature: v=1\r\n" + MESSAGE.format(to="b"))

    captured(tmp_path / "capture", client, answer="orange")
    assert [line.reply[:3] for line in lines_of(tmp_path / "capture")] == ["535", "250"]


def test_a_folder_or_port_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        capture(CaptureOptions(tmp_path / "full", ANY), write=write_atomically)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = replace(ANY, plain=taken.getsockname()[1])
        with pytest.raises(InputError, match="cannot be used"):
            capture(CaptureOptions(tmp_path / "new", ports), write=write_atomically)
    with pytest.raises(InputError, match="no such mailbox provider"):
        capture(CaptureOptions(tmp_path / "other", ANY, answer="nobody"), write=write_atomically)


def test_the_program_s_end_ends_the_capture(tmp_path: Path) -> None:
    script = (
        "import os, smtplib\n"
        "with smtplib.SMTP(os.environ['MAILAUDIT_CAPTURE_HOST'], int(os.environ['MAILAUDIT_CAPTURE_PORT']), 'x') as smtp:\n"
        "    smtp.sendmail('a@acme.example', ['p@gmail.com'], 'Subject: s\\r\\n\\r\\nhello')\n"
        "raise SystemExit(3)\n"
    )
    options = CaptureOptions(tmp_path / "capture", ANY, command=(sys.executable, "-c", script), most_seconds=30)
    summary = capture(options, write=write_atomically)
    assert (summary["messages"], summary["ended_by"], summary["command_exit"]) == (1, "command", 3)
    with pytest.raises(InputError, match="no such program"):
        capture(replace(options, folder=tmp_path / "second", command=("./nothing",)), write=write_atomically)


def test_what_the_program_leaves_in_the_background_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailaudit.capture.run._QUIET_S", 0.3)
    script = (
        "import os, smtplib, time\n"
        "if os.fork():\n"
        "    os._exit(0)\n"
        "with smtplib.SMTP('127.0.0.1', int(os.environ['MAILAUDIT_CAPTURE_PORT']), 'x') as smtp:\n"
        "    smtp.sendmail('a@acme.example', ['p@gmail.com'], 'Subject: s\\r\\n\\r\\nhello')\n"
        "time.sleep(20)\n"
    )
    options = CaptureOptions(tmp_path / "capture", ANY, command=(sys.executable, "-c", script), most_seconds=30)
    summary = capture(options, write=write_atomically)
    assert (summary["messages"], summary["ended_by"]) == (1, "background")


def test_a_client_that_never_reads_its_answers_is_read_no_further() -> None:
    async def told() -> list[str]:
        transport = Mock()
        connection = Connection(Sink(lambda *_: None), PLAIN)
        connection.connection_made(transport)
        connection.pause_writing()
        connection.resume_writing()
        # What comes before the handshake must stay unread.
        connection.session.wants_tls = True
        connection.resume_writing()
        connection.connection_lost(None)
        return [call[0] for call in transport.method_calls if call[0].endswith("reading")]

    assert asyncio.run(told()) == ["pause_reading", "resume_reading"]


def test_a_capture_that_was_killed_can_be_read(tmp_path: Path) -> None:
    captured(tmp_path / "capture", _one_message)
    (tmp_path / "capture" / "capture.json").unlink()
    with (tmp_path / "capture" / "envelopes.jsonl").open("a", encoding="ascii") as file:
        file.write('{"at": 3, "beg')
    found = read_capture(tmp_path / "capture")
    assert [line is None for line in found.lines()] == [False, True]
    assert found.summary.ended_by is None


def test_the_front_in_the_shape_of_sendmail_delivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        def __init__(self, text: str) -> None:
            from io import BytesIO  # noqa: PLC0415 - here only

            self.buffer = BytesIO(text.encode())

    def client(ports: dict[str, int]) -> None:
        text = (
            "To: anna@gmail.com, Bob <bob@gmail.com>\nBcc: carla@gmail.com\nFrom: a@acme.example\n\nFrom here\n.\n"
        )
        monkeypatch.setattr(sys, "stdin", Input(text))
        assert sendmail.main(["--port", str(ports["plain"]), "-t", "-i", "-fbounce@acme.example", "-O", "x"]) == 0

        monkeypatch.setattr(sys, "stdin", Input(text))
        monkeypatch.setattr("getpass.getuser", Mock(side_effect=KeyError("uid not found")))
        assert sendmail.main(["--port", str(ports["plain"]), "-t", "-i"]) == 0

    captured(tmp_path / "capture", client, messages=2)
    line, unsigned = lines_of(tmp_path / "capture")
    # As the programs of that name have it: the user on this machine, whatever From says.
    assert (unsigned.mail_from, unsigned.from_) == (socket.gethostname().lower(), "acme.example")
    sample = next((tmp_path / "capture" / "samples").iterdir()).read_bytes()
    assert (len(line.to), line.mail_from) == (3, "acme.example")
    assert b"carla" not in sample
    assert sample.endswith(b"From here\r\n.\r\n")


def test_no_name_and_no_path_holds_a_person(tmp_path: Path) -> None:
    def client(ports: dict[str, int]) -> None:
        with socket.create_connection(("127.0.0.1", ports["plain"])) as raw, raw.makefile("rb") as lines:
            raw.sendall(b"HELO mx anna@gmail.com\r\nMAIL FROM:<anna>\r\nRCPT TO:<b@d.example>\r\nDATA\r\n")
            raw.sendall("From: x@münchen.example\r\n\r\nhello\r\n.\r\nQUIT\r\n".encode())
            assert [line[:3] for line in lines][-1] == b"221"

    captured(tmp_path / "capture", client)
    (line,) = lines_of(tmp_path / "capture")
    assert (line.ehlo, line.mail_from, line.from_) == (None, None, "xn--mnchen-3ya.example")
    assert "anna" not in (tmp_path / "capture" / "envelopes.jsonl").read_text(encoding="ascii")


@pytest.mark.slow
def test_what_the_program_starts_ends_with_it(tmp_path: Path) -> None:
    script = f"echo $$ > {tmp_path}/pid; sleep 60 & echo $! > {tmp_path}/child; wait"
    options = CaptureOptions(tmp_path / "capture", ANY, command=("sh", "-c", script), most_seconds=1)
    assert capture(options, write=write_atomically)["ended_by"] == "for"
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(child)


def _runs(process: int) -> bool:
    """Say whether a process is there and no mere entry that nobody has asked for yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("damage", ["key", "short key", "device", "version"])
def test_a_damaged_capture_is_told(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "capture"
    captured(folder, _one_message)
    if damage == "key":
        (folder / "key").unlink()
    elif damage == "short key":
        (folder / "key").write_text("00\n", encoding="ascii")
    elif damage == "device":
        (folder / "envelopes.jsonl").unlink()
        (folder / "envelopes.jsonl").symlink_to("/dev/zero")
    else:
        (folder / "capture.json").write_text('{"capture_version": 2}', encoding="ascii")
    with pytest.raises(InputError):
        lines_of(folder)


def test_the_summary_is_valid_while_messages_arrive(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []

    def client(ports: dict[str, int]) -> None:
        seen.append(json.loads((tmp_path / "capture" / "capture.json").read_text(encoding="utf-8")))
        _one_message(ports)

    captured(tmp_path / "capture", client)
    assert (seen[0]["ended_at"], seen[0]["messages"]) == (None, 0)
