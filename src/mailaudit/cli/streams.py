"""stdout carries the report and nothing else; stderr everything else."""

import contextlib
import os
import sys
from pathlib import Path
from typing import TextIO

from mailaudit.errors import Complaint, refused, without_passwords
from mailaudit.language.spoken import Pasted, form, said
from mailaudit.reports.safe_text import for_runner, inert


def ensure_streams() -> None:
    """Replace a standard stream that the caller has closed by one that leads nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def say(text: str) -> None:
    """Write a line to stderr in the language that is spoken, with whatever could steer a terminal made visible.

    No password is told. Nothing is written if stderr takes nothing.
    """
    told = inert(without_passwords(said(text)))
    with contextlib.suppress(OSError):
        sys.stderr.write((for_runner(told) if on_runner() else told) + "\n")
        sys.stderr.flush()


def complain(complaint: Complaint, before: str = "mailaudit: ") -> None:
    """Write a line to stderr that says what makes an input unusable, and where; `before` where no place is known."""
    place = f"{complaint.where}: " if complaint.where else before
    key, colon, what = complaint.in_short.partition(": ")
    whole = said(complaint.in_short)
    # A key is no word, also where a language has the same one.
    is_keyed = bool(colon) and " " not in key and (whole == complaint.in_short or not whole.startswith(key))
    told = f"{key}{form('joint', colon)}{said(what)}" if is_keyed else whole
    todo = f"{form('joint', '; ')}{said(complaint.todo)}" if complaint.todo else ""
    say(Pasted(f"{place}{told}{todo}"))


def tell(*pieces: str) -> None:
    """Write to stdout what people read, in the language that is spoken."""
    write("".join(map(said, pieces)))


def write(text: str, *, speaks_to_runner: bool = False) -> None:
    """Write to stdout as UTF-8 where the stream allows, with nothing alive in it; a closed pipe is no error.

    In a CI job no line gives a command, but of what `speaks_to_runner` on purpose.
    Raises `InputError` when stdout takes nothing, such as a file on a full disk.
    """
    told = inert(text)
    if on_runner() and not speaks_to_runner:
        told = for_runner(told)
    try:
        sys.stdout.write(_encodable(told))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        what = f"the report cannot be written to stdout ({error.strerror or error})"
        raise refused(what, todo="free some room, or choose another place") from error


def close_streams() -> None:
    """Flush both streams, so that the interpreter does not complain about a closed pipe or a full disk later."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _discard(stream)


def on_runner() -> bool:
    """Say whether a CI job reads what is written."""
    return any(os.environ.get(name) for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION"))


def stdout_is_unicode() -> bool:
    """Say whether stdout can carry every character."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _discard(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)
