"""The JSON Schema of the campaign file, for editors."""

from __future__ import annotations

from typing import Any

from mailaudit.campaign.model import Campaign


def campaign_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that describes every key of the campaign file."""
    schema = Campaign.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "mailaudit campaign file",
        "description": "The plan of an e-mail campaign, version 1.",
    }
