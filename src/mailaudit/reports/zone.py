"""The DNS records that the findings propose, as a zone snippet that can be published or audited as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailaudit.reports.content import headline
from mailaudit.reports.content.letter import record_lines
from mailaudit.reports.content.ranking import Item, items
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.safe_text import plain

_RECORD = re.compile(r"(?P<name>[^\s;$!()\"]+\.)\s+\d+\s+IN\s+(?P<type>[A-Z0-9]+)\s+(?P<data>\S.*)")
_KINDS = (
    (re.compile(r'"v\s*=\s*spf1[ "]', re.IGNORECASE), "SPF"),
    (re.compile(r'"v\s*=\s*dmarc1', re.IGNORECASE), "DMARC"),
)


def render(document: Document, options: RenderOptions) -> str:
    """Return every proposed record once, in front of it what it puts right; the options change nothing.

    A name has one SPF and one DMARC record: where findings propose different ones, the record of the most urgent
    finding stands, and the others are left as comments to be looked at after the next audit.
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
        lines.append("; No finding of this audit is put right by a DNS record.")
    return "\n".join(lines) + "\n"


def _piece(item: Item, taken: dict[tuple[str, str], str]) -> Iterator[str]:
    is_told = False
    for line in record_lines(item.finding.fix.dns_record or ""):
        match = _RECORD.fullmatch(line.strip())
        if not match:
            continue
        key = (match["name"].lower(), _kind(match["type"], match["data"]))
        if taken.get(key) == match[0]:
            continue
        if not is_told:
            yield ""
            yield f"; {item.result.check}: {plain(item.finding.message)}"
            is_told = True
        if key in taken:
            yield f"; later: {match[0]}"
        else:
            taken[key] = match[0]
            yield match[0]


def _kind(rdtype: str, data: str) -> str:
    if rdtype != "TXT":
        return f"{rdtype} {data}"
    return next((kind for pattern, kind in _KINDS if pattern.match(data)), rdtype)
