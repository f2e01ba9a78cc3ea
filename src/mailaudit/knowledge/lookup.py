"""Finds platforms by what is seen of them; pure, and fast after the first question."""

import difflib
import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Literal

from mailaudit.knowledge import load
from mailaudit.knowledge.names import SuffixIndex, found_by_name, names_of, normal, plain
from mailaudit.knowledge.patterns import MAX_SUBJECT, glob_regex
from mailaudit.knowledge.types.platform import Evidence, EvidenceKind, Match, OtherService, Platform

Claim = tuple[Platform, Evidence]
Trace = Literal[
    "spf-include", "dkim-target", "dkim-domain", "return-path", "return-path-target", "return-path-mx", "name-server",
    "tracking-target", "reverse-name", "smtp-host",
]  # fmt: skip
# A name that is known from one of these traces says as much where it stands as the other.
_ALSO = {
    "dkim-target": EvidenceKind.DKIM_DOMAIN,
    "dkim-domain": EvidenceKind.DKIM_TARGET,
    "return-path": EvidenceKind.RETURN_PATH_TARGET,
    "return-path-target": EvidenceKind.RETURN_PATH,
    "tracking-target": EvidenceKind.LINK_DOMAIN,
}


def platforms_by(trace: Trace, name: str) -> tuple[Match, ...]:
    """Return the platforms to which a name leads, the most certain first.

    It is what SPF includes, a DKIM key, a MAIL FROM or a link domain is an alias of, a signature says (`d=`), the domain of
    MAIL FROM or HELO, the MX host or the name server of a customer's sub-domain, a reverse name, or a server that takes mail.
    """
    found = _by_name(EvidenceKind(trace), name)
    return _by_name(_ALSO[trace], name) if not found and trace in _ALSO else found


def platform_by_dkim_selector(selector: str) -> tuple[Match, ...]:
    """Return the platforms that ask their customers to publish a selector; empty when others use that name too."""
    wanted = selector.strip().lower()
    if wanted in load.shared_selectors():
        return ()
    claims = _pattern_claims(EvidenceKind.DKIM_SELECTOR)
    found = _matches(((p, e) for pattern, p, e in claims if pattern.fullmatch(wanted)), wanted)
    return found if len({match.platform.id for match in found}) == 1 else ()


def platform_by_address(address: IPv4Address | IPv6Address) -> tuple[Match, ...]:
    """Return the platforms that hold the address."""
    ranges = _ranges()
    return _matches(((p, e) for network, p, e in ranges if address in network), str(address))


def platform_by_header(name: str, value: str) -> tuple[Match, ...]:
    """Return the platforms that write such a header field."""
    wanted, text = name.strip().lower(), value[:MAX_SUBJECT]
    claims = _headers()
    hits = (
        (p, e)
        for field, content, p, e in claims
        if field.fullmatch(wanted) and (not content or content.match(text))
    )
    return _matches(hits, name)


def platform_by_link(url: str) -> tuple[Match, ...]:
    """Return the platforms that a link betrays, by its host (a bare domain is taken too) or by its path."""
    text = url.strip()[:MAX_SUBJECT]
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text, flags=re.IGNORECASE)
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    by_host = _by_name(EvidenceKind.LINK_DOMAIN, host)
    if by_host or "/" not in text.partition("://")[2]:
        return by_host
    claims = _pattern_claims(EvidenceKind.LINK_TEXT)
    return _matches(((p, e) for pattern, p, e in claims if pattern.search(text)), text[:200])


def other_service(name: str) -> OtherService | None:
    """Return the service known by name alone under whose domains a name lies."""
    return _other_services().first(name)


def other_service_named(text: str) -> OtherService | None:
    """Return the service known by name alone that a word names, by its name or one of its domains."""
    wanted = plain(text)
    return next(
        (one for one in load.other_services() if wanted in {plain(name) for name in (one.name, *one.domains)}),
        None,
    )


def platform_named(text: str) -> Platform | None:
    """Return the platform with this id, name or alias; upper case, spaces and punctuation do not matter."""
    return found_by_name(text, _named())


def platform_meant(text: str) -> Platform | None:
    """Return the platform that the writer of a name may have meant."""
    names = _named()
    close = difflib.get_close_matches(plain(text)[:100], list(names), n=1, cutoff=0.7)
    return names[close[0]] if close else None


def _by_name(kind: EvidenceKind, name: str) -> tuple[Match, ...]:
    groups = _index(kind).find(name)
    if not groups:
        return ()
    owners = {platform.id for platform, _ in groups[0]}
    return _matches((claim for group in groups for claim in group if claim[0].id in owners), normal(name))


def _matches(claims: Iterable[Claim], seen: str) -> tuple[Match, ...]:
    best: dict[str, Match] = {}
    for platform, evidence in claims:
        match = Match(platform, evidence, seen)
        if platform.id not in best or match.confidence.rank > best[platform.id].confidence.rank:
            best[platform.id] = match
    return tuple(sorted(best.values(), key=lambda match: -match.confidence.rank))


def _claims(kind: EvidenceKind) -> Iterable[Claim]:
    return ((p, e) for p in load.platforms() for e in p.evidence if e.kind is kind)


@load.kept
def _index(kind: EvidenceKind) -> SuffixIndex[Claim]:
    # A transport's name at a label of the sender's own is a trace of the service above it only together with the label.
    bare = kind in {EvidenceKind.SPF_INCLUDE, EvidenceKind.RETURN_PATH_MX}
    return SuffixIndex((e.value, (p, e)) for p, e in _claims(kind) if not (bare and e.at))


@load.kept
def _other_services() -> SuffixIndex[OtherService]:
    return SuffixIndex((name, service) for service in load.other_services() for name in service.domains)


@load.kept
def _pattern_claims(kind: EvidenceKind) -> tuple[tuple[re.Pattern[str], Platform, Evidence], ...]:
    return tuple((glob_regex(e.value), p, e) for p, e in _claims(kind))


@load.kept
def _headers() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, Platform, Evidence], ...]:
    found = []
    for platform, evidence in _claims(EvidenceKind.HEADER):
        field, _colon, content = evidence.value.partition(":")
        pattern = glob_regex(content.strip()) if content.strip() else None
        found.append((glob_regex(field.strip().lower()), pattern, platform, evidence))
    return tuple(found)


@load.kept
def _ranges() -> tuple[tuple[IPv4Network | IPv6Network, Platform, Evidence], ...]:
    return tuple((ip_network(e.value), p, e) for p, e in _claims(EvidenceKind.IP_RANGE))


@load.kept
def _named() -> dict[str, Platform]:
    found = {plain(platform.id): platform for platform in load.platforms()}
    for platform in load.platforms():
        for name in names_of(platform):
            found.setdefault(name, platform)
    return found
