from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
import yaml

from facts.volume.plans import mailing, recipients
from mailaudit.campaign.schedule import Schedule
from mailaudit.errors import InputError
from mailaudit.language.spoken import speaking
from mailaudit.planning.model import NoPlan, SendingPlan
from mailaudit.planning.plan import plan_campaign
from mailaudit.planning.problem import PlanningProblem, problem_of
from mailaudit.planning.warm_up import plan_warm_up
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.plan import calendar, document, table, text

LOOK = RenderOptions()
START = {"start": "2026-12-01T09:00", "timezone": "Europe/Paris"}


def problem(name: str = "Spring sale", schedule: dict[str, str] | None = None) -> PlanningProblem:
    return problem_of(mailing(START if schedule is None else schedule, name=name), recipients(1000))


def warmed(name: str = "Spring sale") -> SendingPlan:
    plan = plan_warm_up(problem(name))
    assert isinstance(plan, SendingPlan)
    return plan


def test_text_holds_what_a_person_types_in_on_one_line() -> None:
    shown = text.render(plan_campaign(problem()), LOOK)
    assert "  in the campaign file   schedule: {start: 2026-12-01T09:00, rate: 39/min}\n" in shown
    assert "last mail              1 December 2026, 09:25:36" in shown


def test_a_slow_rate_is_told_by_its_pauses_where_a_day_has_no_room_for_so_many() -> None:
    limit = {"name": "hour", "scope": "sender", "max": 5, "window": "1h"}
    sent = mailing({**START, "hours": "20:00-22:00"}, limits=[limit])
    shown = text.render(plan_campaign(problem_of(sent, recipients(60))), LOOK)
    assert "Send one mail every 15 minutes, within 20:00-22:00.\n" in shown
    assert "rate: 96/d" in shown


def test_all_in_one_day_is_no_plan_of_days() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 400, "window": "24h"},
    ]
    sent = mailing(START, limits=limits, sending={"software": "halon"})
    shown = text.render(plan_campaign(problem_of(sent, recipients(300))), LOOK)
    assert "Send 29 a minute, evenly: one mail every 2.07 seconds.\n" in shown
    assert "(5/12s is what Halon sends, set as below)" in shown
    assert "  last mail              1 December 2026, 09:10:18 (Europe/Paris)\n" in shown
    assert (
        "  at 5/12s               last mail 1 December 2026, 09:11:57 (Europe/Paris), takes 11 min 58 s\n" in shown
    )


def test_a_plan_that_moves_tells_its_hours_once_and_claims_no_bound() -> None:
    beside = {"name": "daily", "rate": "40/h", "hours": "09:00-18:00"}
    limits = [{"name": "host", "scope": "sender", "max": 7, "window": "10min"}]
    shown = text.render(
        plan_campaign(problem_of(mailing(START, limits=limits, other_mail=[beside]), recipients(1))), LOOK
    )
    assert '   schedule: {start: 2026-12-01T18:10, rate: 20/min, hours: "18:10-24:00"}\n' in shown
    assert "No schedule" not in shown


def test_mail_at_night_is_told() -> None:
    slow = [{"name": "hour", "scope": "sender", "max": 102, "window": "1h"}]
    found = plan_campaign(problem_of(mailing(START, limits=slow), recipients(1300)))
    assert isinstance(found, SendingPlan)
    # From nine in the morning at a hundred an hour: the thirteenth hour begins at nine in the evening.
    assert found.at_night == 1300 - found.rate.count * 12  # type: ignore[union-attr]
    assert f"{found.at_night} mails of 1,300 leave between 21:00 and 07:00" in text.render(found, LOOK)


def test_text_without_a_start_names_no_time() -> None:
    shown = text.render(plan_campaign(problem(schedule={})), LOOK)
    assert "schedule: {rate: 39/min}" in shown
    assert "first mail" not in shown
    assert "takes                  25 min 37 s" in shown


def test_csv_has_a_row_for_each_day_and_adds_up() -> None:
    rows = list(csv.DictReader(StringIO(table.render(warmed(), LOOK))))
    assert [row["messages"] for row in rows] == ["200", "400", "400"]
    assert rows[-1]["total"] == "1000"
    assert rows[0]["begins_at"] == "2026-12-01T09:00:00+01:00"


def test_json_is_the_same_plan() -> None:
    found = json.loads(document.render(plan_campaign(problem()), LOOK))
    assert found["plan"]["rate"] == "39/min"
    assert (found["plan"]["is_moved"], found["plan"]["gives_up_reserve"]) == (False, False)
    assert found["plan"]["peaks"][0]["peak"] == 390
    assert json.loads(document.render(NoPlan("x", 0, None, "empty"), LOOK))["reason"] == "empty"


def test_calendar_lines_are_folded_at_75_octets_inside_no_character() -> None:
    shown = calendar.render(warmed("Frühjahrsaktion; alles, was Sie brauchen " * 3), LOOK)
    lines = shown.split("\r\n")
    assert shown.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = shown.replace("\r\n ", "")
    assert "SUMMARY:Send 200 mails: Frühjahrsaktion\\; alles\\, was Sie brauchen" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == 3
    assert "DTSTART:20261201T080000Z" in unfolded


def test_a_calendar_without_a_start_is_refused() -> None:
    with pytest.raises(InputError, match="start"):
        calendar.render(plan_campaign(problem(schedule={})), LOOK)


@pytest.mark.parametrize(
    ("days", "shown"), [("mon-fri", "mon-fri"), ("sat-mon", "[mon, sat, sun]"), ("tue", "tue")]
)
def test_hours_and_days_are_printed_as_the_campaign_file_takes_them(days: str, shown: str) -> None:
    schedule = {**START, "hours": "22:00-24:00", "days": days}
    printed = text.render(plan_campaign(problem(schedule=schedule)), LOOK)
    assert f'hours: "22:00-24:00", days: {shown}}}' in printed
    found = yaml.safe_load(printed.partition("campaign file   schedule: ")[2].partition("\n")[0])
    again = Schedule.model_validate({**found, "start": START["start"], "timezone": START["timezone"]})
    asked = Schedule.model_validate(schedule)
    assert (again.hours, again.days) == (asked.hours, asked.days)


def test_a_program_that_knows_no_day_is_to_be_stopped() -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 400, "window": "24h"},
    ]
    sent = mailing(START, limits=limits, sending={"software": "listmonk"})
    printed = text.render(plan_campaign(problem_of(sent, recipients(1000))), LOOK).replace("\n", " ")
    assert "stop the program after 390 a day, or send in parts (--split)" in printed


@pytest.mark.parametrize("language", ["fr", "de"])
def test_what_is_to_be_copied_is_the_same_in_every_language(language: str) -> None:
    limits = [
        {"name": "minute", "scope": "sender", "max": 30, "window": "1min"},
        {"name": "day", "scope": "sender", "max": 400, "window": "24h"},
    ]
    plan = plan_campaign(
        problem_of(mailing(START, limits=limits, sending={"software": "listmonk"}), recipients(900))
    )
    with speaking(language):
        shown = text.render(plan, LOOK)
    assert "listmonk sends" not in shown
    assert "   schedule: {start: 2026-12-01T09:00, rate: " in shown
    assert "  app.message_sliding_window = true\n" in shown
