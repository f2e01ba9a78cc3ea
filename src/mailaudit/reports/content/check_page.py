"""Parts of a check's documentation page, as text."""

import re

from msgspec import Struct

from mailaudit.language.spoken import said
from mailaudit.reports.document.types import ResultEntry

_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]+)\)")
_LAWS = ("GDPR", "Directive")


class Reference(Struct, frozen=True):
    """A page to read further: its title and its address (http or https)."""

    title: str
    url: str


def section(doc: str | None, title: str) -> str:
    """Return the Markdown under one `## title`; empty when there is none."""
    found = re.search(rf"^## {re.escape(title)}[ \t]*\n(.*?)(?=^## |\Z)", doc or "", re.MULTILINE | re.DOTALL)
    return found.group(1).strip() if found else ""


def why(result: ResultEntry) -> str:
    """Return the first paragraph of "Why it matters" as one line without markup; empty when there is none."""
    return words_only(re.split(r"\n\s*\n", section(result.doc, "Why it matters"), maxsplit=1)[0])


def references(result: ResultEntry) -> list[Reference]:
    """Return the links of "References", in their order: pages by their own title, laws by their name in each language."""
    found = _LINK.findall(section(result.doc, "References"))
    return [Reference(said(title) if title.startswith(_LAWS) else title, url) for title, url in found]


def words_only(markdown: str) -> str:
    """Return a paragraph of Markdown as one line: links by their text, without code and emphasis marks."""
    linked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(markdown.split()))
    return linked.replace("`", "").replace("**", "")
