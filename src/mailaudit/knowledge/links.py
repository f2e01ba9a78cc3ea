"""Tells what is known of the host that a link leads to."""

from collections.abc import Mapping

from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.names import normal, suffixes
from mailaudit.knowledge.types.link_host import LinksFile


def is_shortener(host: str) -> bool:
    """Say whether a host shortens addresses for anybody."""
    return _is_of("shortener", host)


def is_known_test_host(host: str) -> bool:
    """Say whether a name is reserved for tests and examples, or under a service for copies that are being tried out."""
    return _is_of("test", host)


def forged_names() -> frozenset[str]:
    """Return the names that others are made to look like most."""
    return _names()["forged"]


def _is_of(kind: str, host: str) -> bool:
    return not _names()[kind].isdisjoint(suffixes(host))


@kept
def _names() -> Mapping[str, frozenset[str]]:
    hosts = entries(LinksFile).hosts
    return {
        kind: frozenset(normal(name) for one in hosts if one.kind == kind for name in one.names)
        for kind in ("shortener", "test", "forged")
    }
