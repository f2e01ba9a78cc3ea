"""The sub-domains under which bounce domains are usually set up: who takes the bounces there, and whose keys lie below."""

import asyncio
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mailaudit.facts.dns.answer import Answer, Resolver, Status, asked_at_once
from mailaudit.facts.dns.names import CONTROL
from mailaudit.facts.dns.records import mx_names
from mailaudit.facts.sender.origin.clues.delegations import bounce_clues, bounces_elsewhere, foreign_includes
from mailaudit.facts.sender.origin.clues.published_keys import Found, keys_at
from mailaudit.facts.sender.origin.evidence import Clue, Rank, at_most, platform_clues, shown_by
from mailaudit.knowledge import load
from mailaudit.knowledge.names import is_below
from mailaudit.knowledge.patterns import is_template
from mailaudit.knowledge.types.platform import Evidence, EvidenceKind, Match, Platform

# Names that nobody sets apart for anything but bounces.
_SET_APART = frozenset({"bounce", "bounces", "pm-bounces", "return"})
_AT = frozenset({EvidenceKind.SPF_INCLUDE, EvidenceKind.RETURN_PATH_TARGET, EvidenceKind.RETURN_PATH_MX})


async def bounce_names(domain: str, dns: Resolver, selectors: tuple[str, ...]) -> Found:
    """Return what lies at the usual names below a domain, unless every name seems to have it."""
    control = asyncio.ensure_future(_mx_and_txt(f"{CONTROL}.{domain}", dns))
    parts = await asked_at_once(dns, (_label(one, domain, dns, selectors, control) for one in known_labels()))
    answers = [answer for _, found in parts for answer in found]
    return [clue for clues, _ in parts for clue in clues], [*answers, *await control]


async def _label(
    label: str,
    domain: str,
    dns: Resolver,
    selectors: tuple[str, ...],
    control: asyncio.Future[tuple[Answer, Answer]],
) -> Found:
    name = f"{label}.{domain}"
    txt = await dns.query(name, "TXT")
    if _is_gone(txt):
        return [], (txt,)
    mx, (keys, key_answers), nobody = await asyncio.gather(
        dns.query(name, "MX"), _keys_below(name, txt, dns, selectors, control), control
    )
    is_alike = any(_is_alike(*pair) for pair in zip((mx, txt), nobody, strict=True))
    clues = () if is_alike else _label_clues(label, domain, mx, txt)
    return [*shown_by("bounces", clues), *keys], (mx, txt, *key_answers)


async def _keys_below(
    name: str,
    txt: Answer,
    dns: Resolver,
    selectors: tuple[str, ...],
    control: asyncio.Future[tuple[Answer, Answer]],
) -> Found:
    _, nobody = await control
    # Below an alias nothing lies, and where every name exists, that one does says nothing.
    is_own = txt.status in {Status.ANSWER, Status.NODATA} and not txt.cname_chain
    if not selectors or not is_own or nobody.status is not Status.NXDOMAIN:
        return [], ()
    return await keys_at(name, dns, selectors, dns.query(name, "TXT"))


async def _mx_and_txt(name: str, dns: Resolver) -> tuple[Answer, Answer]:
    txt = await dns.query(name, "TXT")
    return (txt if _is_gone(txt) else await dns.query(name, "MX")), txt


def _is_gone(txt: Answer) -> bool:
    """Say whether a name does not exist, and so has no records of any other type either (RFC 8020)."""
    return txt.status is Status.NXDOMAIN and not txt.cname_chain


def _is_alike(answer: Answer, control: Answer) -> bool:
    return control.status is Status.ANSWER and answer.records == control.records


def _label_clues(label: str, domain: str, mx: Answer, txt: Answer) -> Iterator[Clue]:
    name = f"{label}.{domain}"
    known = [
        *_bound_to(label, name, mx),
        *_bound_to(label, name, txt),
        *bounce_clues(Rank.PREPARED, name, mx),
        *bounce_clues(Rank.PREPARED, name, txt),
    ]
    unknown = bounces_elsewhere(Rank.PREPARED, name, mx, txt, domain, is_set_apart=label in _SET_APART)
    for clue in known or unknown:
        yield replace(clue, confidence=at_most(Rank.PREPARED, clue.confidence))


def _bound_to(label: str, name: str, answer: Answer) -> Iterator[Clue]:
    """Yield the services that place another one's name under a label of their own.

    A label that anybody may choose is no fingerprint: it shows who carries the mail, and nothing more.
    """
    for platform, item in _placed().get(label, ()):
        found = next((value for value in _values(answer, item.kind, name) if is_below(value, item.value)), None)
        if found:
            yield from platform_clues(Rank.PREPARED, (Match(platform, item, found),), f"{name} leads to {found}")


def _values(answer: Answer, kind: EvidenceKind, name: str) -> Iterable[str]:
    if kind is EvidenceKind.RETURN_PATH_TARGET:
        return answer.cname_chain
    if kind is EvidenceKind.RETURN_PATH_MX:
        return mx_names(answer) if answer.type == "MX" and answer.status is Status.ANSWER else ()
    return foreign_includes(answer, name) if answer.type == "TXT" else ()


@load.kept
def known_labels() -> tuple[str, ...]:
    """Return the labels under which bounce domains are usually set up, and those of particular platforms."""
    asked = {
        record.name
        for platform in load.platforms()
        for record in platform.records
        if record.purpose == "return-path" and record.is_probeable
    }
    return (*load.bounce_labels(), *sorted((asked | set(_placed())).difference(load.bounce_labels())))


@load.kept
def _placed() -> dict[str, list[tuple[Platform, Evidence]]]:
    usual = frozenset(load.bounce_labels())
    found: dict[str, list[tuple[Platform, Evidence]]] = {}
    for platform in load.platforms():
        for item in platform.evidence:
            if item.at and item.at not in usual and item.kind in _AT and not is_template(item.at):
                found.setdefault(item.at, []).append((platform, item))
    return found
