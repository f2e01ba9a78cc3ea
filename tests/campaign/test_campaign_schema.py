from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.schema import campaign_schema

SCHEMA = campaign_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
FROM = "from: news@acme.example\n"


class _EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: dates stay texts (YAML 1.2 core schema)."""


_EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(("timestamp", "bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mistakes(text: str) -> list[str]:
    plan = yaml.load(text, Loader=_EditorLoader)  # noqa: S506 - a SafeLoader
    return [error.message for error in VALIDATOR.iter_errors(plan)]


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in [schema, *schema["$defs"].values()]:
        yield from part.get("properties", {}).items()


def test_it_is_a_2020_12_schema_that_survives_json() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in SCHEMA


def test_every_key_is_explained_and_shown_by_an_example() -> None:
    keys = list(properties(SCHEMA))
    assert len(keys) > 60
    for key, entry in keys:
        assert entry.get("description", "").endswith("."), key
        assert entry.get("examples"), key
        assert entry.get("title"), key


def test_every_example_of_a_key_is_valid_there() -> None:
    for key, entry in properties(SCHEMA):
        validator = Draft202012Validator({**entry, "$defs": SCHEMA["$defs"]})
        for example in entry["examples"]:
            validator.validate(example)
            assert example is not None, key


def test_a_default_is_told_where_it_is_a_choice() -> None:
    defaults = {key: entry["default"] for key, entry in properties(SCHEMA) if "default" in entry}
    assert defaults == {"fail_on": "error", "order": "list"}


def test_only_from_is_required() -> None:
    assert SCHEMA["required"] == ["from"]


def test_the_contracts_example_is_valid() -> None:
    assert mistakes(Path(__file__).with_name("contract.yml").read_text(encoding="utf-8")) == []


GOOD = [
    FROM,
    f"{FROM}name: 2026\nsending:\n",
    f"{FROM}sending: {{ips: 192.0.2.1, dkim: [{{selector: 0123, domain: acme.example}}]}}",
    f"{FROM}schedule: {{batch: {{size: 400, every: 10min}}, days: [mon, wed-fri], hours: '18:00-24:00'}}",
    f"{FROM}schedule: {{start: 2026-12-01T09:00:00, over: 3h}}",
    f"{FROM}recipients: {{table: people, engine: spark}}",
    f"{FROM}message: {{html: template.html, kind: template}}",
    f"{FROM}limits: [{{name: a, scope: domain, max: 5, window: 1h}}]",
    f"{FROM}limits: [{{name: a, scope: ip-provider, max: 5, window: 1h, warn: 4, counts: recipients, effect: defer}}]",
]
BAD = [
    "name: Sale",
    f"{FROM}frm: x",
    "from: nobody",
    f"{FROM}fail_on: eror",
    f"{FROM}sending: {{ipz: 192.0.2.1}}",
    f"{FROM}sending: {{website: 'https://acme.example'}}",
    f"{FROM}sending: {{dkim: [{{selector: s1}}]}}",
    f"{FROM}sending: {{dkim: {{selector: s1, domain: acme.example}}}}",
    f"{FROM}recipients: {{}}",
    f"{FROM}recipients: {{table: a, query: b}}",
    f"{FROM}recipients: {{files: a.csv, consent: {{max_age: 3y}}}}",
    f"{FROM}recipients: {{files: a.csv, consent: {{column: c, max_age: 0y}}}}",
    f"{FROM}schedule: {{rate: 0/h}}",
    f"{FROM}schedule: {{rate: 600/10m}}",
    f"{FROM}schedule: {{rate: 1/s, over: 1h}}",
    f"{FROM}schedule: {{batch: {{size: 0, every: 1h}}}}",
    f"{FROM}schedule: {{batch: {{size: 1}}}}",
    f"{FROM}schedule: {{over: 10}}",
    f"{FROM}schedule: {{days: monday}}",
    f"{FROM}schedule: {{hours: '09:00-25:00'}}",
    f"{FROM}schedule: {{start: 2026-12-01}}",
    f"{FROM}message: {{subject: x}}",
    f"{FROM}message: {{eml: a, html: b}}",
    f"{FROM}limits: [{{name: a, scope: planet, max: 5, window: 1h}}]",
    f"{FROM}limits: [{{name: a, scope: ip, max: 0, window: 1h}}]",
    f"{FROM}ignore: [{{check: spf-missing}}]",
    f"{FROM}ignore: [{{check: spf-missing, reason: x, until: tomorrow}}]",
    f"{FROM}other_mail: [{{name: a}}]",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_loads_is_valid(text: str, load: Callable[[str], Campaign]) -> None:
    load(text)
    assert mistakes(text) == []


@pytest.mark.parametrize("text", BAD)
def test_what_is_refused_is_invalid(text: str, complaints: Callable[[str], list[str]]) -> None:
    assert complaints(text)
    assert mistakes(text)


def test_the_patterns_mean_the_same_to_python_and_to_editors() -> None:
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(SCHEMA))
    assert len(patterns) > 10
    for pattern in map(json.loads, patterns):
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert "(?" not in pattern, "editors read ECMA 262"
