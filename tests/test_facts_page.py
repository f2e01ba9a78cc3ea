from __future__ import annotations

from pathlib import Path

import pytest

from mailaudit.facts.capture.model import CaptureFacts
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.sender.model import SenderFacts
from mailaudit.facts.volume.model import VolumeFacts

PAGE = Path(__file__).parents[1] / "docs" / "facts.md"


@pytest.mark.parametrize("family", [Facts, SenderFacts, RecipientFacts, VolumeFacts, MessageFacts, CaptureFacts])
def test_the_page_for_plug_ins_names_everything_that_a_check_may_read(family: type[object]) -> None:
    entry = PAGE.read_text(encoding="utf-8").partition(f"\n## {family.__name__}\n")[2].partition("\n## ")[0]
    properties = [name for name, held in vars(family).items() if isinstance(held, property)]
    for name in (*family.__annotations__, *properties):
        assert name.startswith("_") or f"\n- `{name}`: " in entry, name
