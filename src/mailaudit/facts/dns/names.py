"""Domain names: one spelling for each, so that a question is asked only once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dns.name

Labels = tuple[bytes, ...]
"""The labels of an absolute name in lower case, leftmost first, without the root's empty one."""

CONTROL = "no-such-selector-3f9a1c"
"""A label, and a selector, that nobody chose: where something stands there, a wildcard answers."""

_MAX_OCTETS = 253
_PLAIN = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")


class InvalidName(ValueError):  # noqa: N818 - reads as what it is
    """The text is not a domain name that could be asked (RFC 1035, section 2.3.4)."""


def normalise(name: str) -> str:
    r"""Return a name in lower-case A-labels without its final dot, `.` for the root; raises `InvalidName`.

    Octets that are not printable ASCII, and dots inside a label, are written as in a zone file (`\000`, `\.`).
    """
    text = name.lower().removesuffix(".")
    return text if is_plain(text) else _normalise_unusual(name)


def is_plain(name: str) -> bool:
    """Say whether a name in lower case is one of letters, digits, hyphens and underscores that DNS can hold."""
    return len(name) <= _MAX_OCTETS and _PLAIN.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def labels_of(name: str) -> Labels:
    """Return the labels of a name that `normalise` has returned."""
    if "\\" in name:
        return labels_of_name(_parse(name))
    return tuple(name.encode("ascii").split(b".")) if name != "." else ()


def labels_of_name(name: dns.name.Name) -> Labels:
    """Return the labels of one of dnspython's absolute names."""
    return tuple(label.lower() for label in name.labels if label)


def name_of(labels: Labels) -> dns.name.Name:
    """Return dnspython's absolute name for these labels."""
    import dns.name  # noqa: PLC0415 - heavy, and not needed for most questions

    return dns.name.Name((*labels, b""))


def text_of(labels: Labels) -> str:
    """Return the normalised text of these labels."""
    return text_of_name(name_of(labels))


def text_of_name(name: dns.name.Name) -> str:
    """Return the normalised text of one of dnspython's names."""
    return name.canonicalize().to_text(omit_final_dot=True)


def idna_codec() -> dns.name.IDNACodec:
    """Return how other scripts become A-labels: IDNA 2008 after the mapping of UTS 46, ASCII labels untouched."""
    import dns.name  # noqa: PLC0415 - heavy, and not needed for most questions

    return dns.name.IDNA2008Codec(uts_46=True, allow_pure_ascii=True)


def _normalise_unusual(name: str) -> str:
    if not name.strip():
        raise InvalidName("the name is empty")
    return text_of_name(_parse(name))


def _parse(name: str) -> dns.name.Name:
    import dns.exception  # noqa: PLC0415 - heavy, and not needed for most questions
    import dns.name  # noqa: PLC0415 - the same

    try:
        return dns.name.from_text(name, dns.name.root, idna_codec())
    except dns.name.LabelTooLong:
        raise InvalidName("a label is longer than 63 octets") from None
    except dns.name.NameTooLong:
        raise InvalidName("the name is longer than 253 octets") from None
    except dns.name.EmptyLabel:
        raise InvalidName("the name has an empty label") from None
    except (dns.exception.DNSException, ValueError):
        raise InvalidName("the name cannot be written in DNS") from None
