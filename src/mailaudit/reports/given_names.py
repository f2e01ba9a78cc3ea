"""The names that people gave to what is theirs, which no language says otherwise."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from mailaudit.reports.document.types import Document

# Where the facts hold such names; a column without one is called by its number, and a limit of ours by its kind.
_PLACES = (
    ("recipients", "files", "column"),
    ("recipients", "columns", "column"),
    ("volume", "peaks", "name"),
    ("volume", "peaks", "crowded", "name"),
)
_OF_THE_READER = "the campaign file"


def given_names(told: Any) -> Iterator[str]:
    """Yield the names in a report, in the reports of a fleet, or of a plan."""
    if isinstance(told, Document):
        yield from filter(None, _of_report(told))
    elif hasattr(told, "reports"):
        for report in told.reports:
            yield from given_names(report)
    else:
        yield told.name


def _of_report(report: Document) -> Iterator[str]:
    yield report.campaign.name
    for file in (report.campaign.file, *(one.path for one in report.provenance.inputs)):
        yield from (file, PurePath(file).name)
    for family, *keys in _PLACES:
        yield from _at(getattr(report.facts, family), keys)
    for result in report.results:
        for finding in result.findings:
            yield from (one.value.rpartition(" from ")[0] for one in finding.evidence if one.label == "daily mail")
            if finding.suppressed:
                yield finding.suppressed.reason


def _at(value: Any, keys: list[str]) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _at(one, keys)
    elif isinstance(value, dict):
        if keys != ["name"] or value.get("limit_source", _OF_THE_READER) == _OF_THE_READER:
            yield from _at(value.get(keys[0]), keys[1:])
    elif isinstance(value, str) and not value.startswith("column "):
        yield value
