"""A knowledge file is examined as a whole: every mistake is told, each with its line."""

from datetime import date
from pathlib import Path
from typing import Any

from mailaudit.errors import Complaint, InputError
from mailaudit.knowledge.reading.entries import FACT_KEYS, FileFacts, as_day, typed, under
from mailaudit.knowledge.reading.entry_keys import described
from mailaudit.knowledge.reading.merge import merged
from mailaudit.knowledge.reading.yaml_file import YamlFile, octets_of, read_yaml
from mailaudit.knowledge.types.fact import Confidence, Entry, Provenance

_FORMAT = "see docs/knowledge.md for the format"
_MOST = 50
_SOME_DAY = date.min


def merged_with_user_file(file: type[Entry], ours: Any, path: Path) -> Any:
    """Return resolved data of ours with a user's file merged in; raises `InputError` with every mistake."""
    theirs = resolved_file(file, read_yaml(path, octets_of(path)), ours)
    return merged(file, ours, theirs)


def resolved_file(file: type[Entry], yaml: YamlFile, ours: Any = None) -> Any:
    """Return a file's data with the provenance of every fact; raises `InputError` with every mistake."""
    data = {key: value for key, value in yaml.data.items() if key not in {*FACT_KEYS, "sources"}}
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
    complaints = []
    day = as_day(yaml.data.get("date"))
    if day is None:
        written = yaml.data.get("date")
        what = "is missing: the day on which the facts were checked" if written is None else "is no day"
        complaints.append(Complaint(
            f"`date` {what}", yaml.where(("date",)),
            "write for example `date: 2026-11-23` at the top",
        ))  # fmt: skip
    table = yaml.data.get("sources") or {}
    if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
        complaints.append(Complaint("`sources` must map short names to texts", yaml.where(("sources",)), _FORMAT))
        table = {}
    confidence = yaml.data.get("confidence", Confidence.MEDIUM)
    if confidence not in set(Confidence):
        what = f"`confidence` must be {described(Confidence)}"
        complaints.append(Complaint(what, yaml.where(("confidence",)), _FORMAT))
        confidence = Confidence.LOW
    source = yaml.data.get("source", yaml.path.name)
    if not isinstance(source, str):
        complaints.append(Complaint("`source` must be a text", yaml.where(("source",)), _FORMAT))
    default = Provenance(table.get(str(source), str(source)), day or _SOME_DAY, Confidence(confidence))
    return FileFacts(default, table), complaints


def _keep_provenance(theirs: Any, ours: Any, default: Provenance) -> None:
    """Leave the source of an entry of ours alone where a user only adds to it."""
    for key, rows in theirs.items():
        known = {row.get("id") for row in _mappings(ours.get(key))} - {None}
        for row in _mappings(rows):
            if row.get("id") in known and row.get("provenance") is default:
                del row["provenance"]


def _mappings(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
