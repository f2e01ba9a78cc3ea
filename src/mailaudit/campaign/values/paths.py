"""Input files that a campaign names: relative to its folder, and there when they are to be read."""

import re
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Self

from msgspec import Struct
from pydantic import ValidationInfo

from mailaudit.campaign.values.types import STDIN, DatabaseUrl
from mailaudit.reach.yaml.unusable import Unusable, shown

_DATABASE = re.compile(r"(?:postgresql|postgres|duckdb|sqlite)://", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,30})://")
_MAX_PATH = 4096
_MAX_LISTED = 1000


class TextOf(str):  # noqa: SLOT000 - a text with slots cannot hold its folder
    """A text that was written in another file, whose folder its paths are relative to."""

    folder: Path

    def __new__(cls, text: str, folder: Path) -> Self:
        """Return the text with its folder."""
        made = super().__new__(cls, text)
        made.folder = folder
        return made


class PathContext(Struct, frozen=True):
    """What the written paths are relative to, and the field whose files are not looked at."""

    folder: Path
    unchecked: frozenset[str] = frozenset()


def parse_path(value: object, info: ValidationInfo) -> Path:
    """Return the absolute path of an input file; raises `Unusable` when there is no such file."""
    if isinstance(value, Path):
        return value.absolute()
    if not isinstance(value, str):
        raise Unusable("the name of a file is expected", "write for example recipients.csv")
    if not value.strip() or len(value) > _MAX_PATH or "\n" in value:
        raise Unusable(f"{shown(value)} is not the name of a file")
    if scheme := _SCHEME.match(value):
        raise Unusable(f"a {scheme[1]} address cannot be read here", "name a file")
    context = info.context if isinstance(info.context, PathContext) else None
    path = ((_folder(value, context) or Path()) / value).absolute()
    if context and info.field_name not in context.unchecked:
        _require_file(path, value)
    return path


def input_path(value: object, info: ValidationInfo) -> Path | DatabaseUrl:
    """Return the path of a recipient list, `STDIN` for `-`, or the URL of a database."""
    if isinstance(value, DatabaseUrl) or value == STDIN:
        return value
    if value == str(STDIN):
        return STDIN
    if isinstance(value, str) and _DATABASE.match(value):
        context = info.context if isinstance(info.context, PathContext) else None
        return DatabaseUrl(value, _folder(value, context))
    if isinstance(value, str) and (scheme := _SCHEME.match(value)):
        todo = "name a file, - for standard input, or a postgresql://, duckdb:// or sqlite:// database"
        raise Unusable(f"a {scheme[1]} address cannot be read", todo)
    return parse_path(value, info)


def _folder(value: str, context: PathContext | None) -> Path | None:
    return value.folder if isinstance(value, TextOf) else context.folder if context else None


def _require_file(path: Path, written: str) -> None:
    try:
        if path.is_dir():
            raise Unusable(f"{shown(written)} is a directory", "name a file in it")
        if path.exists():
            return
    except OSError as error:
        raise Unusable(f"{shown(written)} cannot be read: {error.strerror}") from None
    raise Unusable(
        f"there is no file {shown(written)}", _similar(path) or "paths are relative to the campaign file"
    )


def _similar(path: Path) -> str | None:
    try:
        # A link that leads nowhere has the very name that was given.
        names = [one.name for one in islice(path.parent.iterdir(), _MAX_LISTED) if one.name != path.name]
    except OSError:
        return None
    close = get_close_matches(path.name, names, n=1)
    return f"did you mean {shown(close[0])[1:-1]}?" if close else None
