"""Read a server's response message: hostile octets in, bounded facts out."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import cast

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdata import Rdata
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.SOA import SOA

from mailaudit.facts.dns.names import Labels, name_of, text_of_name
from mailaudit.facts.dns.packet import MAX_CHAIN

_MAX_EXTRA_TEXT = 120
_MAX_RECORDS = 512


class Malformed(ValueError):  # noqa: N818 - reads as what it is
    """The octets are not a DNS message."""


@dataclass(frozen=True, slots=True)
class Response:
    """What one response says about the question.

    `chain` are the targets of the CNAME records followed. `is_open` means that the last of them was not looked
    up by this server; `is_referral` that it only names other servers. `problem` is set when the chain is unusable.
    """

    rcode: str
    chain: tuple[str, ...] = ()
    records: tuple[Rdata, ...] = ()
    ttl: int | None = None
    is_open: bool = False
    is_referral: bool = False
    authenticated: bool = False
    problem: str | None = None
    extra: str | None = None


def read_response(wire: bytes, labels: Labels, rdtype: str) -> Response:
    """Return what the message says about this name and type; raises `Malformed`."""
    if sum(struct.unpack_from("!HHH", wire.ljust(12, b"\0"), 6)) > _MAX_RECORDS:
        # Compressed names make a few octets cost much: 64 KiB of them would keep the parser busy for many seconds.
        raise Malformed(f"more than {_MAX_RECORDS} records")
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True)
        return _read(message, name_of(labels), dns.rdatatype.from_text(rdtype))
    except Exception as error:  # noqa: BLE001 - whatever hostile octets do to the parser, they are malformed
        raise Malformed(type(error).__name__) from None


def _read(message: dns.message.Message, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Response:
    rcode = dns.rcode.to_text(message.rcode())
    if rcode not in {"NOERROR", "NXDOMAIN"}:
        return Response(rcode, extra=_extended_error(message))
    sets = {(rrset.name, rrset.rdtype): rrset for rrset in message.answer if rrset.rdclass == dns.rdataclass.IN}
    chain, ttls, problem = _follow(sets, name, rdtype)
    end = chain[-1] if chain else name
    final = sets.get((end, rdtype))
    negative_ttl = None if final else _negative_ttl(message, end)
    ttls += [ttl for ttl in (final.ttl if final else negative_ttl,) if ttl is not None]
    unresolved = final is None and rcode == "NOERROR" and negative_ttl is None
    return Response(
        rcode,
        tuple(text_of_name(target) for target in chain),
        tuple(final) if final else (),
        min(ttls, default=None),
        is_open=unresolved and bool(chain),
        is_referral=unresolved and not chain and _names_servers(message),
        authenticated=bool(message.flags & dns.flags.AD),
        problem=problem,
    )


def _follow(
    sets: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset],
    name: dns.name.Name,
    rdtype: dns.rdatatype.RdataType,
) -> tuple[list[dns.name.Name], list[int], str | None]:
    chain: list[dns.name.Name] = []
    ttls: list[int] = []
    end = name
    while (end, rdtype) not in sets and (alias := sets.get((end, dns.rdatatype.CNAME))):
        end = cast("CNAME", alias[0]).target
        looped = end == name or end in chain
        chain.append(end)
        ttls.append(alias.ttl)
        if looped:
            return chain, ttls, "the CNAME records form a loop"
        if len(chain) > MAX_CHAIN:
            return chain, ttls, f"more than {MAX_CHAIN} CNAME records in a row"
    return chain, ttls, None


def _negative_ttl(message: dns.message.Message, name: dns.name.Name) -> int | None:
    """Return how long the absence may be cached (RFC 2308, section 5), `None` without an SOA record."""
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.SOA and name.is_subdomain(rrset.name):
            return min(rrset.ttl, cast("SOA", rrset[0]).minimum)
    return None


def _names_servers(message: dns.message.Message) -> bool:
    recursive = bool(message.flags & (dns.flags.AA | dns.flags.RA))
    return not recursive and any(rrset.rdtype == dns.rdatatype.NS for rrset in message.authority)


def _extended_error(message: dns.message.Message) -> str | None:
    """Return the server's own explanation (RFC 8914), made printable."""
    for option in message.options:
        if isinstance(option, dns.edns.EDEOption):
            text = "".join(c for c in option.text or "" if c.isprintable())[:_MAX_EXTRA_TEXT]
            return f"extended error {int(option.code)}" + (f" ({text})" if text else "")
    return None
