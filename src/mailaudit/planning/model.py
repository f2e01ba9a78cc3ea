"""What a plan for sending holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from mailaudit.campaign.values.types import Hours, Rate
from mailaudit.facts.volume.flow.waves import Wave
from mailaudit.facts.volume.model import Peak
from mailaudit.knowledge.types.volume import Limiter


class PlannedDay(Struct, frozen=True):
    """What leaves on one local day, and how fast; `day` and the instants are missing without a start."""

    number: int
    day: date | None
    messages: int
    rate: Rate
    begins_at: datetime | None
    ends_at: datetime | None


class Batching(Struct, frozen=True):
    """The same in batches, for software that knows nothing else; a guard against late batches is part of `every_s`."""

    size: int
    every_s: int
    ends_at: datetime | None
    seconds: float


class SoftwareSetting(Struct, frozen=True):
    """What a known program may be set to, in each of its `processes`, so that even its worst case keeps every limit.

    `count` is 0 when it cannot be set as slowly as that. `share` is how fast it is, at most 1 for as fast as the plan.
    Of the program's own parts so many `copies` run side by side, and `processes` counts them all. `typed` are the settings as
    they are typed in, `changed` the lines of the program's own file that have to change, or `refused` why they cannot be.
    """

    limiter: Limiter
    count: int
    period_s: float
    processes: int = 1
    share: float = 1.0
    typed: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    copies: int = 1
    refused: str = ""


class TypedPace(Struct, frozen=True):
    """The rate of the line for the campaign file where a known program makes it slower, and when the mail ends at that."""

    rate: Rate
    ends_at: datetime | None
    seconds: float


class Deadline(Struct, frozen=True):
    """Whether the plan ends in time; `sent` messages have left by then, `rate_needed` would send them all."""

    at: datetime
    is_met: bool
    sent: int
    rate_needed: Rate | None


class Outside(Struct, frozen=True):
    """Daily hours in which the other mail rests, the rate in them, and when the campaign ends then, `after_s` its start."""

    hours: Hours
    rate: Rate
    ends_at: datetime | None
    after_s: float


class LeftOut(Struct, frozen=True):
    """A limit of low confidence that the plan does not keep, and a steady rate that would; missing when none would."""

    peak: Peak
    rate: Rate | None


class Lane(Struct, frozen=True):
    """The mail of one provider, or of everybody else, as a list of its own, at a steady rate from the start on.

    `connections` is how many at a time the provider takes from one address, where that is known.
    """

    provider: str | None
    messages: int
    rate: Rate
    ends_at: datetime | None
    seconds: float
    connections: int | None = None


class LanePlan(Struct, frozen=True):
    """Lanes that are sent side by side, the slowest first; `doubtful` ones keep limits of low confidence too.

    `is_split` tells that their lists were written, so that they are what is sent.
    """

    lanes: tuple[Lane, ...]
    doubtful: bool = False
    is_split: bool = False

    @property
    def slowest(self) -> Lane:
        """The lane that ends last."""
        return self.lanes[0]


class Reminder(Struct, frozen=True):
    """What is to be done some time after the last mail, from which day on, and on which condition."""

    on: date
    what: str
    condition: str


class SendingPlan(Struct, frozen=True):
    """A schedule that keeps every limit; `peaks` are its projection, made after the plan.

    `rate` is steady within the hours and days of the schedule, that of each of the `processes`; missing when nothing limits
    the campaign, or when `days` hold a warm-up with a rate for each. Beside a rate, `days` tell where it stops until a limit
    of days is free, which is after `most_a_day` messages where each stage is a day.
    `binding` is the limit that holds it back. `bound_s` is the shortest time in which any schedule could send the
    messages without other mail, `bound_at` its end. `left_out` are doubtful limits that it does not keep. `lanes` end
    sooner than the one list, or keep what it leaves out. `by_day` are the same messages day by day, also for one steady
    rate. `warm_up_asked` are the days of the warm-up that an ordinary address should take instead, where the plan sends more
    at once than receivers know.
    `reminders` are what is to be done in DNS afterwards, where that was asked for. `late_s` is how long ago the start was
    when the plan was made, 0 for one that is to come or has no day. A plan `gives_up` the reserve, or to be robust, only
    where there would be none otherwise. `at_night` counts the messages between 21:00 and 07:00, 0 without a start.
    `outside` are hours without other mail in which it would end clearly sooner; it `is_moved` into such hours where there
    would be no plan otherwise.
    """

    name: str
    messages: int
    order: str
    starts_at: datetime | None
    ends_at: datetime | None
    seconds: float
    rate: Rate | None
    peaks: tuple[Peak, ...]
    days: tuple[PlannedDay, ...] = ()
    binding: Peak | None = None
    batching: Batching | None = None
    software: SoftwareSetting | None = None
    bound_s: float | None = None
    bound_at: datetime | None = None
    deadline: Deadline | None = None
    warm_up: str | None = None
    hours: str | None = None
    weekdays: str | None = None
    left_out: tuple[LeftOut, ...] = ()
    lanes: LanePlan | None = None
    processes: int = 1
    most_a_day: int | None = None
    by_day: tuple[PlannedDay, ...] = ()
    warm_up_asked: tuple[int, ...] = ()
    waves: tuple[Wave, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    late_s: float = 0.0
    gives_up: bool = False
    at_night: int = 0
    outside: Outside | None = None
    is_moved: bool = False
    typed: TypedPace | None = None

    def told_at(self, now: datetime) -> SendingPlan:
        """Return the plan with how long ago it was to begin."""
        late = (now - self.starts_at).total_seconds() if self.starts_at else 0.0
        return replace(self, late_s=max(late, 0.0))

    def reminding(self, later: Iterable[tuple[int, str, str]]) -> SendingPlan:
        """Return the plan with a date for each step: so many days after the last mail, what, and on which condition."""
        if self.ends_at is None:
            return self
        last = self.ends_at.date()
        found = tuple(Reminder(last + timedelta(days), what, condition) for days, what, condition in later)
        return replace(self, reminders=found)

    @property
    def serves(self) -> bool:
        """Whether it ends in time."""
        return self.deadline is None or self.deadline.is_met


class NoPlan(Struct, frozen=True):
    """There is nothing to plan, or nothing keeps every limit: which one, and why.

    `is_free` tells that no plan is needed because no limit is known.
    """

    name: str
    messages: int
    limit: Peak | None
    reason: str
    is_free: bool = False
    left_out: tuple[LeftOut, ...] = ()

    @property
    def serves(self) -> bool:
        """Whether nothing has to be planned."""
        return self.is_free
