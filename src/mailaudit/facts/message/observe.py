"""Read the message: an .eml file as delivered or exported, or its bodies as templates."""

from pathlib import Path

from msgspec.structs import replace

from mailaudit.campaign.message import MessagePlan
from mailaudit.facts.message.merge.fields import merge_fields
from mailaudit.facts.message.model import MessageFacts, TextPart
from mailaudit.facts.message.reading.bodies import content_of, read_bodies, unreadable
from mailaudit.facts.message.reading.charsets import read_text
from mailaudit.facts.message.reading.files import MessageFile, read_message_file
from mailaudit.facts.message.reading.header_fields import MOST_FIELDS, split_header
from mailaudit.facts.message.reading.lines import bare_ends, long_lines
from mailaudit.facts.message.reading.mjml import compile_mjml, is_mjml
from mailaudit.facts.observed import Observed
from mailaudit.location import display_name

_PLACES = {"text/plain": "text"}


def observe_message(plan: MessagePlan, *, compiles: bool = True) -> MessageFacts:
    """Return the message as far as it can be read; raises `InputError` for a file that cannot be opened.

    With `compiles`, an MJML source is compiled where its program is installed.
    """
    message = _from_eml(plan, read_message_file(plan.eml)) if plan.eml else _from_bodies(plan, compiles=compiles)
    content = message.content.value
    if message.kind != "template" or content is None:
        return message
    bodies = [(_PLACES.get(part.content_type, "html"), part.text) for part in content.parts]
    return replace(message, fields=merge_fields([("subject", message.subject or ""), *bodies]))


def _from_eml(plan: MessagePlan, file: MessageFile) -> MessageFacts:
    kind = plan.kind or "sample"
    fields, start = split_header(file.octets)
    fault = file.fault
    if not fault and not fields:
        fault = "it holds no header fields"
    elif len(fields) > MOST_FIELDS:
        fault = f"it has more than {MOST_FIELDS:,} header fields"
    if fault:
        broken = MessageFacts(file.path.name, kind, None, None, file.size or None, unreadable(fault))
        return replace(broken, shown=display_name(file.path))
    subject = next((item.value for item in fields if item.name.lower() == "subject"), None)
    return MessageFacts(
        path=file.path.name,
        kind=kind,
        headers=tuple(fields),
        subject=subject,
        size=file.size,
        content=read_bodies(fields, file.octets[start:], subject),
        is_transcoded=file.is_transcoded,
        long_lines=long_lines(file.octets),
        bare_ends=None if file.is_transcoded else bare_ends(file.octets),
        raw=file.octets,
        shown=display_name(file.path),
    )


def _from_bodies(plan: MessagePlan, *, compiles: bool) -> MessageFacts:
    wanted = ((plan.html, "text/html"), (plan.text, "text/plain"))
    files = [(read_message_file(path), kind) for path, kind in wanted if path]
    parts = tuple(TextPart(kind, read_text(file.octets, "utf-8")[0]) for file, kind in files)
    fault = next((file.fault for file, _ in files if file.fault), None)
    parts, uncompiled = _compiled(parts, compiles=compiles)
    content = unreadable(fault) if fault else content_of(parts, (), plan.subject)
    if content.value and uncompiled:
        content = Observed.known(replace(content.value, uncompiled=uncompiled))
    return MessageFacts(
        path=(plan.html or plan.text or Path("message")).name,
        kind=plan.kind or "template",
        headers=None,
        subject=plan.subject,
        size=None,
        content=content,
        shown=display_name(plan.html or plan.text or Path("message")),
    )


def _compiled(parts: tuple[TextPart, ...], *, compiles: bool) -> tuple[tuple[TextPart, ...], str | None]:
    """Return the parts with MJML compiled, or why it is not."""
    if not any(is_mjml(part.text) for part in parts):
        return parts, None
    if not compiles:
        return parts, "it is an MJML source, and no program is run for an untrusted campaign"
    compiled = {part.text: compile_mjml(part.text) for part in parts if is_mjml(part.text)}
    reason = next((found.unavailable for found in compiled.values() if not found.is_known), None)
    known = {text: found.value for text, found in compiled.items()}
    return tuple(replace(part, text=known.get(part.text) or part.text) for part in parts), reason
