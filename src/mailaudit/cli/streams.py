"""stdout carries the report and nothing else; stderr everything else."""

from __future__ import annotations

import os
import sys


def say(text: str) -> None:
    """Write a line to stderr, with whatever could steer a terminal made visible."""
    sys.stderr.write(inert(text) + "\n")


def write(text: str) -> None:
    """Write a report to stdout as UTF-8 where the stream allows; a closed pipe is no error."""
    try:
        sys.stdout.write(_encodable(text))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_stdout()


def close_stdout() -> None:
    """Flush stdout, so that the interpreter does not complain about a closed pipe later."""
    try:
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        _discard_stdout()


def inert(text: str) -> str:
    """Return the text with control and formatting characters escaped, but for line breaks."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def stdout_is_unicode() -> bool:
    """Say whether stdout can carry every character."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _discard_stdout() -> None:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
