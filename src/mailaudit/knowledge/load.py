"""The knowledge base as typed values: each file is read when it is first asked for, and only then.

A user's directory (`--knowledge DIR`) may hold files of the same names, whose entries are merged into ours.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, TypeVarTuple

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.knowledge.reading.compiled import own_data
from mailaudit.knowledge.reading.entries import typed
from mailaudit.knowledge.reading.user_file import merged_with_user_file
from mailaudit.knowledge.types.address import AddressesFile
from mailaudit.knowledge.types.blocklist import Blocklist, Standing
from mailaudit.knowledge.types.dns_host import DnsHostsFile
from mailaudit.knowledge.types.fact import Entry
from mailaudit.knowledge.types.link_host import LinksFile
from mailaudit.knowledge.types.list_columns import ListColumnsFile
from mailaudit.knowledge.types.mailbox import Hoster, HostersFile, MailboxesFile, MailboxService, ParkingFile
from mailaudit.knowledge.types.platform import OtherService, Platform, PlatformsFile
from mailaudit.knowledge.types.provider import Provider, ProvidersFile
from mailaudit.knowledge.types.software import SoftwareFile
from mailaudit.knowledge.types.volume import LimitersFile, LimitsFile
from mailaudit.location import Location

Directories = tuple[Path, ...]
OWN = Path(__file__).parent / "data"
FILES: dict[type[Entry], str] = {
    PlatformsFile: "platforms",
    MailboxesFile: "mailboxes",
    HostersFile: "hosters",
    DnsHostsFile: "dns_hosts",
    SoftwareFile: "software",
    Standing: "blocklists",
    ProvidersFile: "providers",
    ParkingFile: "parking",
    LinksFile: "links",
    ListColumnsFile: "list_columns",
    AddressesFile: "addresses",
    LimitersFile: "limiters",
    LimitsFile: "limits",
}
# The limits of this product rest on no user's word; the campaign file has a key for a user's own (`limits`).
OURS_ALONE = frozenset({LimitsFile})
_directories: ContextVar[Directories] = ContextVar("knowledge directories", default=())
F = TypeVar("F", bound=Entry)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
# The sender's room and the list's read at the same time, and msgspec crashes the process when two threads make the
# decoder of one type at once.
_READING = RLock()


@contextmanager
def with_user_knowledge(directory: Path | None) -> Iterator[None]:
    """Extend the knowledge base by a directory within the block; raises `InputError` with every mistake in its files."""
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


def kept(make: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
    """Keep what a function makes of the knowledge base, for each choice of the user's directories.

    Threads that ask at the same time wait for the first one.
    """
    making = RLock()

    @cache
    def made(_: Directories, told: tuple[*Ts]) -> T:
        return make(*told)

    @wraps(make)
    def found(*told: *Ts) -> T:
        with making:
            return made(_directories.get(), told)

    return found


def entries(file: type[F]) -> F:
    """Return one file of the knowledge base, a user's merged into ours."""
    with _READING:
        found: F = _entries(file, _directories.get())
    return found


def platforms() -> tuple[Platform, ...]:
    """Return every sending platform."""
    return entries(PlatformsFile).platforms


def shared_selectors() -> frozenset[str]:
    """Return the DKIM selectors that several services use, which therefore prove nothing alone."""
    return frozenset(entries(PlatformsFile).shared_selectors)


def bounce_labels() -> tuple[str, ...]:
    """Return the sub-domains under which bounce domains are usually set up."""
    return entries(PlatformsFile).bounce_labels


def other_services() -> tuple[OtherService, ...]:
    """Return the sending services of which only the name is known."""
    return entries(PlatformsFile).other_services


def mailbox_services() -> tuple[MailboxService, ...]:
    """Return every mailbox service with its sending limits."""
    return entries(MailboxesFile).mailboxes


def hosters() -> tuple[Hoster, ...]:
    """Return the companies on whose machines others run servers, and through whose gateways mail passes."""
    return entries(HostersFile).hosters


def software() -> SoftwareFile:
    """Return the programs, their signatures, and the shapes of reverse and HELO names."""
    return entries(SoftwareFile)


def standing() -> Standing:
    """Return the blocklists, the dead ones and the complaint channels."""
    return entries(Standing)


def blocklists() -> tuple[Blocklist, ...]:
    """Return every list that is alive."""
    return standing().lists


def providers() -> tuple[Provider, ...]:
    """Return every mailbox provider with what it asks of senders."""
    return entries(ProvidersFile).providers


@cache
def _entries(file: type[Entry], extra: Directories) -> Any:
    path = OWN / f"{FILES[file]}.yml"
    theirs = [one for place in extra if (one := place / path.name).is_file() and file not in OURS_ALONE]
    if not theirs:
        return own_data(file, path).typed()
    data = own_data(file, path).plain()
    for one in theirs:
        data = merged_with_user_file(file, data, one)
    return typed(file, data)


def _examine(directory: Path) -> None:
    if not directory.is_dir():
        raise refused("this is no directory", Location(str(directory)), "name the folder of your files")
    known = {f"{name}.yml": file for file, name in FILES.items() if file not in OURS_ALONE}
    complaints = [
        Complaint(
            f"{path.name} is not a file of the knowledge base", Location(str(path)),
            f"use one of {', '.join(sorted(known))}",
        )
        for path in sorted(directory.glob("*.y*ml")) if path.name not in known
    ]  # fmt: skip
    extra = (*_directories.get(), directory)
    for name, file in known.items():
        if (directory / name).is_file():
            try:
                _entries(file, extra)
            except InputError as error:
                complaints += error.complaints
    if complaints:
        raise InputError(*complaints)
