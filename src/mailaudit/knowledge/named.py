"""Tells what a word means by which somebody names what sends the mail: a platform, a mailbox service, a program, a hoster."""

import difflib
from collections.abc import Iterator

from mailaudit.knowledge import load
from mailaudit.knowledge.names import found_by_name, names_of, plain
from mailaudit.knowledge.types.mailbox import Hoster, MailboxService
from mailaudit.knowledge.types.platform import Platform
from mailaudit.knowledge.types.software import Program

Named = Platform | MailboxService | Program | Hoster


def named(text: str) -> Named | None:
    """Return what a word names; upper case, spaces and punctuation do not matter.

    Where one name is borne by several, the platform comes first, then the mailbox service, the program and the hoster.
    """
    return next(iter(all_named(text)), None)


def all_named(text: str) -> tuple[Named, ...]:
    """Return everything that bears a name, in that order."""
    return found_by_name(text, _index()) or ()


def meant(text: str) -> Named | None:
    """Return what the writer of a misspelt name may have meant."""
    names = _index()
    close = difflib.get_close_matches(plain(text)[:100], list(names), n=1, cutoff=0.8)
    return names[close[0]][0] if close else None


@load.kept
def _index() -> dict[str, tuple[Named, ...]]:
    found: dict[str, tuple[Named, ...]] = {}
    for thing in _things():
        for name in names_of(thing):
            found[name] = (*found.get(name, ()), thing)
    return found


def _things() -> Iterator[Named]:
    yield from load.platforms()
    yield from (
        one for one in load.mailbox_services() if one.kind not in {"plugin-preset", "panel", "shared-hosting"}
    )
    yield from load.software().programs
    yield from load.hosters()
