from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from mailaudit.checks.finding import Outcome, Owner, Severity
from mailaudit.cli.auditing import history
from mailaudit.reports.document.fix import FixEntry
from mailaudit.reports.document.types import ResultEntry, UnverifiedEntry
from reports import sample_documents as sample

SPF = "spf-does-not-authorize-sender"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "mailaudit" / history.FILE_NAME


def failing(*checks: str) -> tuple[ResultEntry, ...]:
    return tuple(
        sample.result(c, outcome=Outcome.FAILED, findings=(sample.finding(fingerprint=c[:8] * 2),)) for c in checks
    )


def test_the_first_run_and_an_equal_one_say_nothing() -> None:
    report = sample.document(failing(SPF, "reverse-dns-missing"))
    assert [history.progress(report, ("a",)) for _ in range(3)] == ["", "", ""]


def test_what_is_gone_is_done_and_only_for_the_same_campaign() -> None:
    before = sample.document(failing(SPF, "reverse-dns-missing"))
    after = sample.document((sample.result(SPF), *failing("reverse-dns-missing")))
    later = after.model_copy(update={"generated_at": before.generated_at + timedelta(days=1)})
    history.progress(before, ("a",))
    assert history.progress(later, ("another",)) == ""
    assert history.progress(later, ("a",)) == "1 of 2 tasks done since yesterday."
    assert history.progress(later, ("a",)) == ""


def test_a_task_is_done_when_all_that_its_title_asks_is_done() -> None:
    warning = sample.finding(severity=Severity.WARNING, fingerprint="w" * 16)
    remaining = sample.result("dkim-selector-unknown", outcome=Outcome.FAILED, findings=(warning,))
    dmarc = sample.result(
        "dmarc-fails", outcome=Outcome.FAILED, findings=(sample.finding(),), follows=("spf-*", "dkim-*")
    )
    history.progress(sample.document((*failing(SPF), dmarc, remaining)), ("a",))
    after = sample.document((sample.result(SPF), sample.result("dmarc-fails"), remaining))
    assert history.progress(after, ("a",)) == ""


def test_a_list_is_clean_though_a_warning_about_it_remains() -> None:
    clean = FixEntry(owner=Owner.LIST_OWNER, steps=("Run `mailaudit clean`.",))
    error = sample.finding(fingerprint="e" * 16, fix=clean)
    warning = sample.finding(severity=Severity.WARNING, fingerprint="w" * 16, fix=clean)
    remaining = sample.result("address-duplicate", outcome=Outcome.FAILED, findings=(warning,))
    invalid = sample.result("address-invalid", outcome=Outcome.FAILED, findings=(error,))
    history.progress(sample.document((invalid, remaining)), ("a",))
    after = sample.document((sample.result("address-invalid"), remaining))
    assert history.progress(after, ("a",)) == "1 of 1 task done in the last hour."


@pytest.mark.parametrize(
    "silent",
    [
        sample.result(SPF, outcome=Outcome.UNVERIFIED, reason="DNS timed out"),
        sample.result(SPF, unverified=(UnverifiedEntry(subject="shop.example", reason="DNS timed out"),)),
        sample.result(SPF, outcome=Outcome.SKIPPED, reason="not selected"),
    ],
)
def test_what_could_not_be_looked_at_again_is_not_done(silent: ResultEntry) -> None:
    history.progress(sample.document(failing(SPF)), ("a",))
    assert history.progress(sample.document((silent,)), ("a",)) == ""


def test_neither_names_nor_addresses_are_kept(cache: Path) -> None:
    history.progress(sample.troubled(), ("ana/shop/campaign.yml",))
    kept = cache.read_text(encoding="utf-8")
    assert not [word for word in ("ana", "shop", "campaign", "@") if word in kept]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}', "[" * 100_000])
def test_a_broken_file_is_as_good_as_none(cache: Path, content: str) -> None:
    cache.parent.mkdir()
    cache.write_text(content, encoding="utf-8")
    history.progress(sample.document(failing(SPF)), ("a",))
    assert history.progress(sample.document((sample.result(SPF),)), ("a",)) == "1 of 1 task done in the last hour."


def test_a_file_that_cannot_be_written_is_no_error(cache: Path) -> None:
    cache.parent.write_text("", encoding="utf-8")
    assert history.progress(sample.document(failing(SPF)), ("a",)) == ""


def test_old_campaigns_are_forgotten(cache: Path) -> None:
    many = {str(n): {"at": "x", "tasks": []} for n in range(2 * history.CAMPAIGNS_AT_MOST)}
    cache.parent.mkdir()
    cache.write_text(json.dumps(many), encoding="utf-8")
    history.progress(sample.document(), ("a",))
    assert len(json.loads(cache.read_text(encoding="utf-8"))) == history.CAMPAIGNS_AT_MOST
