"""Bounces and complaints as Amazon SES tells them, one by one or many, bare or inside what SNS, SQS and Lambda put around.

Each recipient of a notification is a row; what else is told of him, and of the bounce, are its columns.
Sources: "Amazon SNS notification contents for Amazon SES" and "Examples of event data that Amazon SES publishes" (Amazon SES
Developer Guide); "Parsing message formats" (Amazon SNS Developer Guide).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mailaudit.facts.recipients.reading.formats.json_document import Document
from mailaudit.facts.recipients.reading.list_format import ListFormat, beginning
from mailaudit.facts.recipients.reading.source import Entry, opens_objects
from mailaudit.facts.recipients.reading.text_file import TextFile

# What is put around a notification, as an object or as the text of one: by SNS, SQS, Lambda and EventBridge.
_AROUND = ("Message", "Body", "body", "Sns", "detail")
_MOST_AROUND = 6
_KINDS = ("notificationType", "eventType")


def _entries(file: TextFile) -> Iterator[Entry]:
    """Yield the recipients of notifications, counted from 1."""
    number = 0
    for value in Document(file).values():
        found = list(_recipients(value))
        for values in found:
            number += 1
            yield Entry(number, values)
        if not found:
            number += 1
            yield Entry(number, None, json.dumps(value, ensure_ascii=False))


def _recipients(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the recipients of one notification with what is told of them; nothing of what is none."""
    told = _unwrapped(value)
    kind = next((told[key] for key in _KINDS if isinstance(told.get(key), str)), None)
    if kind is None:
        return
    bounce, complaint, mail = (_object(told, name) for name in ("bounce", "complaint", "mail"))
    people = bounce.get("bouncedRecipients") or complaint.get("complainedRecipients") or mail.get("destination")
    for person in people if isinstance(people, list) else ():
        own = dict(person) if isinstance(person, dict) else {"emailAddress": person}
        yield {
            "email": own.pop("emailAddress", ""),
            "event": kind,
            "bounceType": bounce.get("bounceType", ""),
            "bounceSubType": bounce.get("bounceSubType", ""),
            "timestamp": bounce.get("timestamp") or complaint.get("timestamp") or mail.get("timestamp", ""),
            **own,
        }


def _object(value: dict[str, Any], name: str) -> dict[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _unwrapped(value: Any) -> dict[str, Any]:
    for _ in range(_MOST_AROUND):
        if isinstance(value, str) and value.lstrip().startswith("{"):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return {}
        if not isinstance(value, dict) or any(key in value for key in _KINDS):
            break
        value = next((value[key] for key in _AROUND if key in value), None)
    return value if isinstance(value, dict) else {}


def _is_notification(path: Path, head: bytes) -> bool:
    del path
    start = beginning(head)
    if not start.startswith((b"{", b"[")) or not any(key.lower().encode() in start for key in _KINDS):
        return False
    return any(
        name in start for name in (b"bouncedrecipients", b"complainedrecipients", b"sourcearn", b"destination")
    )


# It is known by what it holds: the files are called .json like any other.
FORMAT = ListFormat(
    "notifications of Amazon SES", (".ses",), opens_objects(_entries), _is_notification, is_proof=False
)
