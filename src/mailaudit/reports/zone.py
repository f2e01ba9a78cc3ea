"""The DNS records that the findings propose, as a zone snippet that can be published or audited as a draft."""

from collections.abc import Iterator

from mailaudit.checks.remedy import Action, Stage
from mailaudit.language.spoken import Pasted, said
from mailaudit.reports.content import headline
from mailaudit.reports.content.letter import record_lines
from mailaudit.reports.content.ranking import Item, items
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain
from mailaudit.reports.tasks.records import key_of_line

_NOT_NOW = {Stage.LATER, Stage.OPTIONAL}


def render(document: Document, options: RenderOptions) -> str:
    """Return every proposed record once, in front of it what it puts right; the options change nothing.

    A name has one SPF and one DMARC record: where findings propose different ones, the record of the most urgent
    finding stands, and the others are left as comments to be looked at after the next audit. So are records for
    later, with their condition, and optional ones.
    """
    del options
    lines = [
        f"; DNS records proposed by mailaudit {document.tool.version} for {plain(document.campaign.from_domain)}.",
        "; Each replaces the record of the same kind at its name. Read the steps in the report before publishing.",
        f"; {plain(headline.headline(document))}",
        "; A mailbox that takes reports (rua=) must exist first.",
    ]
    taken: dict[tuple[str, str], str] = {}
    for item in items(document):
        lines.extend(_piece(item, taken))
    if not taken:
        lines.append("; No finding of this audit is put right by a DNS record to publish now.")
    return "\n".join(said(line) if line.startswith(";") else line for line in lines) + "\n"


def _piece(item: Item, taken: dict[tuple[str, str], str]) -> Iterator[str]:
    told = list(_told(item, taken))
    if told:
        yield ""
        yield Pasted(f"; {item.result.check}: {plain(said(item.finding.message))}")
        if item.finding.fix.condition:
            yield f"; Only when {plain(item.finding.fix.condition)}:"
        unseen = item.finding.fix.proof.unverified if item.finding.fix.proof else ()
        if unseen:
            yield f"; Not proven, for nobody could look it up: {plain(', '.join(unseen))}"
        yield from told


def _told(item: Item, taken: dict[tuple[str, str], str]) -> Iterator[str]:
    fix = item.finding.fix
    for line in record_lines(fix.dns_record or ""):
        key, record = key_of_line(line), line.strip()
        if key is None:
            continue
        if fix.stage in _NOT_NOW:
            yield f"; {fix.stage}: {record}"
        elif key not in taken:
            taken[key] = record
            yield record
        elif taken[key] != record:
            yield f"; later: {record}"
    for one in fix.dns_records:
        if one.action is Action.REMOVE:
            yield f"; remove at {plain(one.fqdn)}: {one.type} {plain(one.value)}"
