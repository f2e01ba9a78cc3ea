"""The SpamAssassin of Debian judges a message, and changes nothing on the machine."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from mailaudit.facts.message.probes.spamassassin import RULES, ask_spamassassin

pytestmark = pytest.mark.integration
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


@pytest.mark.skipif(not shutil.which("spamassassin") or not RULES.is_dir(), reason="spamassassin is not installed")
def test_the_test_message_of_filters_is_spam_and_a_letter_is_not() -> None:
    head = (
        b"From: Orchard <letters@orchard.example>\nTo: ann@reader.example\nSubject: Apples\nMIME-Version: 1.0\n"
        b"Date: Sat, 28 Nov 2026 10:00:00 +0000\nMessage-ID: <28.11@orchard.example>\n\n"
    )
    before = set(Path.home().iterdir())
    spam = asyncio.run(ask_spamassassin(head + GTUBE.encode())).get()
    letter = asyncio.run(ask_spamassassin(head + b"The apples are ripe, come and see us on Saturday.\n")).get()

    assert spam.points > 900
    assert "GTUBE" in {rule.name for rule in spam.rules}
    assert letter.points < letter.doubtful_from
    assert letter.rules
    assert set(Path.home().iterdir()) == before
