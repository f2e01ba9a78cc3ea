from __future__ import annotations

from datetime import UTC, time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from facts.volume.plans import campaign, mailing, projected, recipients
from mailaudit.campaign.values.types import Hours
from mailaudit.errors import InputError
from mailaudit.facts.observed import NotGiven
from mailaudit.facts.volume.flow.sending_hours import Opening
from mailaudit.facts.volume.limiter_worst_case import worst_window
from mailaudit.facts.volume.mailing import beside_of
from mailaudit.facts.volume.model import VolumeFacts
from mailaudit.facts.volume.observe import observe_volume
from mailaudit.facts.volume.warm_up import daily_steps
from mailaudit.knowledge.load import with_user_knowledge
from mailaudit.knowledge.types.volume import LimiterKind
from mailaudit.knowledge.volume import (
    find_limiter,
    limiters,
    obligations,
    ordinary_address_limit,
    provider_limits,
    relays,
    warm_up,
)

START = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}


def observed(
    schedule: dict[str, Any] | None, messages: int = 6000, via: str | None = "own-server", **keys: Any
) -> VolumeFacts:
    facts = observe_volume(mailing(schedule, via, **keys), recipients(messages))
    assert facts is not None
    return facts


def limits(**keys: Any) -> set[tuple[int, int, str]]:
    peaks = projected(10, {**START, "rate": "1/min"}, **keys).peaks
    return {(peak.rule.max, peak.rule.window_s, peak.rule.confidence.value) for peak in peaks}


def test_a_server_of_microsoft_brings_its_thirty_a_minute() -> None:
    found = limits(sending={"smtp": "smtp.office365.com:587"})
    assert (30, 60, "high") in found
    assert (10_000, 86_400, "high") in found


def test_a_shared_server_belongs_to_firms_unless_the_address_is_private() -> None:
    firm = limits(sending={"smtp": "smtp.gmail.com"})
    private = limits(sending={"smtp": "smtp.gmail.com"}, **{"from": "someone@gmail.com"})
    assert (2000, 86_400, "high") in firm
    assert not any(most == 500 and sure != "low" for most, _, sure in firm)
    assert any(most == 500 and sure != "low" for most, _, sure in private)


def test_the_rule_of_ordinary_addresses_is_not_one_of_platforms() -> None:
    plan = {**START, "rate": "600/10min"}
    assert observed(plan, via="platform").projection.peaks == ()
    assert len(observed(plan, via="unknown").projection.peaks) == 1
    assert not observed(plan, via=None).ordinary_address.is_known


@pytest.mark.parametrize(
    ("name", "in_ten_minutes"), [("listmonk", 60_000), ("phplist", 20_000), ("mailcoach", 6_000), ("MailPoet", 50)]
)
def test_the_default_pace_of_known_software(name: str, in_ten_minutes: int) -> None:
    facts = observed({**START, "limiter": name}, 100_000)
    assert facts.projection.peaks[0].peak == in_ten_minutes
    assert not facts.assumed_pace
    assert observed(None, sending={"software": name}).assumed_pace


def test_an_unknown_limiter_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="mailpoet"):
        observed({"limiter": "sendmachine"})


def test_without_a_pace_nobody_can_tell() -> None:
    facts = observed({**START}, sending={"software": "our-own-script"})
    with pytest.raises(NotGiven):
        _ = facts.projection


def test_a_program_without_a_limiter_sends_all_at_once() -> None:
    facts = observed({**START}, sending={"software": "mautic"})
    assert facts.assumed_pace
    assert facts.projection.peaks[0].peak == facts.messages
    assert facts.projection.seconds == 0


