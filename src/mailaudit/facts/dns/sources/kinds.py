"""The kinds of DNS sources: each is a file of this folder with a function `open_source`, named by `NAME:WHAT`."""

import importlib
import pkgutil
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from mailaudit.errors import refused
from mailaudit.facts.dns import sources
from mailaudit.facts.dns.sources.servers import Server, parse_server
from mailaudit.facts.dns.sources.source import AnswerSource, OpenSource

LIVE = "live"


def kinds() -> tuple[str, ...]:
    """Return the name of every kind; imports them all."""
    return tuple(module.name for module in pkgutil.iter_modules(sources.__path__) if _opener(module.name))


def open_kind(name: str, given: Sequence[str | Path], timeout: float) -> AnswerSource:
    """Open a source of one kind on what was given for it; raises `InputError` when it cannot be used."""
    opener = _opener(name)
    if opener is None:
        raise refused(f"{name}: no kind of DNS source", todo=f"the kinds are {', '.join(kinds())}")
    return opener(given, timeout)


def open_servers(given: Sequence[str], timeout: float) -> AnswerSource:
    """Open what `--dns-server` names: addresses, or one other kind; raises `InputError`."""
    told = [_split(text) for text in given]
    names = tuple(dict.fromkeys(name for name, _ in told)) or (LIVE,)
    if len(names) > 1:
        what = f"DNS servers of several kinds: {', '.join(names)}"
        raise refused(what, todo="name servers of one kind")
    return open_kind(names[0], [what for _, what in told], timeout)


def named_servers(given: Iterable[str]) -> tuple[Server, ...]:
    """Return the servers among what `--dns-server` names: none where it names another kind; raises `InputError`."""
    return tuple(parse_server(what) for name, what in map(_split, given) if name == LIVE)


def _split(text: str) -> tuple[str, str]:
    name, colon, what = text.partition(":")
    return (name, what) if colon and name.isidentifier() and _opener(name) else (LIVE, text)


def _opener(name: str) -> OpenSource | None:
    module = f"{sources.__name__}.{name}"
    if find_spec(module) is None:
        return None
    return cast("OpenSource | None", getattr(importlib.import_module(module), "open_source", None))
