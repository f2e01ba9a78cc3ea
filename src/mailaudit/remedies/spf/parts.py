"""The parts of SPF records, to be joined and edited without losing any."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mailaudit.remedies.spf.text import SpfText, is_all

_RELATIVE = re.compile(r"([+\-~?]?)(a|mx)((?:/.*)?)\Z", re.IGNORECASE)
_STRICT = ("-all", "~all")


class SpfParts(Struct, frozen=True):
    """What receivers reach (`body`, without its `all`), the `all`, what they never reach (`tail`), and modifiers."""

    body: tuple[str, ...] = ()
    ending: str | None = None
    tail: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The record; a redirect beside an `all` has no effect, and is kept."""
        taken = {_key(term) for term in self.body}
        tail = [term for term in self.tail if _key(term) not in taken]
        last = [f"redirect={name}" for name in self.redirects[:1]]
        end = (self.ending,) if self.ending else ()
        return " ".join(("v=spf1", *_once(self.body), *end, *last, *tail, *dict.fromkeys(self.modifiers)))


def parts_of(text: SpfText) -> SpfParts:
    """Split a record."""
    mechanisms = [term for term in text.terms if "=" not in term.partition(":")[0]]
    modifiers = [term for term in text.terms if "=" in term.partition(":")[0]]
    place = next((place for place, term in enumerate(mechanisms) if is_all(term)), len(mechanisms))
    return SpfParts(
        body=tuple(mechanisms[:place]),
        ending=mechanisms[place].lower() if place < len(mechanisms) else None,
        tail=tuple(term for term in mechanisms[place + 1 :] if not is_all(term)),
        redirects=tuple(term.partition("=")[2] for term in modifiers if term.lower().startswith("redirect=")),
        modifiers=tuple(term for term in modifiers if not term.lower().startswith("redirect=")),
    )


def copied(text: SpfText, place: str, found: Container[str]) -> SpfText:
    """Return a record for another name than the one it serves: who is meant stays, and others are not refused unseen.

    `found` are the mechanisms, of `a` and `mx`, that find somebody at its place: the other was meant for the new name.
    """
    terms = (
        _RELATIVE.sub(
            lambda term: f"{term[1]}{term[2]}:{place}{term[3]}" if term[2].lower() in found else term[0], one
        )
        for one in text.terms
    )
    return replace(text, terms=tuple("~all" if term.lower() == "-all" else term for term in terms))


def joined(records: Sequence[SpfParts], behind: Mapping[str, str | None]) -> SpfParts:
    """Return one record with what several hold: the strictest ending, never an open one, and redirects kept in meaning.

    `behind` holds the endings of the records that redirects lead to.
    """
    if len(records) == 1:
        return records[0]
    endings = {record.ending for record in records}
    redirects = tuple(dict.fromkeys(name for one in records if one.ending is None for name in one.redirects))
    reached = endings | {behind.get(name) for name in redirects}
    strictest = next((ending for ending in _STRICT if ending in reached), "~all")
    keeps_redirect = len(redirects) == 1 and endings == {None} and all(record.redirects for record in records)
    ending = None if keeps_redirect else strictest
    exp = [term for one in records for term in one.modifiers if term.lower().startswith("exp=")]
    return SpfParts(
        body=_once((
            *(term for one in records for term in one.body),
            *(f"include:{name}" for name in redirects if not keeps_redirect),
        )),
        ending=ending,
        tail=_once(term for one in records for term in one.tail),
        redirects=redirects
        if keeps_redirect
        else tuple(dict.fromkeys(name for one in records if one.ending for name in one.redirects)),
        modifiers=(
            *exp[:1],
            *(term for one in records for term in one.modifiers if not term.lower().startswith("exp=")),
        ),
    )  # fmt: skip


def reached(parts: SpfParts) -> SpfParts:
    """Return a record with its `all` behind all that it names, where receivers read it."""
    if parts.ending is None:
        return parts
    included = tuple(f"include:{name}" for name in parts.redirects)
    return replace(parts, body=(*parts.body, *parts.tail, *included), tail=(), redirects=())


def without(terms: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return terms but for others that stand in front of them, whatever their sign: they are never reached."""
    left_out = {_key(term) for term in others}
    return tuple(term for term in terms if _key(term.lstrip("-~?")) not in left_out)


def _once(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple({_key(term): term for term in reversed(list(terms))}.values())[::-1]


def _key(term: str) -> str:
    return term.lower().removeprefix("+").removesuffix(".")
