"""What the checks of the message have in common: the part that they judge, and what may be shown of it."""

from __future__ import annotations

import re

from mailaudit.facts.facts import Facts
from mailaudit.facts.message.model import Content, HeaderField, MessageFacts
from mailaudit.facts.observed import NotGiven
from mailaudit.location import Location

_MOST_SHOWN = 100
_ADDRESS = re.compile(r"[^\s<>@,;:\"]+@[^\s<>@,;\"]+")


def with_header(facts: Facts) -> MessageFacts:
    """Return the message when its header is known; raises `NotGiven` for bodies alone, `Unavailable` when unread."""
    message = facts.message
    if message.headers is None:
        message.content.get()
        raise NotGiven("the campaign gives the message's bodies but not its header fields (message: message.eml)")
    return message


def content_of(facts: Facts) -> Content:
    """Return what people read; raises `Unavailable` when it could not be read."""
    return facts.message.content.get()


def place_of(facts: Facts, item: HeaderField | None = None) -> Location:
    """Return the place in the message file: the line of a header field, or the file."""
    return Location(facts.message.path, item.line) if item else Location(facts.message.path)


def shown(text: str) -> str:
    """Return a text for evidence: short, and no mailbox with its local part."""
    plain = _ADDRESS.sub(lambda found: f"…@{found[0].rpartition('@')[2]}", text[:2000])
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[:_MOST_SHOWN]}…"


def target_shown(target: str) -> str:
    """Return where an address leads, without the path and the token of one recipient that it may hold."""
    text = target[:2000]
    mail = re.match(r"(?i)(mailto:)[^?@]*(@[^?]*)?", text)
    if mail:
        return f"{mail[1]}…{mail[2] or ''}"
    web = re.match(r"(?i)((?:[a-z][a-z0-9+.\-]*:)?(?://|\\\\)(?:[^/?#\\]*@)?)([^/?#\\]*)(.*)", text, re.DOTALL)
    if web:
        scheme = re.sub(r"//.*@$", "//…@", web[1])
        return shown(f"{scheme}{web[2]}{'/…' if len(web[3]) > 1 else web[3]}")
    return shown(re.sub(r"[?#].+", "…", text))
