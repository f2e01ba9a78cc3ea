"""Read the template and the list, fill in the rows that hurt, and write a file for each."""

import asyncio
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from msgspec import Struct

from mailaudit.campaign.model import Campaign
from mailaudit.errors import Complaint, InputError
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.observe import observe_message
from mailaudit.facts.recipients.judging.judge_list import judge_list
from mailaudit.facts.recipients.list_plan import ListPlan, list_plan_of
from mailaudit.facts.recipients.mask import mask
from mailaudit.facts.recipients.reading.columns import header_key
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.preview.faults import faults
from mailaudit.preview.fill import fill
from mailaudit.preview.rows import WorstRow, worst_rows

_MODE = 0o600
_DOCTYPE = re.compile(r"\s*<!doctype[^>]{0,300}>", re.IGNORECASE)
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "img-src https: data:; style-src 'unsafe-inline' https:\">\n"
)


class Preview(Struct, frozen=True):
    """One person's message: why this row, where it stands, the files written, what breaks, and what was not filled."""

    why: str
    place: str
    files: tuple[Path, ...]
    faults: tuple[str, ...]
    left: tuple[str, ...]


async def preview(campaign: Campaign, folder: Path, count: int, *, compiles: bool = True) -> tuple[Preview, ...]:
    """Write the template as the worst rows would read it; raises `InputError` when an input cannot be used."""
    if campaign.message is None:
        raise InputError(Complaint("the campaign names no message", todo="name its templates under message"))
    lists = list_plan_of(campaign)
    if lists is None or lists.in_spark:
        what = "the campaign names no recipient list" if lists is None else "rows of a list in Spark stay there"
        raise InputError(Complaint(what, todo="name a file under recipients.files (or --recipients FILE)"))
    message = await asyncio.to_thread(observe_message, campaign.message, compiles=compiles)
    if message.kind != "template" or not message.content.is_known:
        why = message.content.unavailable or "the message is a sample: its fields were filled in"
        raise InputError(Complaint(why, todo="name templates: message: {html: template.html, text: template.txt}"))
    rows = await _rows(lists, message, campaign.message.fields or {}, count)
    return await asyncio.to_thread(_written, message, rows, folder)


async def _rows(lists: ListPlan, message: MessageFacts, columns: Mapping[str, str], count: int) -> list[WorstRow]:
    work = Workspace(reads=lists.lists.reads)
    try:
        judged = await judge_list(work, lists, None, fields=message.wishes(columns))
        return await asyncio.to_thread(worst_rows, judged.found, judged.fields, count)
    finally:
        work.close()


def _written(message: MessageFacts, rows: list[WorstRow], folder: Path) -> tuple[Preview, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_one(message, row, folder, number) for number, row in enumerate(rows, start=1))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            Complaint(f"{folder} cannot be written ({reason})", todo="name another folder")
        ) from error


def _one(message: MessageFacts, row: WorstRow, folder: Path, number: int) -> Preview:
    values = {header_key(name): _shown(value, row.address) for name, value in row.values.items()}
    named = {name: values[header_key(name)] for name in row.values}
    subject = fill(message.subject or "", values, is_html=False)
    told = dict.fromkeys(subject.left)
    files: list[Path] = []
    broken: dict[str, None] = {}
    for part in message.content.get().parts:
        is_html = part.content_type == "text/html"
        body = fill(part.text, values, is_html=is_html)
        told.update(dict.fromkeys(body.left))
        broken.update(dict.fromkeys(faults(subject.text, body.text, named, is_html=is_html)))
        target = folder / f"{number}-{row.why.replace(' ', '-')}.{'html' if is_html else 'txt'}"
        _write(target, harmless(body.text, subject.text) if is_html else f"Subject: {subject.text}\n\n{body.text}")
        files.append(target)
    return Preview(row.why, row.place, tuple(files), tuple(broken), tuple(told))


def _shown(value: str, address: str) -> str:
    """Mask an address: of a preview that is passed around, nobody's is read."""
    return mask(value) if "@" in value or value.strip().lower() == address else value


def harmless(page: str, subject: str = "") -> str:
    """Return HTML that runs nothing in a browser, whatever the cells of the list hold, with the subject for a title."""
    start = _DOCTYPE.match(page)
    place = start.end() if start else 0
    title = f"<title>{escape(subject)}</title>\n" if subject else ""
    return f"{page[:place]}{_POLICY}{title}{page[place:]}"


def _write(target: Path, text: str) -> None:
    target.touch(mode=_MODE)
    target.write_text(text, encoding="utf-8", errors="replace", newline="\n")
