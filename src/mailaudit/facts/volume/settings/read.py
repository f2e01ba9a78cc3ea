"""Finds the reader of a program's configuration, and reads it."""

import importlib
import pkgutil
from fractions import Fraction
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from mailaudit.errors import refused
from mailaudit.facts.volume.flow.pace import Pace
from mailaudit.facts.volume.settings import programs
from mailaudit.facts.volume.settings.model import ProgramSettings, Reader
from mailaudit.knowledge.names import plain
from mailaudit.knowledge.volume import find_limiter
from mailaudit.location import Location
from mailaudit.reach.bounded import read_bounded

MAX_BYTES = 1 << 20


@cache
def readers() -> tuple[Reader, ...]:
    """Return the reader of every program."""
    names = sorted(module.name for module in pkgutil.iter_modules(programs.__path__))
    return tuple(importlib.import_module(f"{programs.__name__}.{name}").READER for name in names)


def read_settings(path: Path, software: str | None) -> ProgramSettings:
    """Return what a file says of its program's pace; `software` is the campaign's word for the program.

    Raises `InputError` when the file cannot be read, is of no known program, or says nothing that can be understood.
    """
    where = Location(path.name)
    try:
        content = read_bounded(path, MAX_BYTES, f"sending.settings: {path.name}")
    except OSError as error:
        raise refused(f"sending.settings: cannot be read ({error.strerror or error})", where) from error
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    reader = _reader_of(text, software)
    if reader is None:
        known = ", ".join(one.program for one in readers())
        todo = f"name the configuration of one of {known}, or give the pace under schedule"
        raise refused("sending.settings: is of no program that is known", where, todo)
    try:
        settings = reader.read(text)
        pace = reader.pace(settings)
    except (ValueError, ZeroDivisionError, RecursionError) as error:
        what = f"sending.settings: cannot be read as a configuration of {reader.program}"
        raise refused(what, where, "give the pace under schedule instead") from error
    return ProgramSettings(reader, path.name, settings, pace, text)


def pace_of_settings(settings: ProgramSettings, processes: int, messages: int) -> Pace:
    """Return the true pace of so many processes; without one all messages leave at once."""
    if settings.pace is None:
        return Pace(Fraction(1), max(messages, 1))
    return replace(settings.pace, size=settings.pace.size * processes)


def _reader_of(text: str, software: str | None) -> Reader | None:
    """Return the reader of the program that the campaign names, else the first that recognises the text."""
    limiter = find_limiter(software) if software else None
    named = limiter.id if limiter else plain(software or "")
    ordered = sorted(readers(), key=lambda one: one.program != named)
    return next((one for one in ordered if one.recognises(text)), None)
