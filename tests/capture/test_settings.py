"""What is printed to be pasted."""

from __future__ import annotations

import shlex
import sys

from mailaudit.capture.settings import sendmail_path, settings

PORTS = {"plain": 4025, "starttls": 4587, "tls": 4465}


def test_every_program_is_sent_to_the_port_that_is_taken() -> None:
    text = settings(PORTS, "out/ca.pem")
    programs = text.split("\n  ")
    assert all("4025" in one for one in programs if one.count("\n"))
    assert {"msmtp", "Mautic", "listmonk", "phpList", "WordPress", "Python", "PHP", "Node"} <= set(
        text.replace(",", " ").split()
    )
    assert "port 4587" in text
    assert "port 4465" in text
    assert "{" not in text.replace('{ host: "127.0.0.1"', "").replace("secure: false }", "")


def test_phplist_sends_its_campaigns_to_the_host_for_campaigns() -> None:
    assert "define('PHPMAILERBLASTHOST', '127.0.0.1');" in settings(PORTS, "ca.pem")


def test_the_line_for_php_starts_the_front_of_this_program() -> None:
    words = shlex.split(sendmail_path(4025))
    assert words[0] == sys.executable
    assert words[-4:] == ["--port", "4025", "-t", "-i"]
