"""SPF records that may put a finding right: the published text with as little changed as will do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.facts.dns.answer import Answer
from mailaudit.facts.sender.lookalikes import Meant
from mailaudit.facts.sender.spf.record import select
from mailaudit.remedies import campaign_senders
from mailaudit.remedies.draft import Draft, Undecided, World, shown
from mailaudit.remedies.spf_parts import SpfParts, joined, parts_of, without
from mailaudit.remedies.spf_terms import Terms
from mailaudit.remedies.spf_text import SpfText, read

_LET_IN_EVERYBODY = {"all", "+all"}
_MOST_NOTES = 8


@dataclass(frozen=True, slots=True)
class _Published:
    """The records at a name that are SPF, or were meant as such, as published and as meant."""

    raw: tuple[str, ...]
    texts: tuple[SpfText, ...]


async def spf_drafts(change: ChangeSpf, world: World) -> AsyncIterator[Draft]:
    """Yield drafts, the one that changes least first; raises `Undecided`."""
    published = _read(await world.published(change.domain))
    texts = published.texts
    orders = (texts, texts[::-1]) if len(texts) > 1 else (texts,)
    terms = Terms(world, change.domain)
    for order in orders:
        merged = joined([parts_of(text) for text in order]) if order else SpfParts()
        async for parts, notes in _edited(change, merged, terms):
            for record, adds, more in _allowing(change, parts, world, is_new=not texts):
                if not record.body and any(parts_of(text).body for text in texts):
                    continue  # nobody could send any more
                yield Draft(
                    records=(await world.change(change.domain, record.text, replaces=published.raw),),
                    notes=(*_slips(texts), *notes, *more),
                    texts=tuple([await terms.closed(text) for text in texts]),
                    adds=(*adds, *(merged.tail if change.aim is SpfAim.REACH else ()), *_turned(merged, record)),
                )


def _read(answer: Answer) -> _Published:
    records = [tuple(getattr(record, "strings", ())) for record in answer.records]
    chosen = [strings for strings in records if select([b"".join(strings)])]
    chosen = chosen or [strings for strings in records if Meant.SPF.is_meant_by(b"".join(strings))]
    chosen.sort()
    texts = tuple(read(strings) for strings in chosen)
    question = next((text.question for text in texts if text.question), None)
    if question:
        raise Undecided(f"the SPF record does not tell {question}")
    return _Published(tuple(shown(b"".join(strings)) for strings in chosen), tuple(dict.fromkeys(texts)))


async def _edited(
    change: ChangeSpf, parts: SpfParts, terms: Terms
) -> AsyncIterator[tuple[SpfParts, tuple[str, ...]]]:
    """Yield the record with its aim reached, the milder edit first."""
    if parts.ending in _LET_IN_EVERYBODY or change.aim is SpfAim.CLOSE:
        closed, dropped = await terms.without_open_doors(parts)
        parts = replace(closed, ending="~all" if parts.ending in {*_LET_IN_EVERYBODY, None} else parts.ending)
        notes = (f"Without {', '.join(dropped)}, which let everybody send.",) if dropped else ()
    else:
        notes = ()
    if change.aim is SpfAim.END:
        parts = replace(parts, ending="~all")
    if change.aim is SpfAim.REACH:
        included = tuple(f"include:{name}" for name in parts.redirects)
        parts = replace(parts, body=(*parts.body, *parts.tail, *included), tail=(), redirects=())
    yield parts, notes
    if change.aim in {SpfAim.REPAIR, SpfAim.SHORTEN, SpfAim.JOIN}:
        lively, dead = await terms.without_dead(parts, includes=change.aim is not SpfAim.SHORTEN)
        if dead:
            notes = (
                *notes,
                f"Without {', '.join(dead)}, where nothing is; if a name is misspelt, correct it instead.",
            )
            yield lively, notes
        flat, replaced = await terms.flattened(lively)
        if replaced:
            told = f"{', '.join(replaced)} stand in it as addresses: change the record when these hosts move."
            yield flat, (*notes, told)


def _allowing(
    change: ChangeSpf, parts: SpfParts, world: World, *, is_new: bool
) -> Iterator[tuple[SpfParts, tuple[str, ...], tuple[str, ...]]]:
    """Yield the record as it is, then with the campaign's senders in front, in each way that is known."""
    facts = world.facts
    closes = change.aim is SpfAim.CLOSE
    ways = campaign_senders.alternatives(facts)
    if not ways and (is_new or closes):
        raise Undecided("nobody has said which servers or service send this campaign")
    daily = campaign_senders.daily_mail(facts, change.domain) if is_new or closes else ()
    notes = tuple(f"{term} is in it because the mailboxes of {change.domain} are there (MX)." for term in daily)
    parts = replace(parts, ending=parts.ending or "~all") if is_new else parts
    if not is_new:
        yield _with(parts, daily), daily, notes
    for way in ways:
        yield _with(parts, (*way, *daily)), (*way, *daily), notes


def _with(parts: SpfParts, front: Iterable[str]) -> SpfParts:
    terms = tuple(dict.fromkeys(front))
    return replace(parts, body=(*terms, *without(parts.body, terms)), tail=without(parts.tail, terms))


def _turned(before: SpfParts, record: SpfParts) -> tuple[str, ...]:
    """Return the includes that a redirect has become."""
    return tuple(f"include:{name}" for name in before.redirects if name not in record.redirects)


def _slips(texts: Iterable[SpfText]) -> tuple[str, ...]:
    pairs = [pair for text in texts for pair in text.slips]
    told = [f"“{old}” is read as {new}." if new else f"“{old}” is left out." for old, new in pairs]
    return tuple(dict.fromkeys(told))[:_MOST_NOTES]
