"""The lists of a campaign and what its schedule makes of them: all that the rooms of the list need to know."""

from datetime import UTC, date, datetime

from msgspec import Struct

from mailaudit.campaign.model import Campaign
from mailaudit.campaign.recipients import Recipients
from mailaudit.campaign.values.start import LocalStart, dated
from mailaudit.campaign.values.types import DatabaseUrl
from mailaudit.errors import refused


class ListPlan(Struct, frozen=True):
    """The lists of a campaign.

    Ages are counted on `day`. `is_scheduled` tells that the mail is laid out over time, `by_zone` that it starts at the same
    hour of each recipient's own clock.
    """

    lists: Recipients
    day: date
    is_scheduled: bool = False
    by_zone: bool = False

    @property
    def in_spark(self) -> bool:
        """Whether the list lies in Apache Spark and is worked through there."""
        return self.lists.engine == "spark"


def list_plan_of(campaign: Campaign, now: datetime | None = None) -> ListPlan | None:
    """Return the lists of a campaign, or nothing without one; raises `InputError` when nothing reads them.

    Ages are those on the day of the send, else at `now`, else today.
    """
    lists, schedule = campaign.recipients, campaign.schedule
    if lists is None:
        return None
    start = dated(schedule.start) if schedule else None
    plan = ListPlan(
        lists,
        (start or now or datetime.now(UTC)).date(),
        is_scheduled=schedule is not None,
        by_zone=schedule is not None and isinstance(schedule.start, LocalStart),
    )
    if not plan.in_spark:
        _require_database(lists)
    return plan if lists.files or plan.in_spark else None


def _require_database(lists: Recipients) -> None:
    if not lists.table and not lists.query:
        return
    if not lists.files:
        todo = "name the database under recipients.files, for example sqlite:///srv/shop.db"
        raise refused("recipients.table says nothing about the database that it is in", todo=todo)
    if not any(isinstance(file, DatabaseUrl) for file in lists.files):
        what = (
            f"recipients.{'table' if lists.table else 'query'} is for a database, and recipients.files names none"
        )
        raise refused(what, todo="leave it out, or name the database: sqlite:///srv/shop.db")
