"""Every way in which a DNS server misbehaves, and what is known of a record after it did."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset

RECORD, NOTHING, UNVERIFIED = "the record", "no such record", "unverified"
ZONE = """$ORIGIN acme.example.
@ 300 IN SOA ns1 hostmaster 1 7200 3600 1209600 60
@ 300 IN TXT "v=spf1 -all"
"""
_HEADER = 12
_COUNTS = 4


@dataclass(frozen=True)
class Mode:
    """What a server does, in words for a table, what is then known, and how `support.dns_server` is made to do it."""

    does: str
    known: str
    behaviour: Mapping[str, Any] = field(default_factory=dict)


def _garbled(does: str, known: str, garble: Callable[[bytes], list[bytes]], **more: Any) -> Mode:
    return Mode(does, known, {"garble": garble, **more})


def _edited(does: str, known: str, change: Callable[[dns.message.Message], object], **more: Any) -> Mode:
    def garble(wire: bytes) -> list[bytes]:
        message = dns.message.from_wire(wire)
        change(message)
        return [message.to_wire(max_size=65_535)]

    return _garbled(does, known, garble, **more)


def _flags(does: str, known: str, change: Callable[[int], int], **more: Any) -> Mode:
    def garble(wire: bytes) -> list[bytes]:
        (flags,) = struct.unpack_from("!H", wire, 2)
        return [wire[:2] + struct.pack("!H", change(flags)) + wire[4:]]

    return _garbled(does, known, garble, **more)


def _counted(wire: bytes, section: int, count: int) -> bytes:
    place = _COUNTS + 2 * section
    return wire[:place] + struct.pack("!H", count) + wire[place + 2 :]


def _answers(text: str) -> Callable[[dns.message.Message], object]:
    """Return a change that puts other records into the answer."""

    def change(message: dns.message.Message) -> None:
        message.answer.clear()
        for line in text.splitlines():
            owner, ttl, rdclass, rdtype, data = line.split(" ", 4)
            message.answer.append(dns.rrset.from_text(owner, int(ttl), rdclass, rdtype, data))

    return change


def _code(code: dns.rcode.Rcode) -> Callable[[dns.message.Message], object]:
    def change(message: dns.message.Message) -> None:
        message.answer.clear()
        message.set_rcode(code)

    return change


def _referral(message: dns.message.Message) -> None:
    message.answer.clear()
    message.flags &= ~(dns.flags.AA | dns.flags.RA)
    message.authority.append(dns.rrset.from_text(".", 60, "IN", "NS", "a.root-servers.net."))


MODES: Mapping[str, Mode] = {
    "honest": Mode("answers", RECORD),
    "lossy": Mode("loses every second datagram", RECORD, {"drop_every": 2}),
    "silent": Mode("never answers", UNVERIFIED, {"silent": True}),
    "servfail": Mode("fails (SERVFAIL)", UNVERIFIED, {"rcode": "SERVFAIL"}),
    "refused": Mode("refuses (REFUSED)", UNVERIFIED, {"rcode": "REFUSED"}),
    "notimp": Mode("knows no questions (NOTIMP)", UNVERIFIED, {"rcode": "NOTIMP"}),
    "notauth": Mode("is not in charge (NOTAUTH)", UNVERIFIED, {"rcode": "NOTAUTH"}),
    "yxdomain": Mode("says what nobody asked for (YXDOMAIN)", UNVERIFIED, {"rcode": "YXDOMAIN"}),
    "formerr": Mode("does not understand any question (FORMERR)", UNVERIFIED, {"rcode": "FORMERR"}),
    "no-edns": Mode("does not understand EDNS (FORMERR)", RECORD, {"no_edns": True}),
    "bad-version": _edited("wants another version of EDNS (BADVERS)", UNVERIFIED, _code(dns.rcode.BADVERS)),
    "cut-off": Mode("cuts off its datagrams, and answers over TCP", RECORD, {"truncate": True}),
    "cut-off-everywhere": Mode(
        "cuts off its answers, over TCP too", UNVERIFIED, {"truncate": True, "truncate_tcp": True}
    ),
    "cut-off-without-tcp": Mode(
        "cuts off its datagrams, and takes no TCP", UNVERIFIED, {"truncate": True, "tcp": False}
    ),
    "other-number": _garbled(
        "answers with another number", UNVERIFIED, lambda wire: [bytes([wire[0] ^ 1]) + wire[1:]]
    ),
    "other-question": _garbled(
        "answers another question", UNVERIFIED, lambda wire: [wire.replace(b"\x04acme", b"\x04evil")]
    ),
    "no-question": _edited("leaves out the question", UNVERIFIED, lambda message: message.question.clear()),
    "other-case": _garbled(
        "writes the name in capitals", RECORD, lambda wire: [wire.replace(b"\x04acme", b"\x04ACME")]
    ),
    "echo": _flags("sends the question back", UNVERIFIED, lambda flags: flags & ~dns.flags.QR),
    "other-opcode": _flags(
        "answers with a NOTIFY", UNVERIFIED, lambda flags: flags | dns.opcode.to_flags(dns.opcode.NOTIFY)
    ),
    "empty": _garbled("sends datagrams without an octet", UNVERIFIED, lambda _: [b""]),
    "header-alone": _garbled("sends the header alone", UNVERIFIED, lambda wire: [wire[:_HEADER]]),
    "half": _garbled("sends half of its answer", UNVERIFIED, lambda wire: [wire[: len(wire) // 2]]),
    "backwards": _garbled("sends its octets backwards", UNVERIFIED, lambda wire: [wire[::-1]]),
    "counts-too-many": _garbled(
        "counts more records than it sends", UNVERIFIED, lambda wire: [_counted(wire, 1, 9999)]
    ),
    "counts-none": _garbled(
        "counts no record of those that it sends", UNVERIFIED, lambda wire: [_counted(_counted(wire, 1, 0), 3, 0)]
    ),
    "circle": _garbled(
        "names a record by a pointer to itself",
        UNVERIFIED,
        lambda wire: [
            wire.replace(b"\xc0\x0c\x00\x10", b"\xc0" + bytes([wire.index(b"\xc0\x0c\x00\x10")]) + b"\x00\x10")
        ],
    ),
    "trailing": _garbled("appends garbage", RECORD, lambda wire: [wire + b"\x00garbage"]),
    "forged-first": _garbled(
        "is outrun by a forger who does not know the number",
        RECORD,
        lambda wire: [bytes([wire[0] ^ 1]) + wire[1:].replace(b"-all", b"+all"), wire],
    ),
    "foreign-owner": _edited(
        "answers with a record of another name", UNVERIFIED, _answers('evil.example. 60 IN TXT "v=spf1 +all"')
    ),
    "foreign-class": _edited(
        "answers with a record of another class", UNVERIFIED, _answers('acme.example. 60 CH TXT "v=spf1 +all"')
    ),
    "other-type": _edited(
        "answers with a record of another type", UNVERIFIED, _answers("acme.example. 60 IN A 192.0.2.1")
    ),
    "loop": _edited(
        "leads in a circle of aliases",
        UNVERIFIED,
        _answers("acme.example. 60 IN CNAME b.example.\nb.example. 60 IN CNAME acme.example."),
    ),
    "endless-ttl": _edited(
        "lets its record live for 136 years",
        RECORD,
        _answers('acme.example. 4294967295 IN TXT "v=spf1 -all"'),
    ),
    "denied-with-record": _edited(
        "denies the name and sends its record", RECORD, lambda message: message.set_rcode(dns.rcode.NXDOMAIN)
    ),
    "absent-without-proof": _edited(
        "sends no record, and no SOA record either", NOTHING, lambda message: message.answer.clear()
    ),
    "denied": _edited("denies the name (NXDOMAIN)", NOTHING, _code(dns.rcode.NXDOMAIN)),
    "sideways": _edited("refers to the root servers", UNVERIFIED, _referral),
}


def table() -> str:
    """Return the verdicts as a Markdown table."""
    rows = [f"| {mode.does} | {mode.known} |" for mode in MODES.values()]
    return "\n".join(("| the server … | then is known |", "|---|---|", *rows)) + "\n"
