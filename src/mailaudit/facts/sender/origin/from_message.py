"""What the sample message betrays: its headers, its links, the program that wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.sender.origin.clues import Clue, Place, Rank, lowest, mailbox_clues, platform_clues
from mailaudit.knowledge import load, lookup
from mailaudit.knowledge.receivers import mailbox_service_by_dkim_domain
from mailaudit.knowledge.types.fact import Confidence
from mailaudit.knowledge.types.software import SoftwareSignature

MAX_LINKS = 500
MAX_HEADERS = 300
MAX_BODY = 200_000
_WINDOW = 900
_LINK = re.compile(r"""(?:href|src)\s{0,3}=\s{0,3}["']([^"'<>\s]{1,1000})""", re.IGNORECASE)
_TAG = re.compile(r"(?:^|;)\s*([ds])\s*=\s*([^;\s]{1,253})")


@dataclass(frozen=True, slots=True)
class MessageTraces:
    """The clues of a message, the domains that its DKIM signatures name, and the hosts of its links."""

    clues: tuple[Clue, ...] = ()
    signers: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def message_traces(message: MessageFacts | None) -> MessageTraces:
    """Return what a message betrays; nothing without a message."""
    if message is None:
        return MessageTraces()
    fields = (message.headers or ())[:MAX_HEADERS]
    signed = [dict(_TAG.findall(f.value)) for f in fields if f.name.lower() == "dkim-signature"]
    signers = tuple(dict.fromkeys(tags["d"].lower() for tags in signed if "d" in tags))
    clues = [
        *(clue for domain in signers for clue in _signature(domain)),
        *(clue for f in fields for clue in _header(f.name, f.value)),
        *(clue for link in _links(message) for clue in _link(link)),
        *_software(message),
    ]
    return MessageTraces(tuple(_distinct(clues)), signers, message.link_domains)


def _signature(domain: str) -> Iterator[Clue]:
    seen = f"the sample message is signed by {domain}"
    matches = lookup.platform_by_dkim_domain(domain)
    yield from platform_clues(Rank.SIGNATURE, matches, seen)
    if not matches:
        yield from mailbox_clues(Rank.SIGNATURE, mailbox_service_by_dkim_domain(domain), seen)


def _header(name: str, value: str) -> Iterator[Clue]:
    if name.lower() == "return-path":
        domain = value.strip(" <>").rpartition("@")[2]
        matches = lookup.platform_by_return_path(domain)
        yield from platform_clues(Rank.ENVELOPE, matches, f"the bounces of the sample message go to {domain}")
    matches = lookup.platform_by_header(name, value)
    yield from platform_clues(Rank.MESSAGE, matches, f"the sample message has the header {name}")


def _links(message: MessageFacts) -> list[str]:
    links = _LINK.findall(message.html or "")[:MAX_LINKS]
    return [*links, *message.link_domains[:MAX_LINKS]]


def _link(link: str) -> Iterator[Clue]:
    host = re.sub(r"^[a-z]+://", "", link, flags=re.IGNORECASE).partition("/")[0][:253]
    yield from platform_clues(Rank.MESSAGE, lookup.platform_by_link(link), f"the sample message links to {host}")


def _software(message: MessageFacts) -> Iterator[Clue]:
    for signature in load.software().signatures:
        if signature.is_weak or not _is_signed_by(signature, message):
            continue
        where = "text" if signature.header == "body" else f"header {signature.header}"
        confidence = lowest(signature.provenance.confidence, Confidence.MEDIUM)
        place = Place.MAILBOX if signature.origin == "mailbox" else Place.SOFTWARE
        if signature.origin != "warning":
            yield Clue(Rank.MESSAGE, place, f"the sample message's {where} is that of {signature.name}",
                       signature.name, confidence)  # fmt: skip


def _is_signed_by(signature: SoftwareSignature, message: MessageFacts) -> bool:
    if signature.header == "body":
        body = (message.html or message.text or "")[:MAX_BODY]
        windows = (body[start : start + _WINDOW + 100] for start in range(0, len(body), _WINDOW))
        return any(signature.pattern.search(window) for window in windows)
    return any(signature.pattern.search(field.value) for field in message.header(signature.header)[:MAX_HEADERS])


def _distinct(clues: list[Clue]) -> Iterator[Clue]:
    found: set[tuple[str, Rank]] = set()
    for clue in clues:
        key = (clue.name, clue.rank)
        if key not in found:
            found.add(key)
            yield clue
