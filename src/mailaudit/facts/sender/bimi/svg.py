"""Reads a logo as SVG Tiny PS, the profile that BIMI asks for; hostile files cost bounded time.

Source: draft-svg-tiny-ps-abrotman, section 2; BIMI Group, "Creating BIMI SVG logo files".
"""

import re
import zlib
from xml.parsers import expat

MAX_LOGO = 256 << 10
"""The most octets that are read, packed or not."""
RECOMMENDED = 32 << 10
_MAX_DEPTH = 200
_MAX_ERRORS = 8
_NAMESPACE = "http://www.w3.org/2000/svg"
_ANIMATIONS = frozenset(
    {"animate", "animateColor", "animateMotion", "animateTransform", "set", "discard", "animation"}
)
_SCRIPTS = frozenset({"script", "handler", "listener"})
_FOREIGN = frozenset({"a", "audio", "foreignObject", "iframe", "image", "video"})
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!\s*['\"]?#)|@import", re.IGNORECASE)
_GZIP = b"\x1f\x8b"


class _Refused(Exception):  # noqa: N818 - ends the reading with a reason
    pass


def unpacked(data: bytes) -> bytes | None:
    """Return the file itself, also when it is packed (`.svgz`); nothing when it is damaged or too large."""
    if not data.startswith(_GZIP):
        return data
    try:
        stream = zlib.decompressobj(wbits=31)
        text = stream.decompress(data, MAX_LOGO)
    except zlib.error:
        return None
    return text if stream.eof else None


def logo_errors(data: bytes) -> tuple[str, ...]:
    """Return what keeps the file from being an SVG Tiny PS logo, as sentence fragments."""
    text = unpacked(data)
    if text is None:
        return ("it is packed, and damaged or too large",)
    reader = _Reader()
    try:
        reader.read(text)
    except _Refused as refused:
        return (str(refused),)
    except (expat.ExpatError, ValueError, LookupError):
        return ("it is not well-formed XML",)
    sized = [f"it has {len(text) >> 10} KiB, and 32 KiB is the most that is recommended"]
    return (*reader.errors(), *(sized if len(text) > RECOMMENDED else []))[:_MAX_ERRORS]


class _Reader:
    """Notes what the profile forbids while expat reads; nothing is kept but the notes."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}
        self._depth = 0
        self._title: list[str] | None = None
        self._titled = False
        self._in_style = False

    def read(self, text: bytes) -> None:
        """Read the file; raises `_Refused` and what expat raises."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(text, True)  # noqa: FBT003 - the signature of expat

    def errors(self) -> list[str]:
        """Return the notes."""
        return [*self._found, *([] if self._titled else ["it has no title element with the company's name"])]

    def _doctype(self, *_: object) -> None:
        raise _Refused("it declares a DOCTYPE, which may define entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Refused(f"it nests more than {_MAX_DEPTH} elements")
        if self._depth == 1:
            self._root(namespace, local, attributes)
        if namespace == _NAMESPACE:
            self._element(local)
        for key, value in attributes.items():
            self._attribute(key.rpartition(" ")[2], value)

    def _root(self, namespace: str, local: str, attributes: dict[str, str]) -> None:
        if local != "svg" or namespace != _NAMESPACE:
            raise _Refused("it is no SVG file")
        for key, wanted in (("baseProfile", "tiny-ps"), ("version", "1.2")):
            if attributes.get(key) != wanted:
                self._note(f'its svg element lacks {key}="{wanted}"')
        for key in ("x", "y"):
            if key in attributes:
                self._note(f"its svg element has the attribute {key}")
        box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
        if len(box) == 4 and box[2] != box[3]:  # noqa: PLR2004 - x, y, width, height
            self._note("it is not square (viewBox)")

    def _element(self, local: str) -> None:
        if local in _SCRIPTS:
            self._note("it holds a script")
        elif local in _ANIMATIONS:
            self._note(f"it is animated ({local})")
        elif local in _FOREIGN:
            self._note(f"it holds the element {local}, which the profile does not know")
        elif local == "title" and self._depth == 2:  # noqa: PLR2004 - a child of the root
            self._title = []
        self._in_style = local == "style"

    def _attribute(self, key: str, value: str) -> None:
        if key.lower().startswith("on"):
            self._note(f"it holds a script (the attribute {key[:20]})")
        elif (key == "href" and not value.strip().startswith("#")) or _OUTSIDE.search(value):
            self._note(f"it refers to something outside ({value.strip()[:60]})")

    def _end(self, _: str) -> None:
        self._depth -= 1
        self._in_style = False
        if self._title is not None:
            self._titled = bool("".join(self._title).strip())
            self._title = None

    def _characters(self, text: str) -> None:
        if self._title is not None:
            self._title.append(text)
        elif self._in_style and _OUTSIDE.search(text):
            self._note("its style refers to something outside")

    def _note(self, error: str) -> None:
        if len(self._found) < _MAX_ERRORS:
            self._found[error] = None
