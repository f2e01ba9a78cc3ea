"""A campaign file is read whole, and everything that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from mailaudit.campaign.model import Campaign, MessagePlan, Recipients, Schedule
from mailaudit.campaign.values.paths import PathContext
from mailaudit.campaign.yaml.complaints import MAX_COMPLAINTS, complaints_of, conflict_complaint
from mailaudit.campaign.yaml.document import Document, compose_document
from mailaudit.campaign.yaml.file_text import read_file_text
from mailaudit.campaign.yaml.source import Source
from mailaudit.campaign.yaml.unusable import escaped
from mailaudit.errors import Complaint, InputError
from mailaudit.location import Location

_EXAMPLE = "write at least a line such as: from: ACME News <news@acme.example>"


def load_campaign(
    path: Path | str, *, recipients: tuple[Path, ...] | None = None, check_zones: bool = True
) -> tuple[Campaign, Source]:
    """Return the campaign that a file describes, and where each of its keys stands.

    `recipients` replaces the campaign's own lists, which are then not looked at; `check_zones` tells whether the
    campaign's zone files must be there. Raises `InputError` with one complaint for each problem, in line order.
    """
    file = Path(path)
    display = escaped(str(path)) or "."
    content = read_file_text(file, display)
    document = compose_document(content.text, display)
    source = Source(file.absolute(), display, content.sha256, document.places)
    data = _top_level(document, display)
    data.setdefault("name", None)
    if data["name"] is None:
        data["name"] = _default_name(source.path)
    unchecked = frozenset() if check_zones else frozenset({"zones"})
    if recipients is not None:
        _replace_lists(data, recipients)
    try:
        campaign = Campaign.model_validate(data, context=PathContext(source.path.parent, unchecked))
    except ValidationError as error:
        found = [*document.complaints, *complaints_of(error, Campaign, source), *_conflicts(data, source)]
    else:
        found = list(document.complaints)
        if not found:
            return campaign, source
    raise InputError(*_in_line_order(found))


def _top_level(document: Document, display: str) -> dict[str, object]:
    if document.data is None:
        raise InputError(Complaint("the file is empty or holds only comments", Location(display), _EXAMPLE))
    if not isinstance(document.data, dict):
        kind = "a list" if isinstance(document.data, list) else "a text"
        raise InputError(
            Complaint(f"the file holds {kind}, not keys with values", Location(display, 1, 1), _EXAMPLE)
        )
    return dict(document.data)


def _default_name(path: Path) -> str:
    name = path.parent.name.strip() or path.stem
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
