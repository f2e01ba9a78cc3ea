"""The programs that people send with, against the capture: each delivers, and is taken down as it is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from capture.test_run import captured, lines_of
from mailaudit.capture.run import AUTHORITY
from mailaudit.facts.capture.read import Line

pytestmark = pytest.mark.integration

NODE = """
const mailer = require('nodemailer').createTransport({host: '127.0.0.1', port: %d, name: 'shop.example'});
mailer.sendMail({from: 'a@acme.example', to: 'anna@gmail.com', subject: 's', text: 'hello'})
  .then(() => mailer.close(), error => { console.error(error); process.exit(1); });
"""


def _lines(folder: Path, *programs: str) -> list[Line]:
    """Return what was captured of one delivery by each command line, in which `{plain}` and the like are ports."""
    for program in {line.split()[0] for line in programs}:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")

    def client(ports: dict[str, int]) -> None:
        for line in programs:
            words = [word.format(**ports, folder=folder) for word in line.split()]
            done = subprocess.run(
                words,
                input=b"To: anna@gmail.com\nSubject: s\n\nhello\n",
                capture_output=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr

    captured(folder, client, messages=len(programs))
    return lines_of(folder)


def test_swaks_with_every_mechanism_and_every_port(tmp_path: Path) -> None:
    common = "swaks --from a@acme.example --to anna@gmail.com --helo shop.example --server 127.0.0.1 --hide-all"
    login = "--auth-user u --auth-password secret --auth"
    found = _lines(
        tmp_path / "capture",
        *(f"{common} --port {{plain}} {login} {mechanism}" for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5")),
        f"{common} --port {{starttls}} --tls",
        f"{common} --port {{tls}} --tls-on-connect",
        f"{common} --port {{plain}} --pipeline",
    )
    assert [line.auth for line in found] == ["PLAIN", "LOGIN", "CRAM-MD5", None, None, None]
    assert [line.tls for line in found] == [False, False, False, True, True, False]
    assert "secret" not in (tmp_path / "capture" / "envelopes.jsonl").read_text(encoding="ascii")


def test_msmtp_with_the_authority_that_is_printed(tmp_path: Path) -> None:
    common = (
        "msmtp --file=/dev/null --host=127.0.0.1 --from=a@acme.example --domain=shop.example --read-recipients"
    )
    trust = f"--tls=on --tls-trust-file={{folder}}/{AUTHORITY}"
    found = _lines(
        tmp_path / "capture",
        f"{common} --port={{plain}}",
        f"{common} --port={{starttls}} {trust}",
        f"{common} --port={{tls}} {trust} --tls-starttls=off",
    )
    assert [(line.port, line.tls, line.mail_from) for line in found] == [
        ("plain", False, "acme.example"),
        ("starttls", True, "acme.example"),
        ("tls", True, "acme.example"),
    ]


def test_php_mail_through_the_front_of_sendmail(tmp_path: Path) -> None:
    script = tmp_path / "send.php"
    script.write_text(
        "<?php exit(mail('anna@gmail.com', 's', 'hello', 'From: a@acme.example', '-fbounce@acme.example') ? 0 : 1);"
    )
    front = f"{sys.executable} -m mailaudit.capture.sendmail --port $PORT -t -i"
    wrapper = tmp_path / "send"
    wrapper.write_text(f"#!/bin/sh\nPORT=$1 exec php -d sendmail_path='{front}' {script}\n", encoding="utf-8")
    wrapper.chmod(0o755)
    if shutil.which("php") is None:
        pytest.skip("php is not installed")
    (line,) = _lines(tmp_path / "capture", f"{wrapper} {{plain}}")
    assert (line.mail_from, line.from_, line.to[0].provider) == ("acme.example", "acme.example", "gmail")
    sample = next((tmp_path / "capture" / "samples").iterdir()).read_text(encoding="utf-8")
    assert "X-PHP-Originating-Script" in sample or "Subject: s" in sample


def test_nodemailer_as_it_comes(tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    known = subprocess.run(["node", "-e", "require('nodemailer')"], capture_output=True, check=False)
    if known.returncode:
        pytest.skip("nodemailer is not installed")
    wrapper = tmp_path / "send"
    wrapper.write_text(f'#!/bin/sh\nexec node -e "{NODE.replace("%d", "$1")}"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    (line,) = _lines(tmp_path / "capture", f"{wrapper} {{plain}}")
    assert (line.ehlo, line.tls) == ("shop.example", False)
