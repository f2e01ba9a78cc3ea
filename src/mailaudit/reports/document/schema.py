"""The JSON Schema of the report."""

from typing import Any

from pydantic import create_model

from mailaudit.reports.document.key_notes import NOTES
from mailaudit.reports.document.sections import ROOMS, section_type
from mailaudit.reports.document.types import Document, FactsSection


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the report, the sections of every room spelled out."""
    fields: dict[str, Any] = {
        room: (section_type(room), ...) if room in {"sender", "message"} else (section_type(room) | None, None)
        for room in ROOMS
    }
    facts = create_model("Facts", __base__=FactsSection, **fields)
    report = create_model("Report", __base__=Document, __doc__=Document.__doc__, facts=(facts, ...))
    schema = report.model_json_schema(mode="serialization")
    for name, notes in NOTES.items():
        keys = schema["properties"] if name == "Report" else schema["$defs"][name]["properties"]
        for key, note in notes.items():
            keys[key].setdefault("description", note)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "$id": "urn:mailaudit:report:1",
        "title": "mailaudit report, version 1",
    }
