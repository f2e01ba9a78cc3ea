"""What is to be planned: the campaign with every limit that binds it, and the judge of every candidate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from math import ceil

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.types import Address, Hours
from mailaudit.errors import InputError
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.volume.by_provider import NOT_A_PROVIDER, Places, Sequenced, interleave, shuffle
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.sending_hours import DAY
from mailaudit.facts.volume.flow.stream_math import Selection
from mailaudit.facts.volume.flow.streams import Flows, Party, Plan, flows_of
from mailaudit.facts.volume.limits import (
    OF_A_PROVIDER,
    CampaignLimit,
    limit_of_campaign,
    limit_on_provider,
    reach_of,
    rules_of,
)
from mailaudit.facts.volume.mailing import Beside, Mailing
from mailaudit.facts.volume.model import Peak, usable
from mailaudit.facts.volume.own_time import waves_of
from mailaudit.facts.volume.peaks import peak_of, shaken, shaken_window
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.facts.volume.windows.count import fullest, keeps
from mailaudit.facts.volume.windows.kinds import window_of
from mailaudit.knowledge.types.volume import WindowKind

_LONGEST_DAY = 25 * 3600
_FIRST_S = 35 * DAY


class PlanningProblem(Struct, frozen=True):
    """What is to be planned: the campaign, its limits, and who gets the messages in which order.

    `limits` bind; `by_provider` are limits on one provider, each with the provider's index in `sequence`. `doubtful` and
    `doubtful_by_provider` are limits of low confidence, which do not bind. Limits on a provider that gets no more than one
    window may hold are left out. `places` tells where in `sequence` each provider's messages stand. With `robust` a schedule
    must also keep what leaves when messages come a little early or late, as well as evenly spaced mail would.
    """

    plan: Plan
    limits: tuple[CampaignLimit, ...]
    by_provider: tuple[tuple[CampaignLimit, int], ...] = ()
    sequence: Sequenced | None = None
    places: Places | None = None
    doubtful: tuple[CampaignLimit, ...] = ()
    doubtful_by_provider: tuple[tuple[CampaignLimit, int], ...] = ()
    robust: bool = True

    def pace(self, count: int, seconds: int) -> Pace:
        """Return the pace of `count` messages, evenly, in each `seconds`, from each of the schedule's processes."""
        return Pace(Fraction(seconds, count), self.plan.schedule.processes)

    def projected(self, flows: Flows) -> Iterator[Peak]:
        """Yield the peaks of a schedule under the true limits."""
        yield from (peak_of(limit, flows) for limit in self.limits)
        yield from (peak_of(limit, flows, self.part(flows, index)) for limit, index in self.by_provider)

    @property
    def gives_up(self) -> bool:
        """Whether it was eased."""
        return not self.robust or not all(limit.has_reserve for limit, _ in self.each)

    @property
    def each(self) -> list[tuple[CampaignLimit, int]]:
        """Every limit that binds, and how many of the messages it counts."""
        shares = [(limit, self.share(index)) for limit, index in self.by_provider]
        return [(limit, self.plan.messages) for limit in self.limits] + shares

    def eased(self) -> Iterator[PlanningProblem]:
        """Yield the problem, and then what may be given up when it has no solution: robustness, and the reserve."""
        bare = replace(
            self,
            limits=tuple(replace(limit, has_reserve=False) for limit in self.limits),
            by_provider=tuple((replace(limit, has_reserve=False), index) for limit, index in self.by_provider),
        )
        for problem in (self, bare):
            yield problem
            yield replace(problem, robust=False)

    def counted(self) -> PlanningProblem:
        """Return the same without the other mail that no limit counts: it changes no schedule."""

        def counts(address: Address | None) -> bool:
            party = Party.of(address)
            return any(limit.belongs(party) for limit in self.limits)

        mailing = self.plan.mailing
        other = tuple(one for one in mailing.other_mail if counts(one.from_.address if one.from_ else None))
        beside = tuple(one for one in self.plan.beside if counts(one.address))
        plan = replace(self.plan, mailing=replace(mailing, other_mail=other), beside=beside)
        return replace(self, plan=plan)

    def within(self, hours: Hours) -> PlanningProblem:
        """Return the same campaign in some hours of the day."""
        schedule = self.plan.schedule.model_copy(update={"hours": hours})
        return replace(self, plan=replace(self.plan, schedule=schedule))

    def crowd(self) -> Flows:
        """Return the other mail around one day, for those who only need its pace."""
        return flows_of(self.plan, Pace(Fraction(DAY, max(self.plan.messages, 1))))

    def keeps(self, pace: Pace, crowd: Flows) -> bool:
        """Say whether a steady pace keeps every limit with the reserve free; where a bound says yes nothing is laid out."""
        always = not self.plan.waves and self.plan.opening.always
        surely = always and all(_surely_keeps(limit, crowd, pace) for limit in self.limits)
        if surely and not self.by_provider:
            return True
        if not surely and not self._begins_well(pace):
            return False
        try:
            flows = flows_of(self.plan, pace, alone=surely)
        except InputError:  # it takes centuries
            return False
        # No other mail counts for a provider, so that is asked first.
        if not all(_keeps(limit, flows, self.part(flows, index)) for limit, index in self.by_provider):
            return False
        return surely or self._keeps_own(flows)

    def _begins_well(self, pace: Pace) -> bool:
        """Say whether the first weeks keep the limits: what breaks them in a plan of years mostly does so then."""
        few = int(_FIRST_S / pace.step + 1) * pace.size
        if self.plan.waves or few * 2 >= self.plan.messages:
            return True
        flows = flows_of(replace(self.plan, messages=few), pace)
        return all(_keeps(limit, flows) for limit in self.limits)

    def keeps_flows(self, flows: Flows) -> bool:
        """Say whether a schedule that is laid out keeps every limit with the reserve left free."""
        return self._keeps_own(flows) and all(
            _keeps(limit, flows, self.part(flows, index)) for limit, index in self.by_provider
        )

    def keeps_shaken(self, flows: Flows) -> bool:
        """Say whether a schedule keeps every limit also when each message comes a little early or late, nothing else free."""
        for limit in self.limits:
            if not keeps(shaken_window(limit, flows), flows.campaign, limit.others(flows)):
                return False
        return not any(
            peak_of(limit, flows, self.part(flows, index)).breached for limit, index in self.by_provider
        )

    def _keeps_own(self, flows: Flows) -> bool:
        return all(_keeps(limit, flows, robust=self.robust) for limit in self.limits)

    def part(self, flows: Flows, index: int) -> Selection:
        """Return the messages of one provider, in a schedule that sends in the order of `sequence`."""
        return Selection(flows.campaign, self.places.of(index) if self.places else np.array([], dtype=np.int64))

    def share(self, index: int) -> int:
        """Return how many messages one provider gets."""
        return self.places.count(index) if self.places else 0


