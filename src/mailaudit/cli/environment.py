"""Environment variables that look like ours and are none: a misspelt one would silently change nothing."""

import difflib
import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from mailaudit.cli.streams import say

F = TypeVar("F", bound=Callable[..., Any])

PREFIX = "MAILAUDIT_"
# Read elsewhere than in the options of a command; keys of blocklists have names of their own below this prefix.
OTHERS = frozenset(
    {"MAILAUDIT_DEBUG", "MAILAUDIT_LANG", "MAILAUDIT_SUITES"}
    # What a program that is run by `capture` finds.
    | {f"MAILAUDIT_CAPTURE_{one}" for one in ("HOST", "PORT", "STARTTLS_PORT", "TLS_PORT")}
)
KEYS = "MAILAUDIT_LISTS_"


def option(*names: str, **more: Any) -> Callable[[F], F]:
    """Return a Click option that its variable sets as well: `--dns-server` and MAILAUDIT_DNS_SERVER."""
    long = next(name for name in names if name.startswith("--"))
    more.setdefault("envvar", PREFIX + long.removeprefix("--").partition("/")[0].upper().replace("-", "_"))
    return click.option(*names, **more)


def flag(*names: str, **more: Any) -> Callable[[F], F]:
    """Return such an option that takes no value."""
    return option(*names, is_flag=True, **more)


def file_option(*names: str, **more: Any) -> Callable[[F], F]:
    """Return such an option that takes the name of a file or a folder."""
    return option(*names, type=click.Path(path_type=Path), **more)


def joined(*added: Callable[[F], F]) -> Callable[[F], F]:
    """Return several options as one decorator; the last one stands first in --help."""

    def decorate(function: F) -> F:
        for add in added:
            function = add(function)
        return function

    return decorate


def tell_misspelt_variables() -> None:
    """Say which variables change nothing, with the one that was probably meant; commands are read only when there are any."""
    given = [name for name in os.environ if name.startswith(PREFIX)]
    if not given:
        return
    known = {*OTHERS, *_of_options()}
    for name in sorted(given):
        if name in known or name.startswith(KEYS):
            continue
        close = difflib.get_close_matches(
            name.removeprefix(PREFIX), [one.removeprefix(PREFIX) for one in known], n=1
        )
        meant = f"did you mean {PREFIX}{close[0]}?" if close else "every option of a command has one"
        say(f"mailaudit: {name}: no option has this variable; {meant}")


def _of_options() -> Iterator[str]:
    package = importlib.import_module("mailaudit.cli.commands")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        command = getattr(importlib.import_module(module.name), "command", None)
        for parameter in getattr(command, "params", ()):
            named = parameter.envvar
            yield from (named,) if isinstance(named, str) else named or ()
