"""Reads the folder of a capture, also of one that was killed: the lines that are whole count."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct

from mailaudit.errors import refused
from mailaudit.facts.capture.identity import read_key
from mailaudit.location import Location
from mailaudit.reach.bounded import read_bounded

VERSION = 1
ENVELOPES, SUMMARY, SAMPLES = "envelopes.jsonl", "capture.json", "samples"
_MOST_OCTETS = 8 << 30
MOST_SAMPLES = 20
# What of a message a sample may hold, in octets.
KEPT = 2 << 20
_MOST_SUMMARY = 1 << 20
# A thousand recipients, and all whom a header of 64 KiB can name, need less.
_LONGEST_LINE = 1 << 20
_ADVICE = "name the folder that `mailaudit capture` wrote"


Instant = Annotated[float, msgspec.Meta(ge=0, le=400_000_000)]


class Receiver(msgspec.Struct, frozen=True):
    """Whom a message was for: the provider, and the name of the person under the key of the capture."""

    provider: str
    id: str


class Line(msgspec.Struct, frozen=True):
    """One message, or one recipient that was refused; `at` and `began` are seconds since the capture began.

    `shows` has whom To, Cc and Bcc show where that is not the only recipient, `names` who else stands in the message.
    """

    at: Instant
    began: Instant
    connection: Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
    to: tuple[Receiver, ...]
    size: int
    reply: str
    port: str = "plain"
    tls: bool = False
    auth: str | None = None
    ehlo: str | None = None
    mail_from: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    from_id: str | None = None
    shows: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    message_id: str | None = None
    unsubscribe: str | None = None
    bare_line_ends: bool = False
    shape: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the message was taken."""
        return self.reply.startswith("2")


class Summary(msgspec.Struct, frozen=True):
    """How the capture began and ended; `ended_by` is missing when it was killed."""

    capture_version: int = VERSION
    started_at: str | None = None
    ended_by: str | None = None
    command_exit: int | None = None
    answer: str | None = None
    connections: int | None = None
    most_connections: int | None = None
    unfinished_messages: int = 0


class Capture(Struct, frozen=True):
    """A capture as it stands in its folder."""

    folder: Path
    key: bytes
    summary: Summary
    samples: tuple[Path, ...]

    def lines(self) -> Iterator[Line | None]:
        """Yield each line, nothing for one that cannot be read; raises `InputError` when the file cannot be."""
        return _lines(self.folder / ENVELOPES)


def sample_name(number: int) -> str:
    """Return the name of the file that holds the message of that number, counting those that were taken from 1."""
    return f"{number:08}.eml"


def read_capture(folder: Path) -> Capture:
    """Read a capture; raises `InputError` when the folder holds none."""
    if not folder.is_dir():
        raise refused("there is no such folder", Location(str(folder)), _ADVICE)
    key = read_key(folder)
    summary = _summary(folder / SUMMARY)
    if summary.capture_version != VERSION:
        what = f"capture_version {summary.capture_version} is unknown; this mailaudit reads version {VERSION}"
        raise refused(what, Location(str(folder / SUMMARY)), "use the mailaudit that captured")
    samples = [
        path for path in sorted((folder / SAMPLES).glob("*.eml")) if path.is_file() and not path.is_symlink()
    ]
    return Capture(folder, key, summary, tuple(samples[:MOST_SAMPLES]))


def _summary(path: Path) -> Summary:
    try:
        if not path.exists():
            return Summary()
        return msgspec.json.decode(read_bounded(path, _MOST_SUMMARY), type=Summary)
    except (OSError, msgspec.MsgspecError) as error:
        raise refused("this is not the summary of a capture", Location(str(path)), _ADVICE) from error


def _lines(path: Path) -> Iterator[Line | None]:
    decoder = msgspec.json.Decoder(Line)
    try:
        if not path.is_file() or path.stat().st_size > _MOST_OCTETS:
            raise refused("no plain file, or longer than any capture", Location(str(path)), _ADVICE)
        with path.open("rb") as file:
            for text in iter(partial(file.readline, _LONGEST_LINE), b""):
                try:
                    yield decoder.decode(text)
                except (msgspec.MsgspecError, ValueError):
                    yield None
    except OSError as error:
        what = f"the capture cannot be read ({error.strerror or error})"
        raise refused(what, Location(str(path)), _ADVICE) from error
