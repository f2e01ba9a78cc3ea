"""Dates of what is to be done in DNS some time after a campaign."""

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from mailaudit.planning.model import NoPlan, Reminder, SendingPlan


def with_reminders_of(plan: SendingPlan | NoPlan, later: Iterable[tuple[int, str, str]]) -> SendingPlan | NoPlan:
    """Return a plan with a date for each step: so many days after the last mail, what, and on which condition."""
    if isinstance(plan, NoPlan) or plan.ends_at is None:
        return plan
    last = plan.ends_at.date()
    found = tuple(Reminder(last + timedelta(days), what, condition) for days, what, condition in later)
    return replace(plan, reminders=found)
