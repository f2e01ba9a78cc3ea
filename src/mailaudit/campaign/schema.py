"""The JSON Schema of the campaign file, for editors."""

from typing import Any

from mailaudit.campaign.model import Campaign

_GENERATED = ("title", "description", "examples", "default")
_NULL = {"type": "null"}


def campaign_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that describes every key of the campaign file."""
    schema = Campaign.model_json_schema(mode="validation")
    parts = {name: _part(part) for name, part in schema["$defs"].items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_part(schema),
        "title": "mailaudit campaign file",
        "description": "The plan of an e-mail campaign, version 1.",
        "$defs": parts,
    }


def _part(part: dict[str, Any]) -> dict[str, Any]:
    required = part.get("required", ())
    entries = part["properties"].items()
    return {**part, "properties": {key: _entry(key, entry, required=key in required) for key, entry in entries}}


def _entry(key: str, entry: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """Order what an editor shows, and let an optional key stand without a value."""
    notes = {"title": key.replace("_", " ").capitalize()}
    notes |= {name: entry[name] for name in ("description", "examples") if name in entry}
    rule = {name: value for name, value in entry.items() if name not in _GENERATED}
    if "enum" in rule and "default" in entry:
        notes["default"] = entry["default"]
    if not required and _NULL not in rule.get("anyOf", ()):
        rule = {"anyOf": [rule, _NULL]}
    return notes | rule
