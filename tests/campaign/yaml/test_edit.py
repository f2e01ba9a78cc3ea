"""A schedule is changed in the file's own text, and nothing else of it."""

from __future__ import annotations

import re

import pytest
import yaml

from mailaudit.campaign.yaml.edit import with_schedule
from mailaudit.errors import InputError

CHANGES = {"batch": None, "over": None, "most_a_day": "9750", "rate": "29/min"}
BLOCK = """\
# the spring sale
from: news@acme.example  # who
schedule:
  start: 2026-12-01T09:00  # a Tuesday
  # in batches, for the old server
  batch:
    size: 400  # as many as it takes
    every: 10min
  timezone: Europe/Paris
# the list
recipients: {files: [list.csv]}
"""
FLOW = "from: news@acme.example\nschedule: {start: 2026-12-01T09:00, over: 3h, timezone: Europe/Paris} # soon\nname: x\n"


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        FLOW,
        "from: a@b.example\n",
        "from: a@b.example",
        "from: a@b.example\nschedule:\n# nothing yet\nname: x\n",
        "from: a@b.example\nschedule: ~  # nothing yet\n",
        "from: a@b.example\nschedule: {}\n",
        "from: a@b.example\nschedule:\n  rate: 5/h # slow",
        "from: a@b.example\nschedule:\n  most_a_day: 10\n  rate: 5/h\n",
        "from: a@b.example\nschedule:\n  rate: 29/min\n  most_a_day: 9750\n",
        "from: a@b.example\nschedule: {\n  over: 3h, # three\n  processes: 2, # two\n}\n",
        "{from: a@b.example, schedule: {over: 3h}}\n",
        "{from: a@b.example}\n",
    ],
)
def test_the_schedule_is_as_wanted_and_the_rest_as_it_was(text: str) -> None:
    before, after = yaml.safe_load(text), yaml.safe_load(edited := with_schedule(text, "c.yml", CHANGES))
    wanted = {key: value for key, value in (before.pop("schedule", None) or {}).items() if key not in CHANGES}
    assert after.pop("schedule") == wanted | {"rate": "29/min", "most_a_day": 9750}
    assert after == before
    assert re.findall(r"#.*", edited) == re.findall(r"#.*", text)


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("schedule: {over: 3h, days: mon-fri}\n", "schedule: {days: mon-fri}\n"),
        ("schedule: {days: mon-fri, over: 3h}\n", "schedule: {days: mon-fri}\n"),
        ("schedule:\n  over: 3h\n  days: mon-fri\n", "schedule:\n  days: mon-fri\n"),
        ("schedule:\n  over: 3h  # long\n  days: mon-fri\n", "schedule:\n  # long\n  days: mon-fri\n"),
    ],
)
def test_a_key_that_goes_leaves_no_trace_but_its_comment(text: str, edited: str) -> None:
    assert with_schedule(text, "c.yml", {"over": None}) == edited


@pytest.mark.parametrize(
    "text",
    ["one: &s {rate: 5/h}\nschedule: *s\n", "one: &s {rate: 5/h}\nschedule:\n  <<: *s\n  days: mon\n", "[]\n"],
)
def test_a_schedule_that_stands_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        with_schedule(text, "c.yml", CHANGES)
