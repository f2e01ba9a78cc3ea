"""What a delivered message shows of how it was sent: the lines that a campaign file may take from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

from mailaudit.facts.message.model import HeaderField, MessageFacts
from mailaudit.facts.message.reading.addresses import mailboxes

MOST_FIELDS = 200
_IN_RECEIVED = re.compile(r"[\[(]\s*(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\s*[\])]")
_TAG = re.compile(r"(?:^|;)\s*([ds])\s*=\s*([^;\s]{1,253})")


@dataclass(frozen=True, slots=True)
class Witness:
    """What a sample shows: From as written, the domain that bounces go to, the sending address, the DKIM selectors.

    `selectors` are pairs of selector and domain. What the message does not show is missing.
    """

    sender: str | None
    return_path: str | None
    ip: str | None
    selectors: tuple[tuple[str, str], ...]


def witness_of(message: MessageFacts) -> Witness:
    """Return what the header of a delivered message shows."""
    sender = next(iter(message.header("From")), None)
    bounces = next(iter(message.header("Return-Path")), None)
    return Witness(
        sender=sender.value if sender else None,
        return_path=_domain(bounces) if bounces else None,
        ip=next(
            (ip for item in message.header("Received")[:MOST_FIELDS] if (ip := _public_address(item.value))), None
        ),
        selectors=tuple(
            dict.fromkeys(filter(None, map(_selector, message.header("DKIM-Signature")[:MOST_FIELDS])))
        ),
    )


def _domain(field: HeaderField) -> str | None:
    found = mailboxes(field.raw)
    return found[0].address.rpartition("@")[2].lower() if found and found[0].is_valid else None


def _selector(field: HeaderField) -> tuple[str, str] | None:
    tags = dict(_TAG.findall(field.value[:4000]))
    return (tags["s"], tags["d"].lower()) if {"s", "d"} <= tags.keys() else None


def _public_address(received: str) -> str | None:
    """Return the address that handed the message over; the topmost public one is that of the sending server."""
    for text in _IN_RECEIVED.findall(received[:2000]):
        try:
            address = ip_address(text)
        except ValueError:
            continue
        if address.is_global or text.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")):
            return str(address)
    return None
