"""Every format of a report and of a plan: its name, its file suffixes and the function that renders it."""

import difflib
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any, cast

from msgspec import Struct

from mailaudit.errors import refused
from mailaudit.language.spoken import ENGLISH, is_asked_for, naming, speaking, spoken
from mailaudit.plugins import plugins
from mailaudit.reports.safe_text import for_runner, inert

_JSON = frozenset({"json", "sarif"})
# What programs read.
_DATA = _JSON | {"junit", "csv", "zone"}
ENTRY_POINT_GROUP = "mailaudit.formats"


class RenderOptions(Struct, frozen=True):
    """How a document is shown: columns, colour, characters beyond ASCII, verbosity (-1 quiet, 0, 1 …), in a CI job or not.

    `root` is the folder of the repository, `here` that of the job below it; both are empty without a repository.
    `progress` tells in a sentence what has been done since the last run. `language` is the one of the people who read it;
    without it, the one that is spoken.
    """

    width: int = 80
    color: bool = False
    unicode: bool = True
    verbosity: int = 0
    on_runner: bool = False
    root: str = ""
    here: str = ""
    progress: str = ""
    language: str | None = None


Renderer = Callable[[Any, RenderOptions], str]


class Format(Struct, frozen=True):
    """A format of what `of` names, `report`, `fleet` or `plan`.

    `renderer` is `module:function`, takes a `Document` or a plan beside the options, and is imported when it is first
    used. One that `speaks_to_runner` writes commands of a CI runner on purpose.
    """

    name: str
    suffixes: tuple[str, ...]
    renderer: str
    of: str = "report"
    speaks_to_runner: bool = False

    def render(self, told: Any, options: RenderOptions) -> str:
        """Return the report or the plan in this format, ending in a line break; nothing in it is alive."""
        module, _, function = self.renderer.partition(":")
        render = cast("Renderer", getattr(importlib.import_module(module), function))
        with (
            speaking(options.language or self._language()),
            naming(given(told)),
        ):
            return inert(render(told, options))

    def _language(self) -> str | None:
        """Return the language of data, which is English unless another one was asked for."""
        return ENGLISH if self.name in _DATA and not is_asked_for() else None

    def for_stdout(self, told: Any, options: RenderOptions) -> str:
        """Return the same for the log of a job, where no line may give a command that the format does not mean."""
        rendered = self.render(told, options)
        if self.speaks_to_runner or not options.on_runner:
            return rendered
        return for_runner(rendered, "\\u0023" if self.name in _JSON else "# ")


def given(told: Any) -> Iterable[str]:
    """Return the names that no language says; English says nothing otherwise."""
    if spoken() == ENGLISH:
        return ()
    from mailaudit.reports.given_names import given_names  # noqa: PLC0415 - English needs none of it

    return given_names(told)


def _own(name: str, *suffixes: str, speaks_to_runner: bool = False, **renderers: str) -> Iterator[Format]:
    for of, renderer in renderers.items():
        yield Format(name, suffixes, f"mailaudit.reports.{renderer}", of, speaks_to_runner)


# A line each: what it is called, its suffixes, and what renders a report, several campaigns and a plan in it.
_OWN = (
    *_own("terminal", ".txt", report="terminal:render", fleet="fleet.text:render", plan="plan.text:render"),
    *_own(
        "json", ".json", report="document.render:render", fleet="fleet.tables:as_json", plan="plan.document:render"
    ),
    *_own("html", ".html", ".htm", report="html:render", fleet="fleet.page:render"),
    *_own("sarif", ".sarif", ".sarif.json", report="sarif:render", fleet="fleet.joined:as_sarif"),
    *_own("junit", ".xml", report="junit:render", fleet="fleet.joined:as_junit"),
    *_own("github", report="github:render", fleet="fleet.joined:as_github", speaks_to_runner=True),
    *_own("zone", ".zone", report="zone:render", fleet="fleet.joined:as_zone"),
    *_own("markdown", ".md", ".markdown", report="markdown:render", fleet="fleet.tables:as_markdown"),
    *_own("csv", ".csv", report="table:render", fleet="fleet.tables:as_csv", plan="plan.table:render"),
    *_own("lines", ".lines", report="lines:render", fleet="fleet.joined:as_lines"),
    *_own("ics", ".ics", plan="plan.calendar:render"),
)


@cache
def formats(of: str = "report") -> Mapping[str, Format]:
    """Return every format by name: our own, then those of the entry-point group `mailaudit.formats`.

    A third party's entry point loads a `Format`.
    """
    known = {item.name: item for item in _OWN if item.of == of}
    for entry in plugins(ENTRY_POINT_GROUP):
        item = entry.load()
        if isinstance(item, Format) and item.of == of:
            known.setdefault(item.name, item)
    return known


def named(name: str, of: str = "report") -> Format:
    """Return a format by its name; raises `InputError` with the name that was probably meant."""
    known = formats(of)
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    todo = f"did you mean {close[0]}?" if close else f"the formats are {', '.join(known)}"
    raise refused(f"{name}: unknown format", todo=todo)


def by_suffix(file: str, of: str = "report") -> Format | None:
    """Return the format that a file name asks for, by its suffix; the longest suffix wins."""
    name = PurePath(file).name.lower()
    fitting = [
        (suffix, item) for item in formats(of).values() for suffix in item.suffixes if name.endswith(suffix)
    ]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None