def problem_of(
    mailing: Mailing,
    recipients: RecipientFacts,
    *,
    start: datetime | None = None,
    beside: Sequence[Beside] = (),
) -> PlanningProblem:
    """Gather what binds the campaign; limits of low confidence do not."""
    # A plan replaces the pace of the file, and the day's share with it.
    update = {"most_a_day": None} if start is None else {"most_a_day": None, "start": start}
    schedule = (mailing.schedule or Schedule()).model_copy(update=update)
    known = list(rules_of(mailing))
    waves = waves_of(schedule, recipients.zones)
    plan = Plan(mailing, schedule, recipients.messages, reach_of(known), tuple(beside), waves=waves)
    # In waves nobody knows who comes when, so that limits on providers cannot be planned for.
    sequence = None if waves else _sequence(recipients, schedule.order)
    places = Places(sequence) if sequence is not None else None

    def on_providers(*, doubtful: bool) -> tuple[tuple[CampaignLimit, int], ...]:
        return tuple(
            (limit, index)
            for rule in known
            if rule.scope in OF_A_PROVIDER and (rule.confidence == "low") is doubtful and places is not None
            for index, name in enumerate(recipients.provider_names)
            if name not in NOT_A_PROVIDER and rule.provider in {None, name}
            for limit in (limit_on_provider(rule, name, mailing),)
            if places.count(index) > reserved(limit).rule.max
        )

    general = [rule for rule in known if rule.scope not in OF_A_PROVIDER]
    return PlanningProblem(
        plan,
        limits=tuple(limit_of_campaign(rule, mailing) for rule in general if rule.confidence != "low"),
        by_provider=on_providers(doubtful=False),
        sequence=sequence,
        places=places,
        doubtful=tuple(limit_of_campaign(rule, mailing) for rule in general if rule.confidence == "low"),
        doubtful_by_provider=on_providers(doubtful=True),
    )


def reserved(limit: CampaignLimit) -> CampaignLimit:
    """Return a limit with its reserve taken off, below the level of a warning."""
    return replace(limit, rule=replace(limit.rule, max=usable(limit.rule))) if limit.has_reserve else limit


def _keeps(limit: CampaignLimit, flows: Flows, part: Selection | None = None, *, robust: bool = False) -> bool:
    window = window_of(reserved(limit).rule, flows.clock, flows.first_tick, flows.last_tick)
    others = limit.others(flows)
    if part is not None:
        return not fullest(window, part, others).over
    if not keeps(window, flows.campaign, others):
        return False
    if not robust or keeps(shaken_window(limit, flows), flows.campaign, others):
        return True
    return shaken(limit, flows, fullest(window, flows.campaign, others).peak)[1]


def lowest(limit: CampaignLimit) -> tuple[int, int]:
    """Return the longest window of a limit in seconds, and the fewest that it ever allows with the reserve left free."""
    rule = reserved(limit).rule
    window = _LONGEST_DAY if rule.kind is WindowKind.CALENDAR_DAY else rule.window_s
    return window, rule.max // max([modifier.divide_by for modifier in rule.modifiers], default=1)


def _surely_keeps(limit: CampaignLimit, crowd: Flows, pace: Pace) -> bool:
    """Say whether even the most that evenly spaced mail puts into a window keeps the limit."""
    window, most = lowest(limit)
    return ceil(window / pace.step) * pace.size + other_at_most(limit, crowd, window) <= most


def _sequence(recipients: RecipientFacts, order: str) -> Sequenced | None:
    """Return each message's provider in sending order: the list's own, unless the sender may mix it."""
    listed = recipients.provider_sequence
    if listed is None or len(listed) != recipients.messages:
        return None
    return listed if order == "list" else shuffle(listed) if order == "shuffled" else interleave(listed)
