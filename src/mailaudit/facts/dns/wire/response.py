"""Read a server's response message: hostile octets in, bounded facts out."""

import struct
from collections.abc import Sequence

import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdata import Rdata
from msgspec import Struct

from mailaudit.facts.dns.names import Labels, text_of
from mailaudit.facts.dns.wire.query import chain_problem, type_number
from mailaudit.facts.dns.wire.sections import Malformed, Sections, WireRecord

_AUTHORITATIVE, _RECURSION_AVAILABLE, _AUTHENTIC_DATA = 0x0400, 0x0080, 0x0020
_IN = 1
_NS, _CNAME, _SOA, _OPT = 2, 5, 6, 41
_EXTENDED_ERROR = 15
_MAX_EXTRA_TEXT = 120
_MAX_RECORDS = 512


class Response(Struct, frozen=True):
    """What one response says about the question.

    `chain` are the targets of the CNAME records followed. `is_open` means that the last of them was not looked
    up by this server; `is_referral` that it only names other servers. `problem` is set when the answer is unusable,
    `extra` is the server's own explanation of a failure.
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
    try:
        return _read(Sections(wire), labels, type_number(rdtype))
    except Malformed:
        raise
    except Exception as error:  # noqa: BLE001 - whatever hostile octets do to the parser, they are malformed
        raise Malformed(type(error).__name__) from None


def _read(sections: Sections, labels: Labels, rdtype: int) -> Response:
    everything, authority, additional = sections.read()
    answer = [record for record in everything if record.rdclass == _IN]
    options = next((record for record in additional if record.rdtype == _OPT), None)
    rcode = _rcode(sections, options)
    if rcode not in {"NOERROR", "NXDOMAIN"}:
        return Response(rcode, extra=_extended_error(sections, options))
    chain, ttls, problem = _follow(sections, answer, labels, rdtype)
    end = chain[-1] if chain else labels
    final = [
        record for record in answer if record.owner == end and record.rdtype == rdtype and record.rdclass == _IN
    ]
    negative_ttl = None if final else _negative_ttl(sections, authority, end)
    ttls += [record.ttl for record in final] + ([] if negative_ttl is None else [negative_ttl])
    if negative_ttl is None and not (final or chain or problem) and (everything or sections.is_longer):
        problem = "the answer holds records, and none of them belongs to the question"
    unresolved = not final and rcode == "NOERROR" and negative_ttl is None
    return Response(
        rcode,
        tuple(text_of(target) for target in chain),
        _records(sections, final),
        min(ttls, default=None),
        is_open=unresolved and bool(chain) and problem is None,
        is_referral=unresolved and not chain and _only_names_servers(sections, authority),
        authenticated=bool(sections.flags & _AUTHENTIC_DATA),
        problem=problem,
    )


def _rcode(sections: Sections, options: WireRecord | None) -> str:
    low = sections.flags & 0x000F
    # The TTL of an OPT record begins with the upper eight bits (RFC 6891, section 6.1.3).
    high = sections.wire[options.start - 6] if options is not None else 0
    return dns.rcode.to_text(dns.rcode.Rcode.make(high << 4 | low))


def _records(sections: Sections, final: Sequence[WireRecord]) -> tuple[Rdata, ...]:
    unique = {sections.wire[record.start : record.start + record.length]: record for record in reversed(final)}
    if len(unique) > _MAX_RECORDS:
        # Compressed names make a few octets cost much: a message full of them would keep us busy for seconds.
        raise Malformed(f"more than {_MAX_RECORDS} records of one type")
    return tuple(
        dns.rdata.from_wire(
            dns.rdataclass.IN,
            dns.rdatatype.RdataType.make(record.rdtype),
            sections.wire,
            record.start,
            record.length,
        )
        for record in reversed(unique.values())
    )


def _follow(
    sections: Sections, answer: Sequence[WireRecord], labels: Labels, rdtype: int
) -> tuple[list[Labels], list[int], str | None]:
    aliases = {record.owner: record for record in reversed(answer) if record.rdtype == _CNAME}
    present = {record.owner for record in answer if record.rdtype == rdtype}
    chain: list[Labels] = []
    ttls: list[int] = []
    end = labels
    while end not in present and (alias := aliases.get(end)):
        end = sections.name_at(alias.start)[0]
        chain.append(end)
        ttls.append(alias.ttl)
        problem = chain_problem(labels, chain)
        if problem:
            return chain, ttls, problem
    return chain, ttls, None


def _negative_ttl(sections: Sections, authority: Sequence[WireRecord], name: Labels) -> int | None:
    """Return how long the absence may be cached (RFC 2308, section 5), `None` without an SOA record."""
    for record in authority:
        above = name[len(name) - len(record.owner) :] if len(record.owner) <= len(name) else None
        if record.rdtype == _SOA and above == record.owner and record.length >= 4:  # noqa: PLR2004 - four octets
            (minimum,) = struct.unpack_from("!I", sections.wire, record.start + record.length - 4)
            return min(record.ttl, int(minimum))
    return None


def _only_names_servers(sections: Sections, authority: Sequence[WireRecord]) -> bool:
    can_answer = sections.flags & (_AUTHORITATIVE | _RECURSION_AVAILABLE)
    return not can_answer and any(record.rdtype == _NS for record in authority)


def _extended_error(sections: Sections, options: WireRecord | None) -> str | None:
    """Return the server's own explanation (RFC 8914), made printable."""
    for code, data in sections.options(options) if options is not None else ():
        if code == _EXTENDED_ERROR and len(data) >= 2:  # noqa: PLR2004 - a 16-bit code, then text
            text = "".join(c for c in data[2:].decode("utf-8", "replace") if c.isprintable())[:_MAX_EXTRA_TEXT]
            return f"extended error {int.from_bytes(data[:2], 'big')}" + (f" ({text})" if text else "")
    return None
