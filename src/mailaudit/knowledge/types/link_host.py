"""The type of hosts that tell something by their name when a link leads to them."""

from collections.abc import Iterator
from typing import Literal

from mailaudit.knowledge.names import is_domain_template
from mailaudit.knowledge.patterns import Pattern
from mailaudit.knowledge.types.fact import Entry, Mistake, Provenance


class LinkHosts(Entry, frozen=True):
    """Names of one kind and source, sub-domains included.

    `shortener` shortens addresses for anybody; `test` is a machine of developers, or stands in examples; `forged` are
    names that others are made to look like.
    """

    id: str
    kind: Literal["shortener", "test", "forged"]
    names: tuple[str, ...]
    provenance: Provenance

    def mistakes(self) -> Iterator[Mistake]:
        """Yield names that are none; one label alone is a top-level domain."""
        for name in self.names:
            if not (is_domain_template(name) or name.isalpha()):
                yield "names", f"`{name}` is not a domain name"


class WayOut(Entry, frozen=True):
    """Words of some languages by which people leave a list, of which `{thing}` stands for what they cancel or manage."""

    id: str
    patterns: tuple[Pattern, ...] = ()


class LinksFile(Entry, frozen=True):
    """links.yml."""

    hosts: tuple[LinkHosts, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
