"""The engine as the program starts it: with its own bounds, its own folder, and gone once it is closed."""

from __future__ import annotations

import pytest

from mailaudit.facts.recipients.loading import engine
from support import shared_engine


@pytest.fixture(autouse=True)
def _own_engine(_engine_at_hand: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "start", shared_engine.start)
