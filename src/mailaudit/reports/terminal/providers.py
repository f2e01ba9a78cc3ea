"""Which mailbox providers will take the mail."""

from __future__ import annotations

from mailaudit.reports import words
from mailaudit.reports.json_v1.document import Document
from mailaudit.reports.standing import Provider, consequence, label, standing
from mailaudit.reports.terminal.page import Page

PROVIDERS_AT_MOST = 8
_INDENT = 3


def write_providers(page: Page, document: Document, verbose: int) -> None:
    """Write a few lines for each provider: what it asks that is missing, and what could not be seen."""
    shown = standing(document)
    if shown is None:
        return
    page.heading("Who will take it")
    most = len(shown.providers) if verbose else PROVIDERS_AT_MOST
    for provider in shown.providers[:most]:
        _write(page, provider)
    if len(shown.providers) > most:
        left = words.plural(len(shown.providers) - most, "smaller provider")
        page.write((f"and {left}, with -v", "dim"), indent=_INDENT)
    if shown.without_rules:
        page.write((f"No published rules are known of {', '.join(shown.without_rules)}.", "dim"), indent=_INDENT)


def _write(page: Page, provider: Provider) -> None:
    unmet, unverified = provider.unmet, provider.unverified
    name = (f"{provider.name} ({provider.share}): ", "bold")
    if unmet:
        told = "; ".join(f"{label(cell)}{_after(consequence(cell))}" for cell in unmet)
        page.write(name, (f"misses {told}", ""), first=(page.signs.error, "red"), indent=_INDENT)
    elif provider.asks_nothing_yet:
        said = "asks nothing of a campaign of this size"
        page.write(name, (said, ""), first=(page.signs.note, "blue"), indent=_INDENT)
    elif unverified:
        page.write(name, ("nothing missing was found", ""), first=(page.signs.open, "magenta"), indent=_INDENT)
    else:
        page.write(
            name, ("everything that it asks is met", ""), first=(page.signs.passed, "green"), indent=_INDENT
        )
    if unverified:
        told = ", ".join(label(cell) for cell in unverified)
        page.write((f"not seen: {told}", "dim"), indent=_INDENT)


def _after(text: str) -> str:
    return f" ({text})" if text else ""
