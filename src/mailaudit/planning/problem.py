"""What is to be planned: the campaign with every limit that binds it, and the judge of every candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil

import numpy as np

from mailaudit.campaign.schedule import Schedule
from mailaudit.campaign.values.types import Address
from mailaudit.facts.recipients.model import RecipientFacts
from mailaudit.facts.volume.by_provider import NOT_A_PROVIDER, Sequenced, interleave, shuffle
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.flow.sending_hours import DAY, Opening
from mailaudit.facts.volume.flow.stream_math import Selection
from mailaudit.facts.volume.flow.streams import Flows, Party, Plan, flows_of
from mailaudit.facts.volume.limits import OF_A_PROVIDER, Applied, applied, applied_to_provider, rules_of
from mailaudit.facts.volume.mailing import Beside, Mailing
from mailaudit.facts.volume.model import Peak
from mailaudit.facts.volume.peaks import peak_of
from mailaudit.facts.volume.steady_rate import other_at_most
from mailaudit.facts.volume.windows.count import fullest
from mailaudit.facts.volume.windows.kinds import window_of
from mailaudit.knowledge.types.volume import WindowKind

# One part in forty of each limit stays free.
RESERVE = 40
# More other mail than this is not laid out for every candidate.
_MANY = 2_000_000
_LONGEST_DAY = 25 * 3600


@dataclass(frozen=True, slots=True)
class PlanningProblem:
    """What is to be planned: the campaign, its limits, and who gets the messages in which order.

    `limits` bind; `by_provider` are limits on one provider, each with the provider's index in `sequence`. `doubtful` are
    limits of low confidence, which do not bind.
    """

    plan: Plan
    limits: tuple[Applied, ...]
    by_provider: tuple[tuple[Applied, int], ...] = ()
    sequence: Sequenced | None = None
    doubtful: tuple[Applied, ...] = ()

    def project(self, flows: Flows) -> tuple[Peak, ...]:
        """Return the peaks of a schedule under the true limits."""
        own = [peak_of(limit, flows) for limit in self.limits]
        theirs = [peak_of(limit, flows, self._part(flows, index)) for limit, index in self.by_provider]
        return (*own, *theirs)

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

    def crowd(self) -> Flows:
        """Return the other mail around one day, for those who only need its pace."""
        return flows_of(self.plan, Pace(Fraction(DAY, max(self.plan.messages, 1))))

    def keeps(self, pace: Pace, crowd: Flows) -> bool:
        """Say whether a steady pace keeps every limit with the reserve left free.

        Where a bound says yes nothing is laid out; where there is so much other mail that laying it out takes long,
        the bound alone decides, which may say no too soon.
        """
        surely = all(_surely_keeps(limit, crowd, pace) for limit in self.limits)
        if surely and not self.by_provider:
            return True
        flows = flows_of(self.plan, pace, alone=surely)
        # No other mail counts for a provider, so that is asked first.
        if not all(_keeps(limit, flows, self._part(flows, index)) for limit, index in self.by_provider):
            return False
        return surely or (not is_heavy(flows) and all(_keeps(limit, flows) for limit in self.limits))

    def keeps_flows(self, flows: Flows) -> bool:
        """Say whether a schedule that is laid out keeps every limit with the reserve left free."""
        return all(_keeps(limit, flows) for limit in self.limits) and all(
            _keeps(limit, flows, self._part(flows, index)) for limit, index in self.by_provider
        )

    def _part(self, flows: Flows, index: int) -> Selection:
        return Selection(flows.campaign, np.flatnonzero(self.sequence == index))


def problem_of(
    mailing: Mailing,
    recipients: RecipientFacts,
    *,
    start: datetime | None = None,
    beside: Sequence[Beside] = (),
) -> PlanningProblem:
    """Gather what binds the campaign; limits of low confidence do not."""
    schedule = mailing.schedule or Schedule()
    if start is not None:
        schedule = schedule.model_copy(update={"start": start})
    known = list(rules_of(mailing))
    rules = [rule for rule in known if rule.confidence != "low"]
    reach = max([8 * DAY, *(rule.window_s for rule in rules)])
    plan = Plan(mailing, schedule, recipients.messages, reach, tuple(beside))
    sequence = _sequence(recipients, schedule.order)
    by_provider = [
        (applied_to_provider(rule, name, mailing), index)
        for rule in rules
        if rule.scope in OF_A_PROVIDER and sequence is not None
        for index, name in enumerate(recipients.provider_names)
        if name not in NOT_A_PROVIDER and rule.provider in {None, name} and np.any(sequence == index)
    ]
    limits = tuple(applied(rule, mailing) for rule in rules if rule.scope not in OF_A_PROVIDER)
    doubtful = tuple(
        applied(rule, mailing) for rule in known if rule.confidence == "low" and rule.scope not in OF_A_PROVIDER
    )
    return PlanningProblem(plan, limits, tuple(by_provider), sequence, doubtful)


def reserved(limit: Applied) -> Applied:
    """Return a limit with its reserve taken off: one part in forty, at least one message, where there is more than one."""
    rule = limit.rule
    spare = max(rule.max // RESERVE, 1) if rule.max > 1 else 0
    return replace(limit, rule=replace(rule, max=rule.max - spare))


def opening_of(plan: Plan) -> Opening:
    """Return when the campaign may be sent."""
    schedule = plan.schedule
    return Opening(
        schedule.hours, schedule.days, schedule.timezone or (schedule.start and schedule.start.tzinfo) or UTC
    )


def is_heavy(flows: Flows) -> bool:
    """Say whether there is so much other mail that laying it out again and again takes long."""
    return sum(other.stream.count for other in flows.others) > _MANY


def _keeps(limit: Applied, flows: Flows, part: Selection | None = None) -> bool:
    window = window_of(reserved(limit).rule, flows.clock, flows.first_tick, flows.last_tick)
    others = [other.stream for other in flows.others if limit.belongs(other.party)]
    found = fullest(window, flows.campaign if part is None else part, others)
    return not found.over and not found.over_other


def _surely_keeps(limit: Applied, crowd: Flows, pace: Pace) -> bool:
    """Say whether even the most that evenly spaced mail puts into a window keeps the limit."""
    rule = reserved(limit).rule
    window = _LONGEST_DAY if rule.kind is WindowKind.CALENDAR_DAY else rule.window_s
    lowest = rule.max // max([modifier.divide_by for modifier in rule.modifiers], default=1)
    return ceil(window / pace.step) * pace.size + other_at_most(limit, crowd, window) <= lowest


def _sequence(recipients: RecipientFacts, order: str) -> Sequenced | None:
    """Return each message's provider in sending order: the list's own, unless the sender may mix it."""
    listed = recipients.provider_sequence
    if listed is None or len(listed) != recipients.messages:
        return None
    return listed if order == "list" else shuffle(listed) if order == "shuffled" else interleave(listed)
