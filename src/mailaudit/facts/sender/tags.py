"""Lists of `tag=value` between semicolons, as DKIM defined them and DMARC, BIMI and others took over (RFC 6376, 3.2)."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.DOTALL)
_MAX_TAGS = 64
_SHOWN = 40


class Tags(Struct, frozen=True):
    """The first value of each tag, in the order of the text.

    `faults` are sentence fragments about parts that are no tag or stand there twice; `has_gap` says that nothing
    stands between two semicolons.
    """

    values: Mapping[str, str]
    faults: tuple[str, ...] = ()
    has_gap: bool = False

    def get(self, name: str, default: str = "") -> str:
        """Return the value of a tag."""
        return self.values.get(name, default)


def read_tags(text: str, *, fold: bool = False) -> Tags:
    """Read a tag list, never raising; with `fold` the letters' case in names means nothing."""
    values: dict[str, str] = {}
    faults: list[str] = []
    parts = text.split(";")
    for part in filter(str.strip, parts[:_MAX_TAGS]):
        match = _TAG.fullmatch(part)
        name = (match[1].lower() if fold else match[1]) if match else ""
        if match is None:
            faults.append(f"{shortened(part.strip())} is not a tag")
        elif name in values:
            faults.append(f"{shortened(name)}= stands in it twice")
        else:
            values[name] = match[2]
    if len(parts) > _MAX_TAGS:
        faults.append(f"it has more than {_MAX_TAGS} tags")
    return Tags(MappingProxyType(values), tuple(faults), any(not part.strip() for part in parts[:-1]))


def shortened(text: str) -> str:
    """Return as much of a text as fits into a sentence."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "…"
