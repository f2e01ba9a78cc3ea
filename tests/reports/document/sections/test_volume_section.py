from __future__ import annotations

from typing import Any

import numpy as np

from facts.volume.plans import mailing, recipients
from mailaudit.facts.volume.observe import observe_volume
from mailaudit.reports.document.sections.volume import volume_section

START = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}


def section(schedule: dict[str, str] | None, **keys: Any) -> dict[str, Any]:
    people = recipients(6000, provider_names=("gmail",), provider_sequence=np.zeros(6000, dtype=np.uint16))
    facts = observe_volume(mailing(schedule, **keys), people)
    assert facts is not None
    return volume_section(facts).model_dump(mode="json")


def test_a_peak_has_every_key_of_the_contract_with_local_times() -> None:
    peak = section({**START, "rate": "600/10min"})["peaks"][0]
    assert {key: peak[key] for key in ("scope", "key", "window_s", "peak", "limit", "at")} == {
        "scope": "sender",
        "key": "news@acme.example",
        "window_s": 600,
        "peak": 600,
        "limit": 400,
        "at": "2026-12-01T09:00:00+01:00",
    }
    assert (peak["first_breach_at"], peak["first_breach_message"]) == ("2026-12-01T09:06:40+01:00", 401)
    assert peak["remedy"]["rate"] == "39/min"


def test_without_a_start_every_time_is_null() -> None:
    found = section({"rate": "600/10min"})
    times = [found["starts_at"], found["ends_at"], found["series"]["starts_at"], found["at_night"]]
    times += [found["peaks"][0][key] for key in ("at", "first_breach_at")]
    times += [found["providers"][0]["begins_at"], found["days"][0]["day"]]
    assert times == [None] * 8
    assert found["peaks"][0]["first_breach_message"] == 401


def test_without_a_pace_there_is_a_number_and_a_reason() -> None:
    found = section(None)
    assert (found["messages"], found["peaks"], found["starts_at"]) == (6000, [], None)
    assert "no schedule" in found["not_projected"]


def test_duties_providers_and_a_bounded_series_are_told() -> None:
    found = section({**START, "rate": "40/min"})
    (duty,) = found["obligations"]
    assert (duty["provider"], duty["threshold"], duty["peak"], duty["reached"]) == ("gmail", 4999, 6000, True)
    assert found["providers"][0]["messages"] == 6000
    assert max(found["series"]["values"]) == 400
    assert len(found["series"]["values"]) <= 241
