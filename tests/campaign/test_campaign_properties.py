from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailaudit.campaign.load import load_campaign
from mailaudit.campaign.schema import campaign_schema
from mailaudit.errors import InputError
from support.effort import examples

KEYS = sorted({key for part in campaign_schema()["$defs"].values() for key in part.get("properties", {})})
TOP_KEYS = sorted(campaign_schema()["properties"])
SAMPLES = [
    "news@acme.example", "A <a@b.example>", "acme.example", "600/10min", "10min", "09:00-18:00", "mon-fri", "sun-",
    "2026-12-01T09:00", "2026-03-29T02:30", "Europe/Paris", "192.0.2.1", "192.0.2.0/24", "recipients.csv", "-",
    "sqlite:///a.db", "0", "400", "2027-01-31", "sender", "list", "error", "null", "é.example", "\ufeff", "xn--a",
    "[", "::", "a:b:c", "%", "https://x/", "@", "<>", '"', "\\", "..", "/", "9" * 30, "~", "\u0000", "\U0001f4a9",
]  # fmt: skip
scalars = st.one_of(st.sampled_from(SAMPLES), st.text(max_size=40), st.none(), st.integers(), st.booleans())
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=5)), inner, max_size=5),
    ),
    max_leaves=15,
)
plans = st.dictionaries(st.one_of(st.sampled_from(TOP_KEYS), st.text(max_size=4)), trees, max_size=6)
yaml_marks = st.text(st.sampled_from("{}[],:?-&*!|>'\"%@`#~<\n\t \\ abfrom0.\u0085é"), max_size=80)

bounded = settings(
    max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def usable(folder: Path, data: bytes) -> bool:
    (folder / "any.yml").write_bytes(data)
    begin = time.process_time()
    try:
        campaign, source = load_campaign(folder / "any.yml")
    except InputError as error:
        campaign, complaints = None, error.complaints
    else:
        complaints = ()
    assert time.process_time() - begin < 5, "a small file costs too much time"
    if campaign is not None:
        assert campaign.from_domain == campaign.from_domain.lower()
        assert source.where("from").line is not None
        return True
    assert complaints
    assert all(complaint.what.isprintable() and "\n" not in str(complaint) for complaint in complaints)
    lines = [complaint.where.line or 0 for complaint in complaints if complaint.where]
    assert len(lines) == len(complaints)
    assert lines == sorted(lines)
    return False


@bounded
@given(data=st.binary(max_size=200))
def test_any_bytes_load_or_are_an_input_error(folder: Path, data: bytes) -> None:
    usable(folder, data)


@pytest.mark.slow
@bounded
@given(text=st.one_of(st.text(max_size=200), yaml_marks))
def test_any_text_loads_or_is_an_input_error(folder: Path, text: str) -> None:
    usable(folder, text.encode("utf-8", "surrogatepass"))


@bounded
@given(plan=plans)
def test_any_tree_of_known_keys_loads_or_is_an_input_error(folder: Path, plan: dict[str, Any]) -> None:
    usable(folder, yaml.safe_dump({"from": "news@acme.example", **plan}, allow_unicode=True).encode())


@bounded
@given(
    at=st.integers(0, 2000), piece=st.one_of(st.sampled_from(SAMPLES), st.text(max_size=3)), cut=st.integers(0, 30)
)
def test_any_edit_of_a_good_file_loads_or_is_an_input_error(folder: Path, at: int, piece: str, cut: int) -> None:
    text = Path(__file__).with_name("contract.yml").read_text(encoding="utf-8")
    edited = text[:at] + piece + text[at + cut :]
    usable(folder, edited.encode("utf-8", "surrogatepass"))


def test_the_unedited_file_is_usable(folder: Path) -> None:
    assert usable(folder, Path(__file__).with_name("contract.yml").read_bytes())


@pytest.mark.parametrize("value", SAMPLES)
def test_every_key_survives_every_sample(folder: Path, value: str) -> None:
    for written in (value, [value], dict.fromkeys(KEYS, value), [dict.fromkeys(KEYS, value)]):
        plan = dict.fromkeys(TOP_KEYS, written) | {"from": "news@acme.example"}
        usable(folder, yaml.safe_dump(plan).encode())
