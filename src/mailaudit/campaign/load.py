"""A campaign file is read whole, and everything that is wrong with it is said at once."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from pydantic import ValidationError

from mailaudit.campaign.extends import KEY, with_shared
from mailaudit.campaign.model import Campaign, MessagePlan, Recipients, Schedule
from mailaudit.campaign.of_domain import Domain, read_domain
from mailaudit.campaign.section import Part
from mailaudit.campaign.values.paths import PathContext
from mailaudit.campaign.yaml.complaints import MAX_COMPLAINTS, complaints_of, conflict_complaint
from mailaudit.campaign.yaml.file_text import read_file_text
from mailaudit.campaign.yaml.source import Source
from mailaudit.errors import Complaint, InputError, refused
from mailaudit.location import Location
from mailaudit.reach.yaml.document import Document, compose_document
from mailaudit.reach.yaml.unusable import escaped

P = TypeVar("P", bound=Part)
_EXAMPLE = "write at least a line such as: from: ACME News <news@acme.example>"


def load_campaign(
    path: Path | str | Domain,
    *,
    recipients: tuple[Path, ...] | None = None,
    check_zones: bool = True,
    changes: Iterable[str] = (),
    confined: bool = False,
) -> tuple[Campaign, Source]:
    """Return the campaign that a file describes, and where each of its keys stands.

    `recipients` replaces the campaign's own lists, which are then not looked at; `check_zones` tells whether the
    campaign's zone files must be there; `changes` are settings such as `schedule.rate=40/h`. Raises `InputError` with one
    complaint for each problem, in line order. `-` is standard input. `confined` forbids to extend a file outside the
    campaign's folder.
    """
    document, source = read_domain(path) if isinstance(path, Domain) else _read(Path(path))
    data, source = with_shared(_top_level(document, source.display), source, _read, confined=confined)
    for setting in changes:
        source = _changed(data, setting, source)
    data.setdefault("name", None)
    if data["name"] is None:
        data["name"] = _default_name(source.path)
    if recipients is not None:
        _replace_lists(data, recipients)
    unchecked = frozenset() if check_zones else frozenset({"zones"})
    campaign = _validated(Campaign, data, document, source, PathContext(source.path.parent, unchecked))
    return campaign, replace(source, given=frozenset())  # a report tells the file's places


def load_part(path: Path, model: type[P]) -> tuple[P, Source]:
    """Return another file of the same language as one part; raises `InputError` as `load_campaign` does."""
    document, source = _read(path)
    data = {} if document.data is None else _top_level(document, source.display)
    return _validated(model, data, document, source, PathContext(source.path.parent)), source


def _read(file: Path, shown: str = "") -> tuple[Document, Source]:
    display = escaped(shown or str(file)) or "."
    content = read_file_text(file, display)
    document = compose_document(content.text, display)
    return document, Source(file.absolute(), display, content.sha256, document.places)


def _validated(
    model: type[P], data: dict[str, object], document: Document, source: Source, context: PathContext
) -> P:
    try:
        part = model.model_validate(data, context=context)
    except ValidationError as error:
        found = [*document.complaints, *complaints_of(error, model, source), *_conflicts(data, source)]
    else:
        found = list(document.complaints)
        if not found:
            return part
    raise InputError(*_in_line_order(found))


def _changed(data: dict[str, object], setting: str, source: Source) -> Source:
    """Put one key of the file to another value, `sending.ips=[192.0.2.1]`; raises `InputError`."""
    path, equals, text = setting.partition("=")
    if path == KEY:
        raise refused(f"--set {escaped(setting)}: only the file itself extends another", todo="write it there")
    *parents, last = path.split(".")
    here: object = data
    for name in parents:
        here = here.setdefault(name, {}) if isinstance(here, dict) else None
    if not equals or not last or not isinstance(here, dict):
        what = f"--set {escaped(setting)}: names no key of the campaign file"
        raise refused(what, todo="write --set schedule.rate=40/h")
    here[last] = compose_document(text, f"--set {escaped(path)}").data
    places = {path: (1, 1), **source.places} if source.places else source.places
    return replace(source, places=places, given=source.given | {escaped(path)})


def _top_level(document: Document, display: str) -> dict[str, object]:
    if document.data is None:
        raise refused("the file is empty or holds only comments", Location(display), _EXAMPLE)
    if not isinstance(document.data, dict):
        kind = "a list" if isinstance(document.data, list) else "a text"
        raise refused(f"the file holds {kind}, not keys with values", Location(display, 1, 1), _EXAMPLE)
    return dict(document.data)


def _default_name(path: Path) -> str:
    name = Path(os.path.normpath(path)).parent.name.strip() or path.stem
    return "".join(char if char.isprintable() else "?" for char in name)


def _replace_lists(data: dict[str, object], recipients: tuple[Path, ...]) -> None:
    section = data.get("recipients") or {}
    if isinstance(section, dict):
        # A table, a query and an engine belong to the list that is replaced.
        kept = {key: value for key, value in section.items() if key not in {"table", "query", "engine"}}
        data["recipients"] = {**kept, "files": recipients}


def _conflicts(data: dict[str, object], source: Source) -> Iterator[Complaint]:
    for key, part in (("recipients", Recipients), ("schedule", Schedule), ("message", MessagePlan)):
        section = data.get(key)
        if isinstance(section, dict):
            given = {name: value for name, value in section.items() if value is not None}
            for conflict in part.conflicts(given):
                yield conflict_complaint(conflict, key, source)


def _in_line_order(found: list[Complaint]) -> list[Complaint]:
    ordered = sorted(dict.fromkeys(found), key=_place)
    if len(ordered) <= MAX_COMPLAINTS:
        return ordered
    todo = "put these right first"
    return [
        *ordered[:MAX_COMPLAINTS],
        Complaint("more problems from here on", ordered[MAX_COMPLAINTS].where, todo),
    ]


def _place(complaint: Complaint) -> tuple[int, int]:
    where = complaint.where
    return (where.line or 0, where.column or 0) if where else (0, 0)
