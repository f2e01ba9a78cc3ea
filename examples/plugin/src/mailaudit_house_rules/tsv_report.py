"""Findings as CSV, for people who live in spreadsheets."""

from __future__ import annotations

import csv
import io

from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import Format, RenderOptions

TSV = Format("tsv", (".tsv",), "mailaudit_house_rules.tsv_report:render")


def render(document: Document, options: RenderOptions) -> str:
    """Return one row for each finding that counts."""
    del options
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(["severity", "check", "subject", "message"])
    for result in document.results:
        for finding in result.findings:
            if finding.suppressed is None:
                writer.writerow([finding.severity, result.check, _cell(finding.subject), _cell(finding.message)])
    return text.getvalue()


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
