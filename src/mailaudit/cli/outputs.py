"""Where reports go: `-o [FORMAT=]FILE`, written atomically, never over an input."""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.reach.written import write_whole
from mailaudit.reports.formats import Format, RenderOptions, by_suffix, formats, named

OnProgress: TypeAlias = Callable[[str, int, int | None], None]


class Output(Struct, frozen=True):
    """A file to write and its format."""

    path: Path
    format: Format


def parse_outputs(values: Iterable[str], inputs: Iterable[Path] = (), of: str = "report") -> tuple[Output, ...]:
    """Return the outputs; raises `InputError` for an unknown format, a missing folder or an input file."""
    taken = set(inputs)
    outputs: list[Output] = []
    complaints: list[Complaint] = []
    for value in values:
        try:
            output = _parse(value, of)
            check_target("--output", output.path, taken)
        except InputError as error:
            complaints.extend(error.complaints)
        else:
            taken.add(output.path)
            outputs.append(output)
    if complaints:
        raise InputError(*complaints)
    return tuple(outputs)


def write_outputs(outputs: Iterable[Output], told: Any, look: RenderOptions, progress: OnProgress | None) -> None:
    """Write the report, or the summary of several, to every file; raises `InputError` when a place cannot be written."""
    for output in outputs:
        if progress is not None:
            progress(f"Writing {output.path.name}", 0, None)
        write_atomically(output.path, output.format.render(told, look))


def write_atomically(path: Path, text: str) -> None:
    """Write a whole file or nothing; raises `InputError` when the place cannot be written."""
    try:
        write_whole(path, text)
    except OSError as error:
        todo = "choose another place or free some room"
        raise refused(f"{path}: cannot be written ({error.strerror or error})", todo=todo) from error


def _parse(value: str, of: str) -> Output:
    prefix, equals, file = value.partition("=")
    if equals and file and re.fullmatch(r"[a-z][a-z0-9_-]*", prefix):
        return Output(Path(file), named(prefix, of))
    chosen = by_suffix(value, of)
    if chosen is None:
        suffixes = ", ".join(suffix for item in formats(of).values() for suffix in item.suffixes)
        todo = f"use a suffix ({suffixes}) or write FORMAT={value}"
        raise refused(f"--output {value}: the format cannot be told from the file name", todo=todo)
    return Output(Path(value), chosen)


def check_target(option: str, path: Path, taken: Iterable[Path]) -> None:
    """Raise `InputError` for a place that cannot be written, or a file that the audit reads or already writes."""
    try:
        is_folder = path.is_dir()
    except OSError as error:  # such as a name that is too long
        what = f"{option} {path}: cannot be written ({error.strerror})"
        raise refused(what, todo="choose another file name") from error
    if is_folder:
        raise refused(f"{option} {path}: is a folder", todo="name a file in it")
    if not path.parent.is_dir():
        raise refused(f"{option} {path}: the folder {path.parent} does not exist", todo="create it first")
    # realpath, unlike resolve(), does not fail on links that lead in a circle
    if os.path.realpath(path) in {os.path.realpath(other) for other in taken}:
        what = f"{option} {path}: is an input file, or named twice"
        raise refused(what, todo="choose another file name")
