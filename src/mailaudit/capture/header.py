"""What of a message's header tells how it was made: the order of its fields, and the values that must differ."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct, field

from mailaudit.facts.capture.identity import comparable
from mailaudit.facts.dns.names import InvalidName, normalise

_FIELD = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:((?:.|\r?\n[ \t])*)", re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
_DOMAIN = re.compile(rb"@([^\s<>@,;\"()]{1,253})")
_ADDRESS = re.compile(rb"[^\s<>@,;:\"()\[\]]{1,64}@[^\s<>@,;:\"()]{1,253}")
_LINK = re.compile(rb"<(https?://[^>]{1,2000})>", re.IGNORECASE)
_MOST = 65_536
_MOST_SHOWN = 1_000
_SHOWN = ("to", "cc", "bcc")
_OWN = ("from", "reply-to", "sender")


class Header(Struct, frozen=True):
    """The names of the fields in order, the address of From and its domain, the Message-ID, the link of List-Unsubscribe.

    `shown` are the addresses in To, Cc and Bcc that are not the sender's own, in the form in which lists compare them.
    `values` is the first value of each field, by its name in lower case.
    """

    names: tuple[str, ...]
    from_address: str | None = None
    from_domain: str | None = None
    message_id: str | None = None
    unsubscribe: str | None = None
    shown: frozenset[str] = frozenset()
    values: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def shape(self) -> tuple[str, ...]:
        """What messages made in the same way have in common."""
        return (self.from_address or "", *self.names)


def read_header(content: bytes) -> Header:
    """Return the header of a message, of which at most 64 KiB are read; nothing raises."""
    head = content[:_MOST]
    end = _END.search(head)
    fields = [
        (name.decode("ascii").lower(), value.strip())
        for name, value in _FIELD.findall(head[: end.start()] if end else head)
    ]
    values = dict(reversed(fields))
    domain, own = (pattern.findall(values.get("from", b"")) for pattern in (_DOMAIN, _ADDRESS))
    return Header(
        tuple(name for name, _ in fields),
        _comparable(own[-1]) if own else None,
        _host(domain[-1]) if domain else None,
        _text(values.get("message-id")),
        _link(values.get("list-unsubscribe")),
        _addresses(fields, _SHOWN) - _addresses(fields, _OWN),
        values,
    )


def _addresses(fields: Iterable[tuple[str, bytes]], names: Iterable[str]) -> frozenset[str]:
    found = (one for name, value in fields if name in names for one in _ADDRESS.findall(value)[:_MOST_SHOWN])
    return frozenset(_comparable(one) for one in found)


def _comparable(address: bytes) -> str:
    return comparable(address.decode("utf-8", "replace"))


def _host(value: bytes) -> str | None:
    """Return a domain in lower-case A-labels."""
    try:
        return normalise(value.decode("utf-8"))
    except (UnicodeDecodeError, InvalidName):
        return None


def _link(value: bytes | None) -> str | None:
    """Return the first link: a `mailto:` address may be the same for everybody (RFC 2369, section 3.2)."""
    found = _LINK.search(b"".join(value.split())) if value else None
    return found[1].decode("utf-8", "replace") if found else None


def _text(value: bytes | None) -> str | None:
    return None if value is None else b" ".join(value.split()).decode("utf-8", "replace")
