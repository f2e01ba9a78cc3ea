"""What a delivered sample says of its own way: its From, its return path, where it came from, who signed it, what was found.

Sources: RFC 5321, section 4.4 (Return-Path and Received); RFC 7208, section 9.1 (Received-SPF); RFC 8601.
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.facts.dns.records import IpAddress
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.message.reading.addresses import mailboxes
from mailaudit.facts.public_address import as_address, is_reachable
from mailaudit.facts.sender.names import is_askable
from mailaudit.facts.sender.origin.clues.from_message import software_of
from mailaudit.facts.sender.tags import read_tags

_MOST_FIELDS = 50
_MOST_OCTETS = 4000
_FROM_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]")
# What receivers write beside a result of SPF: the address that they judged, and for which sender.
_CLIENT = re.compile(r"(?:client-ip=|designates |domain of \S{1,300} does not designate )([0-9A-Fa-f.:]{2,45})")
_JUDGED_SENDER = re.compile(r"smtp\.mailfrom=([^\s;,]{1,320})")
_RESULT = re.compile(r"(?:^|[;\s])(spf|dkim|dmarc)\s*=\s*([a-z]{2,20})", re.IGNORECASE)


class Witness(Struct, frozen=True):
    """What the sample shows; domains are in lower case, and missing where it says nothing certain.

    `addresses` are the public ones that Received fields name, or the one that the receiver judged. `results` are those
    of the topmost Authentication-Results field, by method, and `judge` the server that wrote them. `author` is From as it
    is read, `selectors` are pairs of selector and domain, `software` is the sender's own program that left its trace.
    """

    from_address: str | None = None
    return_path: str | None = None
    addresses: tuple[IpAddress, ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    judge: str = ""
    author: str | None = None
    selectors: tuple[tuple[str, str], ...] = ()
    software: str | None = None

    @property
    def from_domain(self) -> str | None:
        """The domain of From."""
        return _domain(self.from_address)

    @property
    def mail_from_domain(self) -> str | None:
        """The domain of the return path."""
        return _domain(self.return_path)


def witness_of(message: MessageFacts) -> Witness:
    """Return what a message says; nothing of its way unless it went through a mail server."""
    written = Witness(
        _only_address(message, "From"),
        author=next(iter(_values(message, "From")), None),
        selectors=_selectors(message),
        software=next(iter(software_of(message)), None),
    )
    received = _values(message, "Received")
    if not received:
        return written
    judged = _values(message, "Authentication-Results")[:1]
    return replace(
        written,
        return_path=_only_address(message, "Return-Path") or _judged_sender(judged),
        addresses=_addresses(received, [*_values(message, "Received-SPF")[:1], *judged]),
        results=tuple(
            (method.lower(), result.lower()) for text in judged for method, result in _RESULT.findall(text)
        ),
        judge=next(iter(" ".join(judged).split()), "").rstrip(";")[:100],
    )


def _values(message: MessageFacts, name: str) -> list[str]:
    return [field.value[:_MOST_OCTETS] for field in message.header(name)[:_MOST_FIELDS]]


def _selectors(message: MessageFacts) -> tuple[tuple[str, str], ...]:
    found = (read_tags(value) for value in _values(message, "DKIM-Signature"))
    pairs = ((tags.get("s"), tags.get("d").lower()) for tags in found)
    return tuple(dict.fromkeys((key, domain) for key, domain in pairs if key and is_askable(domain)))


def _only_address(message: MessageFacts, name: str) -> str | None:
    fields = message.header(name)[:1]
    found = [one.address for field in fields for one in mailboxes(field.raw[:_MOST_OCTETS]) if one.is_valid]
    return found[0] if len(found) == 1 else None


def _judged_sender(judged: list[str]) -> str | None:
    found = [text for field in judged for text in _JUDGED_SENDER.findall(field)]
    return found[0].strip("<>") if found else None


def _domain(address: str | None) -> str | None:
    if address is None:
        return None
    domain = address.rpartition("@")[2].lower().rstrip(".")
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _addresses(received: list[str], judged: list[str]) -> tuple[IpAddress, ...]:
    texts = [found for text in judged for found in _CLIENT.findall(text)]
    # What stands behind "by" is the server that took the message.
    texts = texts or [found for text in received for found in _FROM_ADDRESS.findall(re.split(r"\sby\s", text)[0])]
    addresses = (as_address(text) for text in texts)
    return tuple(dict.fromkeys(one for one in addresses if one is not None and is_reachable(one)))
