"""Which mailbox providers will take the mail."""

from mailaudit.reports.content.provider_rules import Provider, label, standing
from mailaudit.reports.document.types import Document
from mailaudit.reports.terminal.page import Page

_INDENT = 3


def write_providers(page: Page, document: Document) -> None:
    """Write a few lines for each provider: what it asks that is missing, and what could not be seen."""
    shown = standing(document)
    if shown is None:
        return
    page.heading("Who will take it")
    for provider in shown.providers:
        _write(page, provider)
    if shown.without_rules:
        page.write((f"Without published rules: {', '.join(shown.without_rules)}.", "dim"), indent=_INDENT)


def _write(page: Page, provider: Provider) -> None:
    name = (f"{provider.name} ({provider.share}): ", "bold")
    sign, style, said = _said(page, provider)
    page.write(name, (said, ""), first=(sign, style), indent=_INDENT)
    for before, cells in (
        ("could not be verified: ", provider.unverified),
        ("shows only in the send: ", provider.unseen),
    ):
        if cells:
            page.write((f"{before}{', '.join(map(label, cells))}", "dim"), indent=_INDENT)


def _said(page: Page, provider: Provider) -> tuple[str, str, str]:
    if provider.unmet:
        return page.signs.error, "red", f"misses {provider.missed}"
    if provider.asks_nothing_yet:
        return page.signs.note, "blue", "asks nothing of a campaign of this size"
    if provider.unverified:
        return page.signs.open, "magenta", "nothing missing was found"
    if not provider.met:
        return page.signs.note, "blue", "asks nothing that shows before the send"
    if provider.unseen:
        return page.signs.passed, "green", "all that it asks is met, as far as it shows before the send"
    return page.signs.passed, "green", "all that it asks is met"
