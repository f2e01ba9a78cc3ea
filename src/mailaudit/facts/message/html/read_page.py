"""Build a page from HTML with the tree that a browser would build (lexbor)."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailaudit.facts.message.html.effort import is_beyond_reason
from mailaudit.facts.message.html.page import Link, Page, Picture

MOST_ELEMENTS = 300_000
_HIDDEN = frozenset({"style", "script", "template", "title", "noframes", "mj-head", "mj-style"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr o:p q s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
_ACTIVE = frozenset("script form iframe frame frameset object embed applet".split())
_LINKS = frozenset({"a", "area", "mj-button", "mj-social-element", "mj-navbar-link", "v:roundrect", "v:rect"})
_PICTURES = {"img": "src", "mj-image": "src", "v:imagedata": "src", "v:fill": "src"}
_ADDRESSES = ("background", "srcset", "action", "poster")
_OF_STYLE = re.compile(r"url\(\s*['\"]?([^'\"()]{1,2000})", re.IGNORECASE)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TITLES = ("alt", "title", "aria-label")
_CONDITION = re.compile(r"^\s*\[if[^\]]{0,200}\]>(?P<inner>.*)<!\[endif\]\s*$", re.IGNORECASE | re.DOTALL)
_HANDLER = re.compile(r"on(?:click|load|error|mouse[a-z]{1,10}|submit|change|focus|blur|key[a-z]{1,8})")
# Stands for a picture in the content of a link (U+FFFC, object replacement character).
_PICTURE = "\ufffc"
_REFRESH = re.compile(r"^\s*\d+\s*;\s*url", re.IGNORECASE)

Attributes = dict[str, str | None]


class TooDeepError(Exception):
    """The HTML nests or repeats so much that no tree is built of it; the reason is a clause about the message."""


def read_page(html: str) -> Page:
    """Return the page; raises `TooDeepError` for HTML that nests or repeats beyond all reason."""
    if is_beyond_reason(html):
        raise TooDeepError("its HTML nests or repeats beyond what mail programs show")
    reader = _Reader()
    reader.read(html)
    outlook = "\n".join(reader.conditional)
    return reader.page(read_page(outlook) if outlook.strip() else None)


class _Reader:
    """Walks the tree once, in document order."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self.titles: list[str] = []
        self.links: list[tuple[str, list[str], int, bool]] = []
        self.addresses: list[str] = []
        self.pictures: list[Picture] = []
        self.active: dict[str, None] = {}
        self.base: str | None = None
        self.conditional: list[str] = []
        self.code: list[str] = []
        self._open_link: list[str] | None = None
        # The outermost element that hides what stands in it.
        self._hidden_by: int | None = None

    def read(self, html: str) -> None:
        for node, is_end in _walk(LexborHTMLParser(html).root):
            if is_end:
                self._leave(node.tag or "")
                if self._hidden_by == node.mem_id:
                    self._hidden_by = None
            elif node.is_text_node:
                self._text(node.text_content or "")
            elif node.is_comment_node:
                self._comment(node.comment_content or "")
            elif not node.tag:
                self._comment((node.html or "").strip("<>"))
            else:
                self._enter(node.tag or "", node)

    def _comment(self, text: str) -> None:
        if found := _CONDITION.match(text):
            self.conditional.append(found["inner"])
        elif text.startswith(("?php", "?=")):
            self.code.append(f"<{text.removesuffix('?')}?>")

    def page(self, outlook: Page | None) -> Page:
        return Page(
            lines=tuple(" ".join("".join(line).split()) for line in self.lines),
            titles=tuple(self.titles),
            links=tuple(
                _link(target, "".join(text), line, is_hidden=hidden) for target, text, line, hidden in self.links
            ),
            pictures=tuple(self.pictures),
            active=tuple(self.active),
            base=self.base,
            outlook=outlook,
            code=tuple(self.code),
            addresses=tuple(self.addresses),
        )

    def _enter(self, tag: str, node: LexborNode) -> None:
        if tag not in _INLINE:
            self._new_line()
        attributes = node.attributes
        if not attributes and tag not in _ACTIVE:
            return
        style = attributes.get("style") or ""
        if self._hidden_by is None and _HIDES.search(style):
            self._hidden_by = node.mem_id
        self.addresses += [text for name in _ADDRESSES if (text := attributes.get(name))]
        self.addresses += _OF_STYLE.findall(style)
        self._note_active(tag, attributes)
        if tag in _LINKS and "href" in attributes:
            self._open_link = [_PICTURE] if tag == "area" else []
            target, is_hidden = (attributes["href"] or "").strip(), self._hidden_by is not None
            self.links.append((target, self._open_link, len(self.lines) - 1, is_hidden))
        elif tag in _PICTURES and _PICTURES[tag] in attributes:
            self._picture(attributes, (attributes[_PICTURES[tag]] or "").strip())
        elif tag == "base" and self.base is None:
            self.base = attributes.get("href")
        self.titles += [text for name in _TITLES if (text := attributes.get(name))]

    def _note_active(self, tag: str, attributes: Attributes) -> None:
        # Gmail reads data for its actions from a script that no browser runs.
        if tag in _ACTIVE and "json" not in (attributes.get("type") or ""):
            self.active[tag] = None
        if tag == "meta" and _leads_on(attributes):
            self.active["meta refresh"] = None
        self.active.update((name, None) for name in attributes if _HANDLER.fullmatch(name))

    def _leave(self, tag: str) -> None:
        # HTML has no link within a link: the end of any is the end of the one that is open.
        if tag in _LINKS:
            self._open_link = None
        if tag not in _INLINE:
            self._new_line()

    def _new_line(self) -> None:
        if self.lines[-1]:
            self.lines.append([])

    def _text(self, text: str) -> None:
        if not self.lines[-1] and text.isspace():
            return
        self.lines[-1].append(text)
        if self._open_link is not None:
            self._open_link.append(text)

    def _picture(self, attributes: Attributes, source: str) -> None:
        alt = (attributes["alt"] or "") if "alt" in attributes else None
        is_linked = self._open_link is not None or "href" in attributes
        self.pictures.append(Picture(source, alt, is_linked))
        if self._open_link is not None:
            self._open_link.append(f" {_PICTURE}{alt or ''} ")


def _link(target: str, content: str, line: int, *, is_hidden: bool) -> Link:
    return Link(
        target,
        " ".join(content.replace(_PICTURE, " ").split()),
        line,
        is_seen=not content.isspace() and bool(content),
        is_hidden=is_hidden,
    )


def _leads_on(attributes: Attributes) -> bool:
    is_refresh = (attributes.get("http-equiv") or "").lower() == "refresh"
    return is_refresh and _REFRESH.match(attributes.get("content") or "") is not None


def _walk(root: LexborNode | None) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each visible node, and each element again at its end; recursion would meet its limit."""
    node, count = root, 0
    # A comment may stand before the root.
    while node is not None and node.prev is not None:
        node = node.prev
    while node is not None:
        count += 1
        if count > MOST_ELEMENTS:
            raise TooDeepError(f"its HTML holds more than {MOST_ELEMENTS:,} elements and texts")
        yield node, False
        child = None if node.tag in _HIDDEN else node.first_child
        if child is not None:
            node = child
            continue
        while node is not None:
            if node.is_element_node:
                yield node, True
            following = node.next
            if following is not None:
                node = following
                break
            node = node.parent
