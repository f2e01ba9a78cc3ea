"""`mailaudit knowledge`: what is known about platforms, mailbox services, providers and lists, and why."""

from __future__ import annotations

from pathlib import Path

import click

from mailaudit.cli import options as shared
from mailaudit.cli.markdown_page import rendered
from mailaudit.cli.streams import write
from mailaudit.errors import Complaint, InputError


@click.command(name="knowledge")
@click.argument("name", required=False)
@shared.knowledge
def command(name: str | None, knowledge: Path | None) -> int:
    """Show what is known about NAME, each fact with its source and confidence; without NAME, every name."""
    from mailaudit.api import knowledge as extended  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.delisting import delisting_guide  # noqa: PLC0415 - keeps --help light
    from mailaudit.knowledge.lookup import platform_meant  # noqa: PLC0415 - as above
    from mailaudit.knowledge.pages import guide_page, knowledge_page, overview  # noqa: PLC0415 - as above

    with extended(knowledge):
        if name is None:
            write(rendered(overview()))
            return 0
        guide = delisting_guide(name)
        page = knowledge_page(name) or (guide_page(guide) if guide else None)
        if page is None:
            meant = platform_meant(name)
            todo = f"did you mean {meant.id}?" if meant else "`mailaudit knowledge` lists every name"
            raise InputError(Complaint(f"{name}: nothing of this name is known", todo=todo))
        write(rendered(page))
    return 0
