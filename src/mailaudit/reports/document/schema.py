"""The JSON Schema of the report."""

from pathlib import Path
from typing import Any, cast

from pydantic import create_model

from mailaudit.reports.document.sections import ROOMS, section_type
from mailaudit.reports.document.types import Document, FactsSection


def key_notes() -> dict[str, dict[str, str]]:
    """Return what the keys of each type mean, and under `any` those that mean the same everywhere."""
    import yaml  # noqa: PLC0415 - only for the schema

    text = Path(__file__).with_name("key_notes.yml").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, str]]", yaml.safe_load(text))


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the report, the sections of every room spelled out."""
    fields: dict[str, Any] = {
        room: (section_type(room), ...) if room in {"sender", "message"} else (section_type(room) | None, None)
        for room in ROOMS
    }
    facts = create_model("Facts", __base__=FactsSection, **fields)
    report = create_model("Report", __base__=Document, __doc__=Document.__doc__, facts=(facts, ...))
    schema = report.model_json_schema(mode="serialization")
    notes = key_notes()
    for name, described in (("Report", schema), *schema["$defs"].items()):
        for key, written in described.get("properties", {}).items():
            note = notes.get(name, {}).get(key) or notes["any"].get(key)
            if note is not None:
                written.setdefault("description", note)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "$id": "urn:mailaudit:report:1",
        "title": "mailaudit report, version 1",
    }
