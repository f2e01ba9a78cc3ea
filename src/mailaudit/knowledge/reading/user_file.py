"""A knowledge file is examined as a whole: every mistake is told, each with its line."""

from datetime import date
from pathlib import Path
from typing import Any

from mailaudit.errors import Complaint, InputError
from mailaudit.knowledge.reading.entries import FileFacts, typed, under
from mailaudit.knowledge.reading.entry_keys import keys_of
from mailaudit.knowledge.reading.merge import merged
from mailaudit.knowledge.reading.yaml_file import YamlFile, octets_of, read_yaml
from mailaudit.knowledge.types.fact import Confidence, Entry, Provenance

_FORMAT = "see docs/knowledge.md for the format"
_MOST = 50


class FileHead(Entry, frozen=True):
    """What stands at the top of a file: the day on which its facts were checked, and short names of sources.

    `source` and `confidence` are those of facts that have none of their own.
    """

    date: date
    source: str | None = None
    confidence: Confidence = Confidence.MEDIUM
    sources: dict[str, str] | None = None


def merged_with_user_file(file: type[Entry], ours: Any, path: Path) -> Any:
    """Return resolved data of ours with a user's file merged in; raises `InputError` with every mistake."""
    theirs = resolved_file(file, read_yaml(path, octets_of(path)), ours)
    return merged(file, ours, theirs)


def resolved_file(file: type[Entry], yaml: YamlFile, ours: Any = None) -> Any:
    """Return a file's data with the provenance of every fact; raises `InputError` with every mistake."""
    data = {key: value for key, value in yaml.data.items() if key not in keys_of(FileHead)}
    facts, complaints = _file_facts(yaml)
    found = facts.mistakes(file, data, ours)
    complaints += [Complaint(what, yaml.where(steps), _FORMAT) for steps, what in found]
    # What is wrong with the form of a line makes of its content something else.
    told_lines = {mistake.where.line for mistake in yaml.mistakes if mistake.where}
    complaints = [
        *yaml.mistakes,
        *(one for one in complaints if one.where is None or one.where.line not in told_lines),
    ]
    if complaints:
        raise InputError(*complaints[:_MOST])
    theirs = facts.resolved(file, data)
    if ours:
        _keep_provenance(theirs, ours, facts.default)
    whole = merged(file, ours, theirs) if ours else theirs
    complaints = [
        Complaint(what, yaml.where(under((), key)), _FORMAT) for key, what in typed(file, whole).mistakes()
    ]
    if complaints:
        raise InputError(*complaints[:_MOST])
    return theirs


def _file_facts(yaml: YamlFile) -> tuple[FileFacts, list[Complaint]]:
    head = {key: value for key, value in yaml.data.items() if key in keys_of(FileHead)}
    unknown = FileFacts(Provenance("", date.min, Confidence.MEDIUM))
    complaints = [Complaint(what, yaml.where(way), _FORMAT) for way, what in unknown.mistakes(FileHead, head)]
    if complaints:
        return unknown, complaints
    told = typed(FileHead, unknown.resolved(FileHead, head))
    source, sources = told.source or yaml.path.name, told.sources or {}
    return FileFacts(Provenance(sources.get(source, source), told.date, told.confidence), sources), []


def _keep_provenance(theirs: Any, ours: Any, default: Provenance) -> None:
    """Leave the source of an entry of ours alone where a user only adds to it."""
    for key, rows in theirs.items():
        known = {row.get("id") for row in _mappings(ours.get(key))} - {None}
        for row in _mappings(rows):
            if row.get("id") in known and row.get("provenance") is default:
                del row["provenance"]


def _mappings(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
