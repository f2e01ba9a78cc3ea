"""DMARC records that may put a finding right: the published text with as little changed as will do."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

from mailaudit.checks.change import ChangeDmarc, DmarcAim
from mailaudit.checks.remedy import Stage
from mailaudit.facts.dns.answer import readable
from mailaudit.facts.observed import Unavailable
from mailaudit.facts.sender.dmarc.alignment import Mechanism
from mailaudit.facts.sender.dmarc.outcome import by_suffix_list, by_tree_walk, expected_outcome
from mailaudit.facts.sender.dmarc.record import REMOVED_TAGS, Policy, select
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.remedies.dmarc_text import VERSION, joined, read, report_uris
from mailaudit.remedies.draft import Draft, Moved, Undecided, World
from mailaudit.remedies.tag_text import TagText, read_tags

_REPORT_DAYS = 14
_CONDITION = (
    "the DMARC reports of two weeks show that all mail of yours passes, the daily mail and every service included"
)
RELAXED = "domains of the same organization are to count for DMARC as well"
"""The condition of a record that lets more count than the campaign needs."""
ONCE_IT_PASSES = "this campaign passes DMARC"
"""The condition of a policy that would hit the campaign today."""
_NO_ADDRESS = (
    "It asks for no reports, because no address for them is known: add rua=mailto: with one that is read."
)


async def dmarc_drafts(change: ChangeDmarc, world: World) -> AsyncIterator[Draft]:
    """Yield the draft for one aim; raises `Undecided`."""
    if change.aim is DmarcAim.STAND_AT_FROM:
        yield await _at_from(world)
        return
    name = f"_dmarc.{change.domain}"
    texts = await _published(name, world)
    raw = tuple(readable(text) for text in texts)
    moved = Moved() if texts else await world.moved(name)
    texts = texts or list(moved.texts)
    if not texts:
        yield await _new(change, name, world)
        return
    before = joined([read(text) for text in sorted(texts)])
    notes = (*moved.notes, *_notes([readable(text) for text in texts], before))
    for after in _EDITS[change.aim](before, world):
        stage, condition = _stage(change, before, after, world)
        records = (await world.change(name, after.text, replaces=raw), *moved.gone)
        yield Draft(records, notes, stage, condition, wait_days=_REPORT_DAYS if condition == _CONDITION else None)


async def _published(name: str, world: World) -> list[bytes]:
    found = (await world.published(name)).texts()
    return list(select(found)) or [text for text in found if Meant.DMARC.is_meant_by(text)]


async def _new(change: ChangeDmarc, name: str, world: World) -> Draft:
    if change.aim is not DmarcAim.PUBLISH:
        raise Undecided(f"nothing that can be read stands at {name}")
    reports = _known_address(world)
    record = TagText(VERSION, (("p", "none"), *((("rua", reports),) if reports else ())))
    notes = (f"Reports go to {reports}, which your other records use.",) if reports else (_NO_ADDRESS,)
    return Draft((await world.change(name, record.text),), notes)


async def _at_from(world: World) -> Draft:
    """Return the policy that applies to the From domain by either method, as a record of its own."""
    sender = world.facts.sender
    found = [one.value for one in (sender.dmarc.tree_walk, sender.dmarc.suffix_list) if one.value]
    policies = [policy for one in found if one.record and (policy := sender.dmarc.policy_of(one))]
    if not policies:
        raise Undecided("no policy applies yet")
    strictest = max(policies, key=list(Policy).index)
    record = TagText(VERSION, (("p", strictest.value),))
    for one in found:
        if one.record and one.published_at and world.is_own(one.published_at):
            above = read(one.record.text.encode())
            for tag in ("rua", "ruf", "fo", "adkim", "aspf"):
                record = record.having(tag, record.value(tag) or above.value(tag))
    return Draft((await world.change(f"_dmarc.{sender.from_domain}", record.text),))


def _enforced(record: TagText, world: World) -> Iterator[TagText]:
    if not record.value("rua"):
        raise Undecided(
            "no reports arrive yet, so nobody knows what a stricter policy would hit: ask for reports first"
        )
    if not _campaign_passes(world):
        raise Undecided(
            "it is not shown that this campaign itself passes DMARC, and a stricter policy would hit it first"
        )
    for name in ("p", "sp", "np"):
        if record.value(name) == Policy.NONE:
            record = record.having(name, Policy.QUARANTINE.value)
    yield record.having("t", None)


def _with_reports(record: TagText, world: World) -> Iterator[TagText]:
    given = record.value("rua") or ""
    mailbox = None if "mailto:" in given else _known_address(world)
    if mailbox is None and "mailto:" not in given:
        raise Undecided("no address for reports is known: choose one that is read, and add rua=mailto: with it")
    yield record.having("rua", ",".join(filter(None, (given, mailbox))))


def _without_outdated(record: TagText, world: World) -> Iterator[TagText]:
    if _softens(record) and not _campaign_passes(world):
        raise Undecided(
            "it is not shown that this campaign itself passes DMARC, and without pct= more receivers would act on that"
        )
    for name in REMOVED_TAGS:
        record = record.having(name, None)
    yield record


def _relaxed(record: TagText, world: World) -> Iterator[TagText]:
    """Yield the record without strict alignment of one mechanism that it keeps from counting, then of both."""
    sender = world.facts.sender
    failing = {_TAGS[one.identifier.mechanism] for one in sender.dmarc.aligned if one.fails_by_strictness}
    strict = [name for name in ("adkim", "aspf") if name in failing and record.value(name) == "s"]
    if not any(key.answer.is_known and key.is_usable for key in sender.dkim):
        strict.reverse()  # what passes is to count
    for name in strict:
        yield record.having(name, None)
    if strict[1:]:
        yield record.having("adkim", None).having("aspf", None)


def _same(record: TagText, _: World) -> Iterator[TagText]:
    yield record


_TAGS = {Mechanism.DKIM: "adkim", Mechanism.SPF: "aspf"}
_EDITS: dict[DmarcAim, Callable[[TagText, World], Iterator[TagText]]] = {
    DmarcAim.PUBLISH: _same,
    DmarcAim.REPAIR: _same,
    DmarcAim.ENFORCE: _enforced,
    DmarcAim.ASK_FOR_REPORTS: _with_reports,
    DmarcAim.DROP_OUTDATED: _without_outdated,
    DmarcAim.RELAX: _relaxed,
}


def _stage(change: ChangeDmarc, before: TagText, after: TagText, world: World) -> tuple[Stage, str | None]:
    if change.aim is DmarcAim.RELAX:
        return (Stage.OPTIONAL, RELAXED) if _passes(world) else (Stage.NOW, None)
    if change.aim is DmarcAim.ENFORCE or (change.aim is DmarcAim.DROP_OUTDATED and _softens(before)):
        return Stage.LATER, _CONDITION
    condition = _if_it_passes(after, world)
    return (Stage.LATER, condition) if condition else (Stage.NOW, None)


def _if_it_passes(record: TagText, world: World) -> str | None:
    """Return the condition under which a repaired policy may be stricter than the one that applies today."""
    try:
        today = world.facts.sender.dmarc.policy
    except Unavailable:
        return None
    stricter = list(Policy).index(Policy(record.value("p") or "none")) > list(Policy).index(today or Policy.NONE)
    return ONCE_IT_PASSES if stricter and _passes(world) is False else None


def _softens(record: TagText) -> bool:
    return record.value("pct") not in {None, "100"} and record.value("p") != Policy.NONE


def _campaign_passes(world: World) -> bool:
    return _passes(world) is True


def _passes(world: World) -> bool | None:
    """Say whether the campaign passes DMARC everywhere; missing when that cannot be told."""
    sender = world.facts.sender
    try:
        outcomes = [expected_outcome(sender, reading).passes for reading in (by_tree_walk, by_suffix_list)]
    except Unavailable:
        return None
    return False if False in outcomes else None if None in outcomes else True


def _known_address(world: World) -> str | None:
    """Return the addresses to which the organization already lets reports be sent."""
    sender = world.facts.sender
    organization = organizational_domain(sender.from_domain)
    found: list[str] = []
    for published in sender.dmarc.published.values():
        own = is_at_or_under(published.domain, organization) and published.answer.is_known
        for record in published.records if own else ():
            found.extend(uri.text for uri in record.rua if uri.mailbox)
    answer = sender.transport.tls_rpt_answer
    for text in answer.texts() if answer.is_known else ():
        with suppress(Undecided):
            tags = dict(read_tags(text, "TLSRPTv1", ("v", "rua")))
            uris = report_uris(tags.get("rua", ""), "rua")
            found.extend(one for one in uris if one.startswith("mailto:"))
    return min(found) if found else None


def _notes(texts: list[str], record: TagText) -> tuple[str, ...]:
    if len(texts) > 1:
        return ("Of the records that stand there it keeps the strictest policy and every address for reports.",)
    policy = record.value("p")
    if not re.search(rf"(?:^|\W)p={policy}\b", texts[0].replace(" ", ""), re.IGNORECASE):
        return (f"Its policy is read as p={policy}: make sure that this is what you mean.",)
    return ()


def organization_policy(world: World, domain: str) -> TagText | None:
    """Return a record for a new sub-domain with the organization's own policy and reports, if it publishes any."""
    sender = world.facts.sender
    found = sender.dmarc.tree_walk.value
    if not found or not found.record or not found.published_at or not world.is_own(found.published_at):
        return None
    try:
        above = read(found.record.text.encode())
    except Undecided:
        return None
    keeps = {"rua", "ruf", "fo"}
    record = TagText(VERSION, (("p", above.value("p") or "none"), *((n, v) for n, v in above.tags if n in keeps)))
    return record if is_at_or_under(domain, found.published_at) else None
