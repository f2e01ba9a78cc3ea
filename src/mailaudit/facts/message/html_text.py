"""Read HTML as a recipient's program does: the visible text, and the hosts of links and images."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

_INVISIBLE = frozenset({"script", "style", "head", "template"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[list[str]] = []
        self.hosts: set[str] = set()
        self._hidden = 0
        self._goes_on = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._goes_on = False
        if tag in _INVISIBLE:
            self._hidden += 1
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self._note_host(value)
            elif name in {"alt", "title"} and value:
                self.texts.append([value])

    def handle_endtag(self, tag: str) -> None:
        self._goes_on = False
        if tag in _INVISIBLE and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        # A lone "<" comes as a piece of its own, though what follows goes on: `<%= name %>`.
        if self._goes_on:
            self.texts[-1].append(data)
        else:
            self.texts.append([data])
        self._goes_on = True

    def _note_host(self, address: str) -> None:
        try:
            parts = urlsplit(address.strip())
            host = parts.hostname
        except ValueError:
            return
        if host and parts.scheme in {"http", "https", ""}:
            self.hosts.add(host.rstrip(".").lower())


def visible_text(html: str) -> str:
    """Return the text that a recipient sees, with the alternative texts of images."""
    return "\n".join(map("".join, _read(html).texts))


def link_hosts(html: str) -> tuple[str, ...]:
    """Return the host names of links and images, lower case and sorted."""
    return tuple(sorted(_read(html).hosts))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
