"""SPF records that may put a finding right: the published text with as little changed as will do."""

from collections.abc import AsyncIterator, Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.checks.remedy import Stage
from mailaudit.facts.dns.answer import Answer, Status, readable
from mailaudit.facts.sender.lookalikes import Meant, is_sender_id
from mailaudit.facts.sender.spf.record import select
from mailaudit.remedies.draft import Draft, Moved, Undecided, World
from mailaudit.remedies.spf import campaign_senders
from mailaudit.remedies.spf.daily_mail import DailyMail, daily_mail
from mailaudit.remedies.spf.parts import SpfParts, copied, joined, parts_of, reached, without
from mailaudit.remedies.spf.terms import Terms
from mailaudit.remedies.spf.text import SpfText, read

_NOTHING = {Status.NODATA, Status.NXDOMAIN}
_LET_IN_EVERYBODY = {"all", "+all"}
_MOST_NOTES = 8
_SENDER_ID = "the servers that only the record of Sender ID (spf2.0) names are still to send"


class _Published(Struct, frozen=True):
    """The records at a name that are SPF, or were meant as such, as published and as meant.

    Where none is there, `texts` are those that stand elsewhere, out of `moved`.
    """

    raw: tuple[str, ...]
    texts: tuple[SpfText, ...]
    moved: Moved = field(default_factory=Moved)


async def spf_drafts(change: ChangeSpf, world: World) -> AsyncIterator[Draft]:
    """Yield drafts, the one that changes least first; raises `Undecided`."""
    published = await _published(change, world)
    texts = published.texts
    orders = (texts, texts[::-1]) if len(texts) > 1 else (texts,)
    terms = Terms(world, change.domain)
    for order in orders:
        parts = [parts_of(text) for text in order]
        merged = joined(parts, await terms.endings_behind(parts)) if order else SpfParts()
        async for edit in _all_edits(change, merged, terms, is_read=_is_read(published)):
            closes = change.aim is SpfAim.CLOSE or merged.ending in _LET_IN_EVERYBODY
            is_new = not published.raw
            daily = await daily_mail(world, change.domain) if is_new or closes else DailyMail()
            for record, adds in _allowing(edit.parts, world, daily.terms, is_new=is_new, closes=closes):
                if not record.body and any(parts_of(text).body for text in texts):
                    continue  # nobody could send any more
                placed = await world.change(change.domain, record.text, replaces=published.raw)
                stage, condition = _stage(published)
                alias = f"It has to stand at {placed.name}, of which {change.domain} is an alias."
                yield Draft(
                    records=(placed, *published.moved.gone),
                    notes=(
                        *published.moved.notes,
                        *_slips(texts),
                        *edit.notes,
                        *daily.notes,
                        *((alias,) if placed.name != change.domain else ()),
                    ),
                    stage=stage,
                    condition=condition,
                    texts=tuple([await terms.closed(text) for text in texts]),
                    adds=(*adds, *edit.adds, *_turned(merged, record)),
                )


async def _published(change: ChangeSpf, world: World) -> _Published:
    """Return what stands at a domain, else at a name where it was published by mistake, else under the type SPF."""
    domain = change.domain
    found = _read(await world.published(domain), joins=change.aim is SpfAim.JOIN)
    if found.texts:
        return found
    moved = await world.moved(domain)
    if moved.answer:
        there = _read(moved.answer, joins=True)
        if moved.gone:
            return _Published((), there.texts, moved)
        place = moved.answer.name
        kinds = {"mx": ("MX",), "a": ("A", "AAAA")}
        serving = [
            name
            for name, types in kinds.items()
            if any([(await world.dns.query(place, one)).status not in _NOTHING for one in types])
        ]
        return _Published((), tuple(copied(text, place, serving) for text in there.texts), moved)
    obsolete = await world.dns.query(domain, "SPF")
    return replace(_read(obsolete), raw=()) if obsolete.is_known else found


def _read(answer: Answer, *, joins: bool = False) -> _Published:
    """Return the records that receivers read, else those that were meant as such; both where they are to be joined."""
    records = [tuple(getattr(record, "strings", ())) for record in answer.records]
    chosen = [strings for strings in records if select([b"".join(strings)])]
    if joins or not chosen:
        chosen += [one for one in records if one not in chosen and Meant.SPF.is_meant_by(b"".join(one))]
    chosen.sort()
    texts = tuple(read(strings) for strings in chosen)
    question = next((text.question for text in texts if text.question), None)
    if question:
        raise Undecided(f"the SPF record does not tell {question}")
    return _Published(tuple(readable(b"".join(strings)) for strings in chosen), tuple(dict.fromkeys(texts)))


