"""What of a message's header tells how it was made: the order of its fields, and the values that must differ."""

import re
from dataclasses import dataclass

from mailaudit.facts.dns.names import InvalidName, normalise

_FIELD = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:((?:.|\r?\n[ \t])*)", re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
_DOMAIN = re.compile(rb"@([^\s<>@,;\"()]{1,253})")
_LINK = re.compile(rb"<(https?://[^>]{1,2000})>", re.IGNORECASE)
_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the fields in order, the domain of From, the Message-ID and the link of List-Unsubscribe."""

    names: tuple[str, ...]
    from_domain: str | None = None
    message_id: str | None = None
    unsubscribe: str | None = None

    @property
    def shape(self) -> tuple[str, ...]:
        """What messages made in the same way have in common."""
        return (self.from_domain or "", *self.names)


def read_header(content: bytes) -> Header:
    """Return the header of a message, of which at most 64 KiB are read; nothing raises."""
    head = content[:_MOST]
    end = _END.search(head)
    names: list[str] = []
    values: dict[str, bytes] = {}
    for name, value in _FIELD.findall(head[: end.start()] if end else head):
        text = name.decode("ascii").lower()
        names.append(text)
        values.setdefault(text, value.strip())
    domain = _DOMAIN.findall(values.get("from", b""))
    return Header(
        tuple(names),
        _host(domain[-1]) if domain else None,
        _text(values.get("message-id")),
        _link(values.get("list-unsubscribe")),
    )


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
