"""A budget of octets for what DNS answers over one fact: many answers that are huge in sum hurt as much as one."""

from collections.abc import Awaitable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from mailaudit.facts.dns.answer import Answer, Status

T = TypeVar("T")


@dataclass(slots=True)
class _Budget:
    octets: int
    spent: int = 0


_BUDGET: ContextVar[_Budget | None] = ContextVar("octets", default=None)


async def within_octets(octets: int, observing: Awaitable[T]) -> T:
    """Await what asks DNS; once answers of so many octets have come, what it asks further has no answer."""
    _BUDGET.set(_Budget(octets))
    return await observing


def spend(answer: Answer) -> None:
    """Count an answer against the budget of whoever asked."""
    budget = _BUDGET.get()
    if budget is not None:
        budget.spent += answer.size or 0


def overspent(name: str, rdtype: str) -> Answer | None:
    """Return what a question is answered with when its budget is spent: that nobody was asked, and why."""
    budget = _BUDGET.get()
    if budget is None or budget.spent <= budget.octets:
        return None
    detail = f"the answers over this fact are larger than {budget.octets / 2**20:g} MiB together"
    return Answer(name, rdtype, Status.REFUSED, source="mailaudit", detail=detail)
