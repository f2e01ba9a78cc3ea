"""The names at which people publish a record by mistake, all asked at once when it is missing, and aliases."""

import asyncio
import re
from collections.abc import Awaitable, Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from mailaudit.facts.dns.answer import Answer, Resolver, Status, asked_at_once
from mailaudit.facts.dns.names import CONTROL
from mailaudit.facts.sender.claims import SenderClaims
from mailaudit.facts.sender.dkim.selectors import Signers
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.names import is_askable, is_at_or_under, organizational_domain

_NOBODY = re.compile(rb"v=spf1\s+[-~?]all\s*", re.IGNORECASE)
_MOST_SELECTORS = 10
_MOST_CROWDED = 20


class Slip(StrEnum):
    """What went wrong with a name."""

    ZONE_TWICE = "the panel added the zone's name a second time"
    LABEL_TWICE = "the label stands in it twice"
    AT_SIGN = "the @ sign was taken for a label"
    NO_UNDERSCORE = "the underscore is missing"
    NO_DOMAINKEY = "the part _domainkey is missing"
    OTHER_DOMAIN = "it stands under the organizational domain"
    APEX = "it stands at the domain itself"
    WWW = "it stands at the web site's name"
    FOR_INCLUDES = "it counts there only for a record that includes it"

    @property
    def is_useless(self) -> bool:
        """Whether nobody can have meant the record to stand there as well."""
        return self not in {Slip.OTHER_DOMAIN, Slip.WWW, Slip.FOR_INCLUDES}


class WrongName(Struct, frozen=True):
    """A name at which the record that belongs to `right` may have been published, and what is there."""

    kind: Meant
    right: str
    name: str
    slip: Slip
    answer: Answer

    @property
    def texts(self) -> tuple[bytes, ...]:
        """The texts there that were meant as such a record; raises `Unavailable` when DNS did not answer."""
        return tuple(text for text in self.answer.texts() if self.kind.is_meant_by(text))


class Misplaced(Struct, frozen=True):
    """The texts at a wrong name that are the record which is missing at the right one."""

    wrong: WrongName
    texts: tuple[bytes, ...]


class Alias(Struct, frozen=True):
    """The CNAME answer for a name, and those of other types at the same name."""

    cname: Answer
    others: tuple[Answer, ...]

    def __str__(self) -> str:
        """Return the name."""
        return self.cname.name

    @property
    def beside(self) -> tuple[Answer, ...]:
        """The answers with records of the name's own, which no alias may have; raises `Unavailable`."""
        if not self.cname.known_records():
            return ()
        own = [one for one in self.others if not one.cname_chain]
        found = tuple(one for one in own if one.records)
        for one in own if not found else ():
            one.known_records()
        return found


class WrongNames(Struct, frozen=True):
    """Every wrong name that was asked; `control` is the answer for a name that nobody chose, which a wildcard fills.

    `aliases` tell of the sender's right names whether they are aliases.
    """

    tried: tuple[WrongName, ...]
    control: Answer
    aliases: tuple[Alias, ...]

    def of(self, right: str) -> tuple[WrongName, ...]:
        """Return what was asked for the record that belongs to a name."""
        return tuple(one for one in self.tried if one.right == right)

    def is_wildcard(self, answer: Answer) -> bool:
        """Say whether the alias of an answer is the one that every name of the organization has."""
        return bool(answer.cname_chain) and answer.cname_chain == self.control.cname_chain

    def unfinished_alias(self, answer: Answer) -> tuple[str, str] | None:
        """Return an alias whose target lacks its final dot, so that the zone's name was added, and the target that was meant.

        It is told by a target below the zone, where nothing is, and which is a whole name without the zone's.
        """
        nothing = {Status.NXDOMAIN, Status.NXDOMAIN if self.control.cname_chain else self.control.status}
        if answer.records or not answer.cname_chain or answer.status not in nothing - {Status.ANSWER}:
            return None
        alias, target = (answer.name, *answer.cname_chain)[-2:]
        meant = target.removesuffix(f".{organizational_domain(alias)}")
        is_whole = meant != target and "." in meant and "_" not in meant.rpartition(".")[2]
        return (alias, meant) if is_whole else None

    def misplaced(self, right: str) -> Misplaced | None:
        """Return where the record that belongs to a name stands instead; names that did not answer are passed over."""
        for wrong in self.of(right):
            texts = wrong.texts if wrong.answer.is_known else ()
            found = tuple(text for text in texts if not self._is_meant_there(wrong.kind, text))
            if found:
                return Misplaced(wrong, found)
        return None

    def _is_meant_there(self, kind: Meant, text: bytes) -> bool:
        """Say whether a text is there on purpose: under every name, or to say that a name sends nothing."""
        is_wildcard = self.control.is_known and text in self.control.texts()
        return is_wildcard or (kind is Meant.SPF and bool(_NOBODY.fullmatch(text)))


