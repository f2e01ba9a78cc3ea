from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.model import Campaign
from mailaudit.errors import InputError

CONTRACT = Path(__file__).with_name("contract.yml")
INPUTS = ("recipients.csv", "unsubscribed.csv", "message.eml", "template.html", "template.txt", "dns/acme.zone")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with every input file that examples name the working directory."""
    place = tmp_path / "spring-sale"
    for name in INPUTS:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).touch()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def load(folder: Path) -> Callable[[str], Campaign]:
    """Load a campaign from its text."""

    def load_text(text: str) -> Campaign:
        (folder / "campaign.yml").write_text(text, encoding="utf-8")
        return load_campaign("campaign.yml")[0]

    return load_text


@pytest.fixture
def complaints(load: Callable[[str], Campaign]) -> Callable[[str], list[str]]:
    """Return what is said about a campaign file that cannot be used."""

    def complaints_about(text: str) -> list[str]:
        with pytest.raises(InputError) as caught:
            load(text)
        return [str(complaint) for complaint in caught.value.complaints]

    return complaints_about
