"""The fuzzer finds what is planted, and its inputs are made again by their numbers."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from fuzz import oracle
from fuzz.fuzzer import Fuzzer, Trial
from fuzz.seeds import Seed
from mailaudit.checks.finding import Outcome
from mailaudit.errors import Complaint, InputError
from reports import sample_documents as sample

ZONE = b"$ORIGIN acme.example.\n@ SOA ns h 1 1 1 1 1\n"
SEED = Seed("one", {"campaign.yml": b"from: news@acme.example\n", "a.zone": ZONE}, ("a.zone",))


def test_an_input_is_made_again_by_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trial, "attempt", lambda *_: iter(()))
    monkeypatch.setattr(Trial, "bend_recording", lambda *_: iter(()))
    monkeypatch.setattr(Trial, "bend_report", lambda *_: iter(()))
    made: list[list[dict[str, bytes]]] = []
    for again in ("a", "b"):
        folders = [tmp_path / again / str(number) for number in range(12)]
        for number, folder in enumerate(folders):
            folder.mkdir(parents=True)
            assert list(Fuzzer((SEED,), 1).broken_promises(number, folder)) == []
        made.append([{file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders])
    assert made[0] == made[1]
    assert sum(one != SEED.files for one in made[0]) > len(made[0]) / 2


def test_lost_answers_are_tried_on_an_audit(tmp_path: Path) -> None:
    for name, octets in SEED.files.items():
        (tmp_path / name).write_bytes(octets)
    assert list(Trial(tmp_path, SEED.zones, random.Random(1)).lose_answers()) == []
    assert (tmp_path / "replayed.jsonl").exists()


def test_what_an_audit_must_not_do_is_told() -> None:
    whole = sample.document((sample.result("spf-missing", outcome=Outcome.FAILED, findings=(sample.finding(),)),))
    passes = sample.document((sample.result("spf-missing", outcome=Outcome.PASSED),))
    crashed = sample.document((sample.result("spf-missing", outcome=Outcome.CRASHED, reason="KeyError"),))
    assert list(oracle.silence_judged(whole, passes)) == ["spf-missing passes because an answer was lost"]
    assert "spf-missing fails because" in next(oracle.silence_judged(passes, whole))
    assert list(oracle.silence_judged(whole, crashed)) == []
    assert list(oracle.broken_promises_of(crashed)) == ["a check crashed: KeyError"]
    assert "differs" in next(oracle.differences(whole, passes))


@pytest.mark.parametrize("text", ["for canary12345678@firm.example", "\x1b[31mred", "\u202egnp"])
def test_what_an_output_must_not_hold_is_told(text: str) -> None:
    assert len(list(oracle.broken_promises_in("it", text))) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError(Complaint("cannot be used")), 0),
        (InputError(Complaint("no canary12345678")), 1),
        (InputError(Complaint("x", todo="y" * 5000)), 1),
        (KeyError("x"), 1),
    ],
)
def test_only_complaints_may_be_raised(error: Any, told: int) -> None:
    assert len(list(oracle.broken_promises_by(error))) == told
