from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.schema import campaign_schema

PAGE = (Path(__file__).parents[2] / "docs" / "campaign-file.md").read_text(encoding="utf-8")
SCHEMA = campaign_schema()


def test_the_documented_example_loads_and_uses_every_section(load: Callable[[str], Campaign]) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    campaign = load(example)
    assert campaign.model_fields_set == set(Campaign.model_fields) - {"extends"}  # that would need another file


def test_the_documented_message_is_the_programs(complaints: Callable[[str], list[str]]) -> None:
    (promised,) = re.findall(r"^campaign\.yml:.*$", PAGE, re.MULTILINE)
    text = "from: news@acme.example\n" + "\n" * 9 + "sending:\n  ipz: 203.0.113.25\n"
    assert complaints(text) == [promised]


def test_every_key_is_documented_and_every_documented_key_exists() -> None:
    reference = PAGE.partition("## Every key")[2]
    parts = [SCHEMA, *SCHEMA["$defs"].values()]
    keys = {key for part in parts for key in part["properties"]} | {"size", "every"}
    rows = re.findall(r"^\| (`.*?) \|", reference, re.MULTILINE)
    documented = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert documented <= keys
    assert {key for key in keys if f"`{key}`" not in reference} == set()


def test_every_choice_is_documented() -> None:
    text = str(SCHEMA)
    choices = {
        choice for choices in re.findall(r"'enum': \[(.*?)\]", text) for choice in re.findall(r"'(.*?)'", choices)
    }
    assert len(choices) > 20
    assert {choice for choice in choices if f"`{choice}`" not in PAGE} == set()
