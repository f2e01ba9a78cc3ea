"""The report as JSON text, and back."""

import json
import re
from typing import Any

import msgspec
from pydantic import ValidationError

from mailaudit.errors import Complaint, InputError, refused
from mailaudit.language.spoken import is_asked_for, said
from mailaudit.location import Location
from mailaudit.reports.document.schema import report_schema
from mailaudit.reports.document.types import SCHEMA_VERSION, Document
from mailaudit.reports.formats import RenderOptions

__all__ = ["dumps", "loads", "render", "report_schema"]

# Valid in JSON as they are, but alive in a terminal or in an editor, or half a character: written as escapes instead.
_LIVELY = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
# The keys whose values are sentences.
_SENTENCES = frozenset(
    (
        "message",
        "steps",
        "reason",
        "title",
        "why",
        "condition",
        "passed_message",
        "panel",
        "forward",
        "label",
        "notes",
        "text",
    )
)
_ADVICE = "give a file that `mailaudit check -o report.json` wrote"


def dumps(document: Document) -> str:
    """Return the report as JSON: keys in the order of the contract, two blanks of indentation, a final newline."""
    # With an indentation, json writes in Python what it otherwise writes in C.
    content = document.model_dump(mode="json")
    text = json.dumps(_said(content) if is_asked_for() else content, ensure_ascii=False, allow_nan=False)
    # What a saved report holds may be half a character.
    octets = msgspec.json.format(text.encode("utf-8", "surrogatepass"), indent=2)
    lively = octets.decode("utf-8", "surrogatepass")
    return _LIVELY.sub(lambda match: f"\\u{ord(match.group()):04x}", lively) + "\n"


def _said(content: Any, key: str = "") -> Any:
    """Return a part of a report whose sentences are in the language that is spoken: no key, name or enumeration."""
    if isinstance(content, dict):
        told = "text" if "label" in content else ""
        return {name: _said(value, told if name == "value" else name) for name, value in content.items()}
    if isinstance(content, list):
        return [_said(value, key) for value in content]
    return said(content) if isinstance(content, str) and key in _SENTENCES else content


def render(document: Document, options: RenderOptions) -> str:
    """Return the report as JSON; the options change nothing."""
    del options
    return dumps(document)


def loads(text: str, path: str = "report") -> Document:
    """Read a saved report; raises `InputError` that names the file when it is no report of schema version 1."""
    reports, rows = loads_saved(text, path)
    if rows is not None:
        raise refused(
            "this is the report of several campaigns", Location(path), "give a file with one of its `reports`"
        )
    return reports[0]


def loads_each(text: str, path: str = "report") -> tuple[Document, ...]:
    """Read a saved report of one campaign or of several; raises `InputError` as `loads` does."""
    return loads_saved(text, path)[0]


def loads_saved(text: str, path: str = "report") -> tuple[tuple[Document, ...], list[Any] | None]:
    """Read a saved report: its documents, and of several campaigns the rows of the summary; raises `InputError`."""
    content = _parsed(text, path)
    many = content.get("reports") if isinstance(content, dict) else None
    if not isinstance(many, list):
        return (_document(content, path),), None
    rows = content.get("campaigns")
    return tuple(_document(one, path) for one in many), rows if isinstance(rows, list) else []


def _parsed(text: str, path: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] == "<":
            what = "this is a page for people, not the JSON report"
            raise refused(what, Location(path), _ADVICE) from error
        where = Location(path, error.lineno, error.colno)
        raise refused(f"this is not JSON: {error.msg}", where, _ADVICE) from error
    except (ValueError, RecursionError) as error:
        raise refused("this is not a JSON report of mailaudit", Location(path), _ADVICE) from error


def _document(content: Any, path: str) -> Document:
    _expect_version(content, path)
    try:
        return Document.model_validate(content)
    except ValidationError as error:
        raise InputError(*_complaints(error, path)) from error


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _expect_version(content: Any, path: str) -> None:
    if not isinstance(content, dict) or "schema_version" not in content:
        raise refused("this is not a JSON report of mailaudit", Location(path), _ADVICE)
    version = content["schema_version"]
    if type(version) is not int or version != SCHEMA_VERSION:
        what = (
            f"schema_version {json.dumps(version)[:40]} is unknown; this mailaudit reads version {SCHEMA_VERSION}"
        )
        raise refused(what, Location(path), "use the mailaudit that wrote the report")


def _complaints(error: ValidationError, path: str) -> list[Complaint]:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    shown = [
        Complaint(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}", Location(path))
        for detail in details[:10]
    ]
    if len(details) > len(shown):
        shown.append(Complaint(f"and {len(details) - len(shown)} more such problems", Location(path), _ADVICE))
    return shown
