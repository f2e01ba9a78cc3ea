"""A fact that fails in a way that nobody foresaw: its own checks crash, and everything else is told."""

import asyncio
from collections.abc import Awaitable
from typing import Any, NoReturn, TypeVar, cast

from mailaudit.errors import InputError, described
from mailaudit.facts.observed import Unavailable

T = TypeVar("T")


class FactCrashed(Exception):  # noqa: N818 - says so already
    """A fact is not known because the program failed over it: the outcome is `crashed`."""


class Missing:
    """Stands for a fact that is not known; whatever is read of it raises why: `FactCrashed` or `Unavailable`."""

    def __init__(self, why: FactCrashed | Unavailable) -> None:
        object.__setattr__(self, "_why", why)

    def __getattr__(self, name: str) -> NoReturn:
        """Raise why the fact is not known."""
        raise reason_of(self)

    def __iter__(self) -> NoReturn:
        """Raise the same; Python does not look these up as attributes."""
        raise reason_of(self)

    __len__ = __bool__ = __iter__

    def __getitem__(self, key: object) -> NoReturn:
        """Raise the same."""
        raise reason_of(self)


def reason_of(missing: Missing) -> FactCrashed | Unavailable:
    """Return why a fact is not known."""
    why: FactCrashed | Unavailable = object.__getattribute__(missing, "_why")
    return type(why)(str(why))


async def kept_apart(fact: str, observing: Awaitable[T], seconds: float | None = None) -> T:
    """Return a fact, or what stands for it when observing it fails unforeseen or takes too long; input errors pass."""
    try:
        async with asyncio.timeout(seconds) as budget:
            return await observing
    except InputError:
        raise
    except (FactCrashed, Unavailable) as other:
        return cast("T", Missing(other))
    except Exception as error:  # noqa: BLE001 - whatever goes wrong over one fact, the others are told
        if budget.expired():
            return cast("T", Missing(Unavailable(f"looking at the {fact} took longer than {seconds:g} seconds")))
        return cast("T", Missing(FactCrashed(f"internal error over the {fact}: {described(error)}")))


async def isolated(fact: str, observing: Awaitable[T], crashed: dict[str, str]) -> T | None:
    """Return a fact, or nothing when observing it fails unforeseen, which `crashed` then tells; input errors pass."""
    found = await kept_apart(fact, observing)
    if isinstance(found, Missing):
        crashed[fact] = str(reason_of(found))
        return None
    return found


def within(fact: Any, *names: str) -> Any:
    """Return an attribute of an attribute of a fact; whatever lies within one that is missing is missing too."""
    for name in names:
        if isinstance(fact, Missing):
            break
        fact = getattr(fact, name)
    return fact


def stand_in(fact: str, crashed: dict[str, str]) -> Any:
    """Return what stands for a fact that must be there and failed."""
    return Missing(FactCrashed(crashed[fact]))
