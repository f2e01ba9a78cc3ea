"""Read the message: an .eml file as delivered or exported, or its bodies as templates."""

from __future__ import annotations

from pathlib import Path

from mailaudit.campaign.message import MessagePlan
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.message.html_text import link_hosts, visible_text
from mailaudit.facts.message.mime import parse
from mailaudit.facts.message.model import Kind, MessageFacts, Placeholder
from mailaudit.facts.message.placeholders import find_placeholders
from mailaudit.location import Location

MOST_OCTETS = 60 * 1024 * 1024


def observe_message(plan: MessagePlan) -> MessageFacts:
    """Return the parsed message; raises `InputError` for unusable files."""
    return _from_eml(plan, plan.eml) if plan.eml else _from_bodies(plan)


def _from_eml(plan: MessagePlan, path: Path) -> MessageFacts:
    raw = _read(path)
    message = parse(raw)
    if not message.headers:
        todo = "name a message saved as .eml, or write html: and text: for bodies"
        raise InputError(Complaint("holds no header fields, so it is no message", Location(path.name), todo))
    subject = next((item.value for item in message.headers if item.name.lower() == "subject"), None)
    return MessageFacts(
        path=path.name,
        kind=plan.kind or "sample",
        headers=message.headers,
        subject=subject,
        html=message.html,
        text=message.text,
        size=len(raw),
        html_size=len(message.html.encode("utf-8", "replace")) if message.html is not None else None,
        link_domains=link_hosts(message.html or ""),
        placeholders=_placeholders(subject, message.html, message.text),
        raw=raw,
    )


def _from_bodies(plan: MessagePlan) -> MessageFacts:
    html = _read(plan.html).decode("utf-8", "replace") if plan.html else None
    text = _read(plan.text).decode("utf-8", "replace") if plan.text else None
    kind: Kind = plan.kind or "template"
    return MessageFacts(
        path=(plan.html or plan.text or Path("message")).name,
        kind=kind,
        headers=None,
        subject=plan.subject,
        html=html,
        text=text,
        size=None,
        html_size=len(html.encode("utf-8", "replace")) if html is not None else None,
        link_domains=link_hosts(html or ""),
        placeholders=_placeholders(plan.subject, html, text),
    )


def _placeholders(subject: str | None, html: str | None, text: str | None) -> tuple[Placeholder, ...]:
    parts = (("subject", subject), ("html", visible_text(html) if html else None), ("text", text))
    return tuple(
        Placeholder(found, place) for place, content in parts if content for found in find_placeholders(content)
    )


def _read(path: Path) -> bytes:
    where = Location(path.name)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_OCTETS + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(Complaint(f"cannot be read ({reason})", where, "name the message file")) from error
    if len(raw) > MOST_OCTETS:
        todo = "no mailbox provider takes a message of that size"
        raise InputError(Complaint(f"is larger than {MOST_OCTETS // 1024 // 1024} MiB", where, todo))
    return raw
