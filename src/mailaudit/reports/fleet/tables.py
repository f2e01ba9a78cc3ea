"""Several campaigns as a table: CSV for a spreadsheet, Markdown for a page, JSON for programs."""

import json

from mailaudit.language.spoken import form
from mailaudit.reports.document.render import dumps
from mailaudit.reports.fleet.model import WORDS, Fleet, Row, gone, rows, tally
from mailaudit.reports.formats import RenderOptions
from mailaudit.reports.markdown import escape
from mailaudit.reports.table import as_table

COLUMNS = ("campaign", "file", "verdict", "tasks", "providers", "change")


def as_csv(fleet: Fleet, options: RenderOptions) -> str:
    """Return a row for each campaign under a header; tasks are separated by semicolons."""
    del options
    return as_table(COLUMNS, map(_cells, rows(fleet)))


def as_markdown(fleet: Fleet, options: RenderOptions) -> str:
    """Return the summary as a Markdown table."""
    del options
    told = [(escape(value) for value in _cells(row)) for row in rows(fleet)]
    head = [form("column", name) for name in COLUMNS]
    table = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(COLUMNS), *told)]
    missing = gone(fleet.before, (row.file for row in rows(fleet)))
    after = ("", escape(missing)) if missing else ()
    return "\n".join((f"**{escape(tally(fleet))}**", "", *table, *after, ""))


def as_json(fleet: Fleet, options: RenderOptions) -> str:
    """Return every report as in a report of its own, and the rows of the summary."""
    del options
    summary = json.dumps([dict(zip(COLUMNS, _values(row), strict=True)) for row in rows(fleet)])
    reports = ",\n".join(dumps(report).rstrip("\n") for report in fleet.reports)
    return f'{{"schema_version": 1, "campaigns": {summary}, "reports": [\n{reports}\n]}}\n'


def _cells(row: Row) -> tuple[str, ...]:
    return (row.name, row.file, WORDS[row.verdict], "; ".join(row.tasks), row.providers, row.change)


def _values(row: Row) -> tuple[object, ...]:
    return (row.name, row.file, row.verdict, row.tasks, row.providers, row.change or None)