def _stage(published: _Published) -> tuple[Stage, str | None]:
    """Return when a record is to be published: servers that Sender ID alone names send only if they still are to."""
    ignored = [text for text in published.raw if not select([text.encode()])]
    if 0 < len(ignored) < len(published.raw) and all(map(is_sender_id, ignored)):
        return Stage.OPTIONAL, _SENDER_ID
    return Stage.NOW, None


class _Edit(Struct, frozen=True):
    """A record with its aim reached, what was done to it, and the terms that are new in it."""

    parts: SpfParts
    notes: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()


def _is_read(published: _Published) -> bool:
    return len(published.raw) == 1 and bool(select([published.raw[0].encode()]))


async def _all_edits(change: ChangeSpf, parts: SpfParts, terms: Terms, *, is_read: bool) -> AsyncIterator[_Edit]:
    """Yield the record with its aim reached; one that nobody reads as it is also with all in it where receivers reach it."""
    late = (*parts.tail, *(f"redirect={name}" for name in parts.redirects if parts.ending))
    if late and not is_read and change.aim is not SpfAim.REACH:
        told = (
            f"{', '.join(late)} stood behind all, where receivers never read it: leave it out if it is not meant."
        )
        async for edit in _edited(change, reached(parts), terms):
            yield replace(edit, notes=(*edit.notes, told), adds=(*edit.adds, *parts.tail))
    async for edit in _edited(change, parts, terms):
        yield edit


async def _edited(change: ChangeSpf, parts: SpfParts, terms: Terms) -> AsyncIterator[_Edit]:
    """Yield the record with its aim reached, the milder edit first."""
    tail = parts.tail
    if change.aim is SpfAim.REACH:
        parts = reached(parts)
    parts, dropped = await terms.without_open_doors(parts)
    if change.aim is SpfAim.END:
        parts = replace(parts, ending="~all")
    notes = (f"Without {', '.join(dropped)}: everybody could send.",) if dropped else ()
    adds = tuple(term for term in tail if term not in parts.tail)
    yield _Edit(parts, notes, adds)
    if change.aim not in {SpfAim.REPAIR, SpfAim.SHORTEN, SpfAim.JOIN}:
        return
    lively = _Edit(parts, notes, adds)
    if change.aim is not SpfAim.SHORTEN:
        right, pairs = await terms.corrected(parts)
        told = tuple(
            f"“{old}” is read as {' '.join(new)}, for the first leads nowhere." for old, new in pairs.items()
        )
        lively = _Edit(right, (*notes, *told), (*adds, *(term for new in pairs.values() for term in new)))
    alive, dead = await terms.without_dead(lively.parts, includes=change.aim is not SpfAim.SHORTEN)
    if dead:
        told = (f"Without {', '.join(dead)}, which leads nowhere; if a name is misspelt, correct it instead.",)
        lively = _Edit(alive, (*lively.notes, *told), lively.adds)
    yield lively
    flat, replaced = await terms.flattened(lively.parts)
    if replaced:
        told = (f"{', '.join(replaced)} stand in it as addresses: change the record when these hosts move.",)
        yield _Edit(flat, (*lively.notes, *told), lively.adds)


def _allowing(
    parts: SpfParts, world: World, daily: tuple[str, ...], *, is_new: bool, closes: bool
) -> Iterator[tuple[SpfParts, tuple[str, ...]]]:
    """Yield the record as it is, then with the campaign's senders in front, in each way that is known."""
    ways = campaign_senders.alternatives(world.facts)
    names_senders = bool(parts.body or parts.redirects)
    if not ways and (closes or (is_new and not names_senders)):
        raise Undecided("nobody has said which servers or service send this campaign")
    if is_new and not parts.redirects:
        parts = replace(parts, ending=parts.ending if parts.ending not in {None, "?all"} else "~all")
    if names_senders or not is_new:
        yield _with(parts, daily), daily
    for way in ways:
        yield _with(parts, (*way, *daily)), (*way, *daily)


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
