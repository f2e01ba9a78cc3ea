"""A delivered sample shows how it was sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.campaign.message import MessagePlan
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.sender.witness import Witness, witness_of

HEADER = (
    "Return-Path: <b+1@bounces.orchard.example>\n"
    "Received: from mx2.reader.example (localhost [127.0.0.1]) by store.reader.example; Mon, 30 Nov 2026 09:00:06 +0000\n"
    "Received: from out.orchard.example (out.orchard.example [203.0.113.77]) by mx2.reader.example;\n"
    " Mon, 30 Nov 2026 09:00:05 +0000\n"
    "Received: from web (10.0.0.3) by out.orchard.example; Mon, 30 Nov 2026 09:00:04 +0000\n"
    "DKIM-Signature: v=1; a=rsa-sha256; d=Orchard.example; s=k1;\n h=from; bh=AA==; b=BB==\n"
    "DKIM-Signature: v=1; d=esp.example; s=k2; b=CC==\n"
    "From: Orchard <letters@orchard.example>\n"
)


def seen(folder: Path, header: str) -> Witness:
    (folder / "m.eml").write_text(header + "\nCome\n", encoding="utf-8")
    return witness_of(observe_message(MessagePlan(eml=folder / "m.eml")))


def test_the_border_tells_who_handed_the_message_over(tmp_path: Path) -> None:
    found = seen(tmp_path, HEADER + "X-Mailer: phplist version 3.6\n")
    assert found.author == "Orchard <letters@orchard.example>"
    assert found.mail_from_domain == "bounces.orchard.example"
    assert str(found.addresses[0]) == "203.0.113.77"
    assert found.selectors == (("k1", "orchard.example"), ("k2", "esp.example"))
    assert found.software == "phpList"


@pytest.mark.parametrize("header", ["From: a\n", "X: y\nReceived: from ([999.1.1.1]) [::x]\nReturn-Path: <>\n"])
def test_what_the_message_does_not_show_is_missing(tmp_path: Path, header: str) -> None:
    found = seen(tmp_path, header)
    assert (found.return_path, found.addresses, found.selectors, found.software) == (None, (), (), None)
