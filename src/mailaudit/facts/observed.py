"""A fact is either known, or unavailable with a reason; reading an unavailable one raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar, cast

from msgspec import Struct

T = TypeVar("T")


class CannotJudge(Exception):  # noqa: N818 - not an error: the honest answer of a check
    """A check cannot give a verdict; the subclass says which outcome that is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unavailable(CannotJudge):
    """The world did not answer (time-out, SERVFAIL, offline): the outcome is `unverified`."""


class NotGiven(CannotJudge):
    """The campaign does not give the input that a check needs: the outcome is `skipped`."""


class NotApplicable(CannotJudge):
    """The question does not arise for this campaign: the outcome is `not-applicable`."""


class Observed(Struct, Generic[T], frozen=True):
    """A value that was observed, or the reason why it could not be."""

    value: T | None
    unavailable: str | None = None

    @classmethod
    def known(cls, value: T) -> Observed[T]:
        """Wrap a value that the world answered (`None` is a legitimate value)."""
        return cls(value)

    @classmethod
    def unknown(cls, reason: str) -> Observed[T]:
        """Record why the value could not be observed."""
        return cls(None, reason)

    @classmethod
    def of(cls, read: Callable[[], T]) -> Observed[T]:
        """Wrap what a reading of other facts returns, or why those could not be observed."""
        try:
            return cls(read())
        except Unavailable as missing:
            return cls(None, missing.reason)

    @property
    def is_known(self) -> bool:
        """Whether `get` returns instead of raising."""
        return self.unavailable is None

    def get(self) -> T:
        """Return the value; raises `Unavailable` with the reason when it could not be observed."""
        if self.unavailable is not None:
            raise Unavailable(self.unavailable)
        return cast("T", self.value)


def those(items: Iterable[T], holds: Callable[[T], bool]) -> tuple[T, ...]:
    """Return the items for which something holds; raises `Unavailable` where it holds for none and is unknown for one."""
    found: list[T] = []
    failure: Unavailable | None = None
    for item in items:
        try:
            if holds(item):
                found.append(item)
        except Unavailable as missing:
            failure = failure or missing
    if failure and not found:
        raise failure
    return tuple(found)
