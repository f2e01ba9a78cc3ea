"""The JSON Schema of the campaign file, for editors."""

from __future__ import annotations

from typing import Any

from mailaudit.campaign.model import Campaign


def campaign_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that describes every key of the campaign file."""
    schema = _without_null_defaults(Campaign.model_json_schema(mode="validation"))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "mailaudit campaign file",
        "description": "The plan of an e-mail campaign, version 1.",
    }


def _without_null_defaults(schema: Any) -> Any:
    """Drop defaults that only say that a key may be left out."""
    if isinstance(schema, list):
        return [_without_null_defaults(item) for item in schema]
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "default" or isinstance(value, str)}
        return {key: _without_null_defaults(value) for key, value in kept.items()}
    return schema
