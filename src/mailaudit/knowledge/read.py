"""Reads knowledge files and says, for a user's file, on which line an entry is malformed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from mailaudit.errors import Complaint, InputError
from mailaudit.knowledge.fields import Fields, Malformed, Sources, Step, as_day
from mailaudit.knowledge.model import Confidence, Provenance
from mailaudit.location import Location

__all__ = ["Fields", "Malformed", "compiled", "located", "open_file"]

_OWN = Path(__file__).parent
COMPILED = "compiled"
MAX_BYTES = 4_000_000


def open_file(path: Path) -> Fields:
    """Return the top of a knowledge file; raises `InputError` when it cannot be read or parsed."""
    octets = _read(path)
    data = compiled(path, octets)
    if data is None:
        data = _parsed(path, octets)
    day = as_day(data.get("date"))
    if day is None:
        raise InputError(Complaint(
            "`date` is missing: the day on which the facts were gathered", Location(str(path), 1),
            "write for example `date: 2026-11-23` at the top",
        ))  # fmt: skip
    table = data.get("sources") or {}
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        raise InputError(Complaint("`sources` must map short names to texts", located(path, ("sources",))))
    fields = Fields(
        data, (), Sources(table, Provenance(path.name, day, Confidence.HIGH), is_ours=path.parent == _OWN)
    )
    fields.raw("date"), fields.raw("sources")
    return fields


def compiled(path: Path, octets: bytes) -> dict[str, Any] | None:
    """Return what `compile.py` made of exactly these octets, which reads ten times faster; nothing when it did not."""
    if path.parent != _OWN:
        return None
    try:
        saved = json.loads((_OWN / COMPILED / f"{path.stem}.json").read_bytes())
    except (OSError, ValueError):
        return None
    data: dict[str, Any] = saved["data"]
    return data if saved["sha256"] == hashlib.sha256(octets).hexdigest() else None


def _parsed(path: Path, octets: bytes) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - our own files are compiled, so most runs need no YAML here

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(octets.decode("utf-8"), Loader=loader)  # noqa: S506 - the loader is the safe one
    except UnicodeDecodeError:
        raise InputError(
            Complaint("this file is not UTF-8 text", Location(str(path)), "save it as UTF-8")
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = Location(str(path), mark.line + 1 if mark else None, mark.column + 1 if mark else None)
        raise InputError(Complaint(f"this is not YAML: {error.problem}", where, "correct the line")) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(
            Complaint(f"this is not YAML: {error}", Location(str(path)), "correct the file")
        ) from None
    if not isinstance(data, dict):
        raise InputError(Complaint("this file holds no mapping of keys to values", Location(str(path), 1)))
    return data


def _read(path: Path) -> bytes:
    try:
        octets = path.read_bytes()
    except OSError as error:
        raise InputError(Complaint(f"cannot be read: {error.strerror}", Location(str(path)))) from None
    if len(octets) > MAX_BYTES:
        raise InputError(Complaint("this knowledge file is larger than 4 MB", Location(str(path))))
    return octets


def located(path: Path, steps: tuple[Step, ...]) -> Location:
    """Return the line of an entry, or of its nearest parent that is written in the file."""
    import yaml  # noqa: PLC0415 - only for complaints

    node: Any = yaml.compose(_read(path).decode("utf-8"), Loader=yaml.SafeLoader)
    mark = node.start_mark
    for step in steps:
        child = _child(node, step)
        if child is None:
            break
        node, mark = child
    return Location(str(path), mark.line + 1, mark.column + 1)


def _child(node: Any, step: Step) -> tuple[Any, Any] | None:
    if node.id == "mapping":
        return next(((value, key.start_mark) for key, value in node.value if key.value == str(step)), None)
    if node.id == "sequence" and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark
    return None
