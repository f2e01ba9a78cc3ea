"""What changed in each of several campaigns."""

from collections.abc import Mapping
from datetime import UTC

from mailaudit.reports.content.headline import headline
from mailaudit.reports.diff import diff, render_diff
from mailaudit.reports.document.types import Document
from mailaudit.reports.formats import RenderOptions


def changes(known: Mapping[str, Document], after: tuple[Document, ...], look: RenderOptions) -> str:
    """Return what has changed since the last report of each campaign, by its file, and what new ones say; or nothing."""
    told = []
    for report in after:
        old = known.get(report.campaign.file)
        if old is None:
            told.append(f"{report.campaign.file}: {headline(report)}\n")
            continue
        found = diff(old, report)
        if found.new or found.fixed or found.grown or old.verdict != report.verdict:
            when = report.generated_at.astimezone(UTC)
            told.append(f"{report.campaign.file} ({when:%Y-%m-%d %H:%M} UTC)\n{render_diff(old, report, look)}")
    return "\n".join(told)
