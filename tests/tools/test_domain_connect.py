from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.lookup import other_service, platforms_by

SCRIPT = Path(__file__).parent.parent.parent / "tools" / "domain_connect.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("domain_connect", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def template(folder: Path, name: str, *records: dict[str, Any]) -> None:
    body = {"providerId": name.partition(".mail")[0], "providerName": name.title(), "records": list(records)}
    (folder / f"{name}.json").write_text(json.dumps(body))


def test_what_is_not_known_is_proposed_as_a_file_that_can_be_used(script: ModuleType, tmp_path: Path) -> None:
    template(
        tmp_path, "acme.example.mail",
        {"type": "SPFM", "host": "@", "spfRules": "include:_spf.acme-mail.example include:%more%"},
        {"type": "CNAME", "host": "am1._domainkey", "pointsTo": "am1.%tenant%.dkim.acme-mail.example"},
        {"type": "CNAME", "host": "s1._domainkey", "pointsTo": "%whole%"},
        {"type": "MX", "host": "am-bounces", "pointsTo": "feedback.acme-mail.example"},
    )  # fmt: skip

    (found,) = script.proposals(tmp_path)
    text = script.as_yaml([found], date(2026, 11, 28))

    assert [(one.kind, one.value, one.at) for one in found.traces] == [
        ("spf-include", "_spf.acme-mail.example", None),
        ("dkim-selector", "am1", None),
        ("dkim-target", "am1.<id>.dkim.acme-mail.example", None),
        ("return-path-mx", "feedback.acme-mail.example", "am-bounces"),
    ]
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    (knowledge / "platforms.yml").write_text(text, encoding="utf-8")
    with with_user_knowledge(knowledge):
        assert other_service("x.acme-mail.example") is not None
        assert [one.platform.id for one in platforms_by("spf-include", "_spf.acme-mail.example")] == [
            "acme-example"
        ]
        assert platforms_by("dkim-target", "am1.t7.dkim.acme-mail.example")


def test_what_is_known_is_left_out_and_a_carrier_is_named(script: ModuleType, tmp_path: Path) -> None:
    template(
        tmp_path, "brevo.mail", {"type": "CNAME", "host": "%s%._domainkey", "pointsTo": "b1.%x%.dkim.brevo.com"}
    )
    template(
        tmp_path, "crm.example.mail",
        {"type": "MX", "host": "bounces", "pointsTo": "feedback-smtp.%region%.amazonses.com"},
        {"type": "TXT", "host": "crmx._domainkey", "data": "p=%key%"},
    )  # fmt: skip

    found = script.proposals(tmp_path)
    (crm,) = yaml.safe_load(script.as_yaml(found, date(2026, 11, 28)))["platforms"]

    assert found[0].known == {"brevo"}
    assert crm["via"] == ["amazon-ses"]
    assert [row["values"] for row in crm["evidence"]] == [["crmx"]]


def test_what_touches_no_mail_or_is_no_template_proposes_nothing(script: ModuleType, tmp_path: Path) -> None:
    template(tmp_path, "site.example", {"type": "A", "host": "@", "pointsTo": "192.0.2.1"})
    for name, text in {
        "a": "{",
        "b": "[1]",
        "c": '{"records": 5}',
        "d": "[" * 100_000,
        "e": '{"records": [7]}',
    }.items():
        (tmp_path / f"{name}.json").write_text(text)

    assert script.proposals(tmp_path) == []
    assert yaml.safe_load(script.as_yaml([], date(2026, 11, 28)))["platforms"] == []


def test_hostile_values_stay_text(script: ModuleType, tmp_path: Path) -> None:
    template(
        tmp_path, "x: &a\n!!evil.mail",
        {"type": "TXT", "host": "@", "data": "v=spf1 include:x.y include:../../etc include:" + "a." * 5000 + "b -all"},
        {"type": "CNAME", "host": None, "pointsTo": {"a": 1}},
    )  # fmt: skip

    (found,) = script.proposals(tmp_path)
    (entry,) = yaml.safe_load(script.as_yaml([found], date(2026, 11, 28)))["platforms"]

    assert [row["values"] for row in entry["evidence"]] == [["x.y"]]


def test_a_folder_that_does_not_exist_is_refused(script: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="no directory"):
        script.proposals(tmp_path / "nowhere")
