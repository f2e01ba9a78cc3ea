"""A plan as the keys of `schedule` in a campaign file."""

from __future__ import annotations

from collections.abc import Mapping

from mailaudit.campaign.values.types import Rate
from mailaudit.errors import Complaint, InputError
from mailaudit.planning.model import NoPlan, SendingPlan

# What gives a pace; a plan replaces it.
_PACES = ("rate", "batch", "over", "limiter")


def rate_key(rate: Rate) -> str:
    """Return a rate as the campaign file has it."""
    return f"{rate.count}/{rate.per.unit if rate.per.amount == 1 else rate.per}"


def pace_keys(plan: SendingPlan) -> dict[str, str]:
    """Return the keys that make a schedule send as the plan does; raises `InputError` where no schedule says that."""
    todo = "take the calendar (-o plan.ics), or a list for each day (--split)"
    if plan.rate is None:
        raise InputError(Complaint("a warm-up has a rate for each day, which no schedule says", todo=todo))
    if len(plan.days) > 1 and plan.most_a_day is None:
        raise InputError(Complaint("this plan pauses for longer than days, which no schedule says", todo=todo))
    stops = {"most_a_day": str(plan.most_a_day)} if plan.most_a_day else {}
    return {"rate": rate_key(plan.rate), **stops}


def schedule_changes(plan: SendingPlan | NoPlan, *, with_start: bool) -> Mapping[str, str | None]:
    """Return what to change under `schedule`, `None` for keys that go; raises `InputError` without a plan.

    `with_start` tells that the plan begins at another time than the file says.
    """
    if isinstance(plan, NoPlan):
        raise InputError(Complaint(f"there is nothing to write down: {plan.reason}"))
    changes: dict[str, str | None] = dict.fromkeys((*_PACES, "most_a_day"))
    if with_start and plan.starts_at is not None:
        changes["start"] = plan.starts_at.replace(tzinfo=None).isoformat(timespec="minutes")
    return changes | pace_keys(plan)
