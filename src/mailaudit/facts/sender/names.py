"""Domain names as text: lower case, A-labels, without the final dot."""

from collections import defaultdict
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList

MAX_NAME_LENGTH = 253
MAX_LABEL_LENGTH = 63


def _suffixes(name: str) -> PublicSuffixList:
    """Return the rules for names such as this one; to read all of them would take tens of milliseconds."""
    top = _top(name)
    return _suffixes_under(top if top in _rules() else "")


def _top(name: str) -> str:
    """Return the last label, in letters."""
    top = name.rstrip(".").lower().rpartition(".")[2]
    if top.startswith("xn--"):
        with suppress(UnicodeError):
            return top.encode().decode("idna")
    return top


def has_top_level(name: str) -> bool:
    """Say whether a name ends in a top-level domain that exists, be it one that is no public suffix itself (`za`)."""
    return _top(name) in _rules()


@cache
def _rules() -> dict[str, list[str]]:
    """Return the lines of the list by top-level domain, in letters."""
    found = defaultdict[str, list[str]](list)
    for line in Path(PSLFILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("//"):
            found[line.rpartition(".")[2]].append(line)
    return found


@cache
def _suffixes_under(top: str) -> PublicSuffixList:
    return PublicSuffixList(_rules().get(top, ()), accept_unknown=True)


@lru_cache(maxsize=2048)
def organizational_domain(name: str) -> str:
    """Return the registrable domain by the public suffix list; a public suffix itself is returned unchanged.

    Source: https://publicsuffix.org/, as RFC 7489, section 3.2, used it.
    """
    return _suffixes(name).privatesuffix(name) or name


def is_public_suffix(name: str) -> bool:
    """Say whether nobody can register this very name (`com`, `co.uk`, a host's customer zone)."""
    return _suffixes(name).publicsuffix(name) == name


def is_shared_suffix(name: str) -> bool:
    """Say whether a host or a service, and no registry, lets customers have names below this one (`github.io`, `uk.com`).

    Source: the private section of https://publicsuffix.org/. Few of these give a customer a zone of its own.
    """
    return name in _shared_suffixes() or f"*.{name.partition('.')[2]}" in _shared_suffixes()


@cache
def _shared_suffixes() -> frozenset[str]:
    text = Path(PSLFILE).read_text(encoding="utf-8")
    return frozenset(text.partition("===BEGIN PRIVATE DOMAINS===")[2].split())


def parents(name: str) -> tuple[str, ...]:
    """Return the names above this one, the nearest first, without the root."""
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(1, len(labels)))


def is_at_or_under(name: str, ancestor: str) -> bool:
    """Say whether a name equals another one or lies below it."""
    return name == ancestor or name.endswith("." + ancestor)


def is_askable(name: str) -> bool:
    """Say whether a name can be put into a DNS question: no empty or overlong label, not too long as a whole."""
    labels = name.split(".")
    return len(name) <= MAX_NAME_LENGTH and all(0 < len(label) <= MAX_LABEL_LENGTH for label in labels)
