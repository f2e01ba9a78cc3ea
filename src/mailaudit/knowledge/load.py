"""The knowledge base as typed values: each file is read when it is first asked for, and only then.

A user's directory (`--knowledge DIR`) may hold files of the same names; an entry with a known `id` replaces ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mailaudit.errors import Complaint, InputError
from mailaudit.knowledge.model import MailboxService, Platform, Software
from mailaudit.knowledge.read import Fields, Malformed, located, open_file
from mailaudit.location import Location

if TYPE_CHECKING:
    from mailaudit.knowledge.blocklist_model import Blocklist, Standing
    from mailaudit.knowledge.provider_model import Provider

# Files that a user may have too, and whose reader stands beside this one.
_READ_ELSEWHERE = ("limiters.yml", "parking.yml")
FILES = ("platforms", "mailboxes", "software", "blocklists", "providers")
Directories = tuple[Path, ...]
_OWN = Path(__file__).parent
_directories: ContextVar[Directories] = ContextVar("knowledge directories", default=())
T = TypeVar("T")


@contextmanager
def with_user_knowledge(directory: Path | None) -> Iterator[None]:
    """Extend the knowledge base by a directory within the block; raises `InputError` when a file there is unusable."""
    if directory is None:
        yield
        return
    _examine(directory)
    token = _directories.set((*_directories.get(), directory))
    try:
        yield
    finally:
        _directories.reset(token)


def directories() -> Directories:
    """Return the user's directories that are in force, for those who keep an index of what they read."""
    return _directories.get()


def platforms() -> tuple[Platform, ...]:
    """Return every sending platform."""
    return _platforms(_directories.get())


def shared_selectors() -> frozenset[str]:
    """Return the DKIM selectors that several services use, which therefore prove nothing alone."""
    return _shared_selectors(_directories.get())


def mailbox_services() -> tuple[MailboxService, ...]:
    """Return every mailbox service with its sending limits."""
    return _mailboxes(_directories.get())


def software() -> Software:
    """Return the signatures of programs, and the shapes of reverse and HELO names."""
    return _software(_directories.get())


def standing() -> Standing:
    """Return the blocklists, the dead ones and the complaint channels."""
    return _standing(_directories.get())


def blocklists() -> tuple[Blocklist, ...]:
    """Return every list that is alive."""
    return standing().lists


def providers() -> tuple[Provider, ...]:
    """Return every mailbox provider with what it asks of senders."""
    return _providers(_directories.get())


@cache
def _platforms(extra: Directories) -> tuple[Platform, ...]:
    from mailaudit.knowledge.shape_platforms import platforms as shape  # noqa: PLC0415 - each file has its own types

    return _merged(_each("platforms", extra, shape))


@cache
def _shared_selectors(extra: Directories) -> frozenset[str]:
    from mailaudit.knowledge.shape_platforms import shared_selectors as shape  # noqa: PLC0415 - as above

    return frozenset().union(*_each("platforms", extra, shape))


@cache
def _mailboxes(extra: Directories) -> tuple[MailboxService, ...]:
    from mailaudit.knowledge.shape_mailboxes import mailboxes as shape  # noqa: PLC0415 - as above

    return _merged(_each("mailboxes", extra, shape))


@cache
def _software(extra: Directories) -> Software:
    from mailaudit.knowledge.shape_software import software as shape  # noqa: PLC0415 - as above

    read = _each("software", extra, shape)
    return Software(
        signatures=_merged([part.signatures for part in read]),
        reverse_patterns=_merged([part.reverse_patterns for part in read]),
        helo_patterns=_merged([part.helo_patterns for part in read]),
        lowering=read[0].lowering,
    )


@cache
def _standing(extra: Directories) -> Standing:
    from mailaudit.knowledge.blocklist_model import Standing  # noqa: PLC0415 - as above
    from mailaudit.knowledge.shape_lists import standing as shape  # noqa: PLC0415 - as above

    read = _each("blocklists", extra, shape)
    return Standing(
        lists=_merged([part.lists for part in read]),
        dead=tuple(item for part in read for item in part.dead),
        channels=_merged([part.channels for part in read]),
    )


@cache
def _providers(extra: Directories) -> tuple[Provider, ...]:
    from mailaudit.knowledge.shape_providers import providers as shape  # noqa: PLC0415 - as above

    return _merged(_each("providers", extra, shape))


def _each(name: str, extra: Directories, shape: Callable[[Fields], T]) -> list[T]:
    paths = [_OWN / f"{name}.yml", *(path for place in extra if (path := place / f"{name}.yml").is_file())]
    return [_shaped(path, shape) for path in paths]


def _shaped(path: Path, shape: Callable[[Fields], T]) -> T:
    try:
        return shape(open_file(path))
    except Malformed as error:
        place = located(path, error.path)
        raise InputError(Complaint(error.message, place, "see docs/knowledge.md for the format")) from None


def _merged(parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    found: dict[str, T] = {}
    for part in parts:
        found.update({str(item.id): item for item in part})  # type: ignore[attr-defined] # every entry has an id
    return tuple(found.values())


def _examine(directory: Path) -> None:
    if not directory.is_dir():
        raise InputError(
            Complaint("this is no directory", Location(str(directory)), "name the folder of your files")
        )
    known = {f"{name}.yml" for name in FILES}
    strange = sorted(path.name for path in directory.glob("*.y*ml") if path.name not in {*known, *_READ_ELSEWHERE})
    if strange:
        raise InputError(Complaint(
            f"{strange[0]} is not a file of the knowledge base", Location(str(directory / strange[0])),
            f"use one of {', '.join(sorted(known))}",
        ))  # fmt: skip
    extra = (*_directories.get(), directory)
    for read in (_platforms, _mailboxes, _software, _standing, _providers):
        read(extra)