async def observe_wrong_names(
    claims: SenderClaims, organization: str, signers: Awaitable[Signers], dns: Resolver
) -> WrongNames:
    """Ask the wrong names of all records that the sender's own zone must hold; never raises for what DNS does."""
    first = asyncio.gather(
        _ask(_of_domains(claims, organization), dns),
        _aliases((claims.from_domain, claims.mail_from_domain, organization), organization, dns),
        asyncio.gather(*(_alias(name, types, dns) for name, types in _crowded(dns, organization))),
        dns.query(f"{CONTROL}.{organization}", "TXT"),
    )
    selectors = [one for one in (await signers).selectors if is_at_or_under(one.domain, organization)]
    keys, key_aliases, (tried, aliases, crowded, control) = await asyncio.gather(
        _ask((place for one in selectors[:_MOST_SELECTORS] for place in _of_key(one.selector, one.domain)), dns),
        asyncio.gather(*(_alias(one.name, ("TXT",), dns) for one in selectors[:_MOST_SELECTORS])),
        first,
    )
    return WrongNames((*tried, *keys), control, _distinct(aliases, key_aliases, crowded))


_Place = tuple[Meant, str, str, Slip]


def _of_domains(claims: SenderClaims, organization: str) -> Iterator[_Place]:
    domain, bounces = claims.from_domain, claims.mail_from_domain
    if is_at_or_under(bounces, organization):
        for zone in dict.fromkeys((organization, bounces)):
            yield Meant.SPF, bounces, f"{bounces}.{zone}", Slip.ZONE_TWICE
        yield Meant.SPF, bounces, f"@.{bounces}", Slip.AT_SIGN
        yield Meant.SPF, bounces, f"www.{bounces}", Slip.WWW
        yield Meant.SPF, bounces, f"_spf.{bounces}", Slip.FOR_INCLUDES
        yield Meant.SPF, bounces, f"spf.{bounces}", Slip.FOR_INCLUDES
    for owner in dict.fromkeys((domain, organization)):
        right = f"_dmarc.{owner}"
        # A sub-domain may be a zone of its own.
        for zone in dict.fromkeys((organization, owner)):
            yield Meant.DMARC, right, f"{right}.{zone}", Slip.ZONE_TWICE
        yield Meant.DMARC, right, f"_dmarc.{right}", Slip.LABEL_TWICE
        yield Meant.DMARC, right, f"dmarc.{owner}", Slip.NO_UNDERSCORE
        yield Meant.DMARC, right, owner, Slip.APEX
        yield Meant.DMARC, right, f"_dmarc.www.{owner}", Slip.WWW
    for kind, prefix in (
        (Meant.MTA_STS, "_mta-sts"),
        (Meant.TLS_RPT, "_smtp._tls"),
        (Meant.BIMI, "default._bimi"),
    ):
        yield kind, f"{prefix}.{domain}", f"{prefix}.{domain}.{organization}", Slip.ZONE_TWICE


def _of_key(selector: str, domain: str) -> Iterator[_Place]:
    right, zone = f"{selector}._domainkey.{domain}".lower(), organizational_domain(domain)
    yield Meant.DKIM, right, f"{right}.{zone}", Slip.ZONE_TWICE
    yield Meant.DKIM, right, f"{selector}.domainkey.{domain}", Slip.NO_UNDERSCORE
    yield Meant.DKIM, right, f"{selector}.{domain}", Slip.NO_DOMAINKEY
    yield Meant.DKIM, right, domain, Slip.APEX
    yield Meant.DKIM, right, f"{selector}._domainkey.www.{domain}", Slip.WWW
    if domain != zone:
        yield Meant.DKIM, right, f"{right}.{domain}", Slip.ZONE_TWICE
        yield Meant.DKIM, right, f"{selector}._domainkey.{zone}", Slip.OTHER_DOMAIN


async def _ask(places: Iterator[_Place], dns: Resolver) -> tuple[WrongName, ...]:
    by_right: dict[tuple[Meant, str], list[_Place]] = {}
    for place in places:
        by_right.setdefault(place[:2], []).append(place)
    found = await asked_at_once(dns, (_of_right(*one, places, dns) for one, places in by_right.items()))
    return tuple(one for part in found for one in part)


async def _of_right(kind: Meant, right: str, places: list[_Place], dns: Resolver) -> tuple[WrongName, ...]:
    """Ask the wrong names at once, unless the record stands where it belongs, which others ask anyway."""
    answer = await dns.query(right, "TXT")
    if answer.is_known and any(kind.is_meant_by(text) for text in answer.texts()):
        return ()
    wanted = [place for place in places if is_askable(place[2])]
    answers = await asked_at_once(dns, (dns.query(name, "TXT") for _, _, name, _ in wanted))
    return tuple(WrongName(*place, answer) for place, answer in zip(wanted, answers, strict=True))


async def _aliases(domains: tuple[str, ...], organization: str, dns: Resolver) -> tuple[Alias, ...]:
    own = [domain for domain in dict.fromkeys(domains) if is_at_or_under(domain, organization)]
    places = [(domain, ("TXT", "MX", "A")) for domain in own] + [(f"_dmarc.{domain}", ("TXT",)) for domain in own]
    return tuple(await asked_at_once(dns, (_alias(name, types, dns) for name, types in places)))


async def _alias(name: str, types: tuple[str, ...], dns: Resolver) -> Alias:
    cname, *others = await asked_at_once(dns, (dns.query(name, one) for one in ("CNAME", *types)))
    return Alias(cname, tuple(others))


def _crowded(dns: Resolver, organization: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what zone files show without being asked: the sender's aliases with the types that stand beside them."""
    shown = getattr(getattr(dns, "source", None), "crowded_aliases", ())
    return tuple((name, types) for name, types in shown if is_at_or_under(name, organization))[:_MOST_CROWDED]


def _distinct(*found: Iterable[Alias]) -> tuple[Alias, ...]:
    return tuple({str(alias): alias for part in found for alias in part}.values())