def test_another_campaign_is_added_and_its_overlap_told() -> None:
    plan = mailing({**START, "rate": "300/10min"})
    other = campaign(
        {"start": "2026-12-01T09:30", "timezone": "Europe/Paris", "rate": "200/10min"}, name="reminder"
    )
    facts = observe_volume(plan, recipients(2400), [beside_of(other, 400)])
    assert facts is not None
    (overlap,) = facts.projection.overlaps
    assert (overlap.name, overlap.messages) == ("reminder", 400)
    assert overlap.begins_at is not None
    assert f"{overlap.begins_at:%H:%M}" == "09:30"
    peak = facts.projection.peaks[0]
    assert (peak.peak, peak.other_in_peak) == (500, 200)


@pytest.mark.parametrize(
    ("kind", "most"),
    [("tumbling", 800), ("token-bucket", 799), ("sliding", 400), ("smooth", 400), ("batch", 400)],
)
def test_what_four_hundred_per_ten_minutes_really_means(kind: str, most: int) -> None:
    assert worst_window(LimiterKind(kind), (400, Fraction(600)), 600) == most


@pytest.mark.parametrize(
    ("kind", "most"),
    [
        ("tumbling", 100 + 20),
        ("token-bucket", 90 + 9 + 10),
        ("sliding", 90 + 10),
        ("smooth", 90 + 1),
        ("batch", 90 + 10),
    ],
)
def test_within_daily_hours_a_limiter_lets_through_what_fits_into_them(kind: str, most: int) -> None:
    opening = Opening(Hours(time(9), time(18)), None, UTC)
    assert worst_window(LimiterKind(kind), (10, Fraction(3600)), 86_400, opening) == most
    # A window in which there is no pause is as full as without hours, and never fuller.
    short = worst_window(LimiterKind(kind), (10, Fraction(3600)), 3600)
    assert worst_window(LimiterKind(kind), (10, Fraction(3600)), 3600, opening) == short


@pytest.mark.parametrize(
    ("days", "window_h", "hours", "pauses"),
    [(None, 20, 9, 1), (None, 30, 15, 1), (None, 15, 9, 0), (None, 48, 18, 2), (frozenset({1, 3}), 168, 18, 7)],
)
def test_the_most_hours_that_a_window_is_open(
    days: frozenset[int] | None, window_h: int, hours: int, pauses: int
) -> None:
    opening = Opening(Hours(time(9), time(18)), days, UTC)
    assert opening.most_open(window_h * 3600) == (hours * 3600, pauses)


def test_a_warm_up_at_most_doubles_and_less_when_large() -> None:
    assert daily_steps(1000, 0) == (200, 400, 400)
    assert daily_steps(100, 0) == (100,)
    assert warm_up().after(200_000) == 300_000
    assert warm_up().after(1_000_000) == 1_250_000


def test_every_fact_has_a_source_and_doubtful_ones_are_marked() -> None:
    rules = [ordinary_address_limit(), *provider_limits(), *(one.rule for one in obligations())]
    rules += [rule for relay in relays() for rule in relay.rules]
    assert all(rule.source and rule.checked and rule.max > 0 and rule.window_s > 0 for rule in rules)
    assert all(rule.confidence == "low" for rule in provider_limits())
    assert all(limiter.provenance.source and limiter.setting for limiter in limiters())
    found = find_limiter("The Newsletter Plugin")
    assert found is not None
    assert found.id == "newsletter"


def test_a_user_adds_and_replaces_limiters(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "volume.md").read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "limiters.yml").write_text(
        example + example.partition("limiters:\n")[2].replace("our-mailer", "listmonk")
    )
    with with_user_knowledge(tmp_path):
        ours, theirs = find_limiter("our mailer"), find_limiter("listmonk")
    assert ours is not None
    assert (ours.size, ours.every_ms, ours.kind) == (50, 60_000, "batch")
    assert theirs is not None
    assert theirs.size == 50
    assert find_limiter("our mailer") is None


def test_a_slip_in_a_users_limiters_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "limiters.yml"
    file.write_text("date: 2026-11-23\nlimiters:\n  - {id: x, name: x, limiter: bucket, setting: y}\n")
    with pytest.raises(InputError, match=r"limiters.yml:3.*must be one of"), with_user_knowledge(tmp_path):
        pass
