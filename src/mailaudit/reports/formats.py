"""Every report format: its name, its file suffixes and the function that renders a document."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from mailaudit.reports.document.types import Document

ENTRY_POINT_GROUP = "mailaudit.formats"


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a document is shown: columns, colour, characters beyond ASCII, verbosity (-1 quiet, 0, 1 …)."""

    width: int = 80
    color: bool = False
    unicode: bool = True
    verbosity: int = 0


Renderer = Callable[["Document", RenderOptions], str]


@dataclass(frozen=True, slots=True)
class Format:
    """A report format; `renderer` is `module:function` and is imported when it is first used."""

    name: str
    suffixes: tuple[str, ...]
    renderer: str

    def render(self, document: Document, options: RenderOptions) -> str:
        """Return the document in this format, ending in a line break."""
        module, _, function = self.renderer.partition(":")
        return cast("Renderer", getattr(importlib.import_module(module), function))(document, options)


_OWN = (
    Format("terminal", (".txt",), "mailaudit.reports.terminal:render"),
    Format("json", (".json",), "mailaudit.reports.document.render:render"),
    Format("html", (".html", ".htm"), "mailaudit.reports.html:render"),
    Format("sarif", (".sarif", ".sarif.json"), "mailaudit.reports.sarif:render"),
    Format("junit", (".xml",), "mailaudit.reports.junit:render"),
    Format("github", (), "mailaudit.reports.github:render"),
    Format("zone", (".zone",), "mailaudit.reports.zone:render"),
    Format("markdown", (".md", ".markdown"), "mailaudit.reports.markdown:render"),
)


@cache
def formats() -> Mapping[str, Format]:
    """Return every format by name: our own, then those of the entry-point group `mailaudit.formats`.

    A third party's entry point loads a `Format`.
    """
    known = {item.name: item for item in _OWN}
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda e: e.name):
        item = entry.load()
        if isinstance(item, Format):
            known.setdefault(item.name, item)
    return known


def by_suffix(file: str) -> Format | None:
    """Return the format that a file name asks for, by its suffix; the longest suffix wins."""
    name = PurePath(file).name.lower()
    fitting = [(suffix, item) for item in formats().values() for suffix in item.suffixes if name.endswith(suffix)]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else None
