from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.errors import InputError
from mailaudit.reports.document.render import dumps, loads, render
from mailaudit.reports.document.schema import key_notes, report_schema
from mailaudit.reports.document.sections import ROOMS
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from reports import sample_documents as sample

jsonschema: Any = pytest.importorskip("jsonschema")
DOCUMENTS = {"troubled": sample.troubled, "hostile": sample.hostile, "empty": sample.document}


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = report_schema()
    for room in ROOMS:  # these documents are made by hand; tests/test_contract.py validates real ones
        schema["$defs"]["Facts"]["properties"][room] = {}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_survives_the_way_there_and_back(name: str, validator: Any) -> None:
    document = DOCUMENTS[name]()
    text = dumps(document)
    validator.validate(json.loads(text))
    assert loads(text) == document
    assert dumps(loads(text)) == text
    assert render(document, RenderOptions(width=40)) == text


def test_the_schema_refuses_what_is_no_report(validator: Any) -> None:
    good = json.loads(dumps(sample.troubled()))
    for change in ({"schema_version": 2}, {"verdict": "fine"}, {"results": None}, {"counts": {"error": -1}}):
        assert not validator.is_valid({**good, **change}), change


def test_the_schema_spells_out_what_the_rooms_say() -> None:
    facts = report_schema()["$defs"]["Facts"]["properties"]
    assert facts["sender"]["$ref"] == "#/$defs/SenderSection"
    assert {"$ref": "#/$defs/RecipientsSection"} in facts["recipients"]["anyOf"]
    assert {"type": "null"} in facts["volume"]["anyOf"]


def test_keys_come_in_the_order_of_the_contract() -> None:
    content = json.loads(dumps(sample.troubled()))
    assert list(content)[:8] == [
        "schema_version", "tool", "generated_at", "campaign", "verdict", "counts", "results", "facts",
    ]  # fmt: skip
    assert list(content["counts"]) == ["error", "warning", "note", "unverified", "crashed", "suppressed"]
    assert list(content["results"][0])[:6] == ["check", "family", "severity", "outcome", "reason", "findings"]
    assert list(content["results"][0]["findings"][0]) == [
        "fingerprint", "severity", "confidence", "subject", "message", "location", "evidence", "fix", "impact",
        "suppressed", "check", "magnitude", "outgrown",
    ]  # fmt: skip
    assert list(content["facts"]) == [
        "sender",
        "recipients",
        "volume",
        "message",
        "dns",
        "providers_matrix",
        "spf_tree",
        "second_opinion",
        "capture",
    ]
    assert content["generated_at"] == "2026-11-30T10:00:00Z"


def test_json_text_does_nothing_in_a_terminal() -> None:
    text = dumps(sample.hostile())
    assert text.encode("utf-8")
    assert text.endswith("}\n")
    assert not any(ord(c) < 0x20 and c != "\n" for c in text)
    assert not any(0x7F <= ord(c) <= 0x9F or c in "\u202e\u2028\ufeff" for c in text)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_any_text_can_be_written_and_read_again(text: str) -> None:
    document = sample.document((sample.result(passed_message=text),))
    written = dumps(document)
    written.encode("utf-8")
    assert loads(written) == document


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "this is not JSON"),
        ("{", "this is not JSON"),
        (
            "\n<!doctype html>",
            "a page for people, not the JSON report; give a file that `mailaudit check -o report.json`",
        ),
        ("[1, 2]", "not a JSON report of mailaudit"),
        ("{}", "not a JSON report of mailaudit"),
        ('{"schema_version": NaN}', "not a JSON report of mailaudit"),
        ("[" * 100_000, "not a JSON report of mailaudit"),
        ('{"schema_version": 2}', "schema_version 2 is unknown; this mailaudit reads version 1"),
        ('{"schema_version": true}', "schema_version true is unknown"),
        ('{"schema_version": 1}', "audit.json: tool: Field required"),
        ('{"schema_version": ' + "1" * 5000 + "}", "not a JSON report of mailaudit"),
    ],
)
def test_garbage_gets_a_clear_complaint(text: str, complaint: str) -> None:
    with pytest.raises(InputError) as raised:
        loads(text, "audit.json")
    assert complaint in str(raised.value)
    assert str(raised.value).startswith("audit.json")


def test_a_wrong_report_names_at_most_ten_places() -> None:
    content = json.loads(dumps(sample.troubled()))
    content["results"] = [{}] * 50
    with pytest.raises(InputError) as raised:
        loads(json.dumps(content), "audit.json")
    assert len(raised.value.complaints) == 11
    assert "results.0.check: Field required" in str(raised.value)


def test_a_byte_order_mark_and_newer_keys_are_read_over() -> None:
    content = json.loads(dumps(sample.troubled()))
    content["news"] = {"from": "a later version"}
    assert loads("\ufeff" + json.dumps(content)) == sample.troubled()


def test_a_document_cannot_be_changed() -> None:
    document: Document = sample.document()
    with pytest.raises(ValueError, match="frozen"):
        document.verdict = "ready"  # type: ignore[misc]  # the point of the test


def test_half_a_character_in_a_saved_report_is_written_as_an_escape() -> None:
    content = json.loads(dumps(sample.troubled()))
    content["facts"]["sender"]["platform"] = "\ud800"
    read = loads(json.dumps(content))
    assert loads(dumps(read)) == read
    assert "\\ud800" in dumps(read)


def test_the_schema_explains_every_key_and_no_other() -> None:
    schema = report_schema()
    assert schema["$id"] == "urn:mailaudit:report:1"
    types = {"Report": schema, **schema["$defs"]}
    keys = {name: part.get("properties", {}) for name, part in types.items()}
    unexplained = [(name, key) for name, own in keys.items() for key in own if not own[key].get("description")]
    assert unexplained == [], "what these keys mean is to be written in reports/document/key_notes.yml"
    noted = [(name, key) for name, own in key_notes().items() for key in own if name != "any"]
    assert [(name, key) for name, key in noted if key not in keys[name]] == []
    assert all(isinstance(note, str) for own in key_notes().values() for note in own.values())
