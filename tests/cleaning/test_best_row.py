"""Which of several rows of one person stays, and that cleaning makes nothing worse."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailaudit.campaign.model import Campaign
from mailaudit.cleaning.choose_rows import DEFAULT
from mailaudit.cleaning.clean import clean
from mailaudit.cleaning.result import CleanPlan, Repairs
from mailaudit.facts.recipients.kinds import Kind
from support.effort import examples
from support.lists import observed_list

DAYS = ("", "2019-01-01", "2026-03-14", "2026-05-02", "2027-05-05", "yes", "no")
CELLS = (
    "a@x.example", "A@x.example", "b@x.example", "c@gmail.com", "c.@gmail.com", "c+x@googlemail.com", "C+y@gmail.com", "",
    "d@x.example; e@x.example", "b@x.example ::: c+z@gmail.com", "info@x.example", "f@gmial.com", "g@mailinator.com",
    "k@hmail.com", "l@hmail.com", "é@x.example", "stopped@x.example", "stopped@x.example;b@x.example",
    # what is repaired
    "mailto:a@x.example", "b@x.example.", "<c.c@gmail.com", "mailto:info@x.example", "f@gmial.com.", "<g@mailinator.com",
    "mailto:stopped@x.example", "mailto:h@ggail.com", "h.@gmail.com", "<i@ggail.com", "\u200bé@x.example", "<j@x.example",
    *(f"{'mailto:' * (at > 5)}run{at}@x.example" for at in range(8)),
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.sampled_from(CELLS),
        st.sampled_from(DAYS),
        st.sampled_from(DAYS[:4]),
        st.sampled_from(["", "yes", "no"]),
    ),
    min_size=1,
    max_size=16,
)


def campaign(path: Path, *, split: bool = False) -> Campaign:
    (path.parent / "stop.txt").write_text("stopped@x.example\n", encoding="utf-8")
    recipients: dict[str, Any] = {
        "files": [path],
        "split": split,
        "suppression": [path.parent / "stop.txt"],
        "consent": {"column": "since", "max_age": "3y"},
        "last_engaged": {"column": "active", "max_age": "12mo"},
    }
    plan = {
        "name": "t",
        "from": "n@acme.example",
        "schedule": {"start": "2026-12-01T09:00"},
        "recipients": recipients,
    }
    return Campaign.model_validate(plan)


def kinds_in(path: Path, *, split: bool) -> set[Kind]:
    facts = observed_list(campaign(path, split=split))
    return {kind for file in facts.files for kind, count in file.counts.items() if count}


def cleaned(
    folder: Path,
    rows: Sequence[tuple[str, ...]],
    *,
    keep: str = "",
    split: bool = False,
    repairs: Repairs = Repairs.NONE,
) -> Path:
    path = folder / "list.csv"
    lines = ["email,since,active,unsubscribed", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    classes = DEFAULT - {keep}
    plan = CleanPlan(classes=classes, force=True, repairs=repairs)
    asyncio.run(clean(campaign(path, split=split), None, plan))
    return folder / "list.clean.csv"


@pytest.mark.slow
@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    split=st.booleans(),
    repairs=st.sampled_from(Repairs),
    keep=st.sampled_from(["", "opted-out", "duplicates"]),
)
def test_a_clean_list_has_nothing_that_the_list_had_not(
    tmp_path: Path, rows: Sequence[tuple[str, ...]], repairs: Repairs, keep: str, *, split: bool
) -> None:
    after = cleaned(tmp_path, rows, split=split, repairs=repairs, keep=keep)
    left = kinds_in(after, split=split)
    assert left <= kinds_in(tmp_path / "list.csv", split=split)
    assert not left & {Kind.SUPPRESSED, Kind.INVALID, Kind.MISSING}
    assert keep == "opted-out" or Kind.OPTED_OUT not in left
    assert not (split and Kind.SEVERAL in left)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "stays"),
    [
        ([("a@x.example", "2019-01-01", "", ""), ("A@x.example", "2026-03-14", "", "")], [1]),
        ([("a@x.example", "", "", ""), ("a@x.example", "yes", "", "")], [1]),
        ([("a@x.example", "2026-03-14", "", ""), ("a@x.example", "2026-03-14", "2026-05-02", "")], [1]),
        ([("a@x.example", "2026-05-02", "2019-01-01", ""), ("a@x.example", "", "2026-05-02", "")], [0, 1]),
        ([("a@x.example", "2026-05-02", "2026-05-02", ""), ("a@x.example", "", "2026-03-14", "")], [0]),
        ([("a@x.example", "2026-05-02", "", "no"), ("a@x.example", "", "", "yes")], []),
        ([("mailto:a@x.example", "2026-05-02", "2026-05-02", ""), ("a@x.example", "2019-01-01", "", "")], [1]),
    ],
)
def test_the_row_that_says_most_stays(tmp_path: Path, rows: Sequence[tuple[str, ...]], stays: list[int]) -> None:
    lines = cleaned(tmp_path, rows).read_text(encoding="utf-8").splitlines()[1:]
    assert lines == [",".join(rows[at]) for at in stays]


def test_of_people_who_said_no_that_row_stays_when_they_are_kept(tmp_path: Path) -> None:
    rows = [("a@x.example", "2026-05-02", "", "no"), ("a@x.example", "", "", "yes")]
    lines = cleaned(tmp_path, rows, keep="opted-out").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == ["a@x.example,2026-05-02,,no", "a@x.example,,,yes"]  # the first one alone tells the consent


def test_who_is_alone_at_a_domain_that_may_be_a_slip_goes_with_the_others(tmp_path: Path) -> None:
    rows = [("a@hmail.com", "2026-05-02", "2026-05-02", ""), ("b@hmail.com", "2026-05-02", "2026-05-02", "yes")]
    assert cleaned(tmp_path, rows).read_text(encoding="utf-8").splitlines()[1:] == []
    left = (tmp_path / "list.removed.csv").read_text(encoding="utf-8").splitlines()
    assert left[1].startswith("2,typo,did they mean gmail.com?,a@hmail.com")
    rows[1] = ("b@hmail.com", "2026-05-02", "2026-05-02", "")
    assert len(cleaned(tmp_path, rows).read_text(encoding="utf-8").splitlines()) == 3
