"""Popular mailbox domains and how people mistype them.

Suggestions are conservative: a wrong one is worse than a missed one. A slip is a known misspelling; one ordinary slip of the
finger (a letter left out, doubled, swapped with its neighbour, hit beside or hit in addition) in a name that is long
enough to have few honest neighbours; or such a slip in the ending that leads to no top-level domain.
"""

from collections.abc import Iterator

from msgspec import Struct

from mailaudit.facts.recipients.cells.top_level import public_suffixes
from mailaudit.facts.sender.names import has_top_level
from mailaudit.knowledge.load import entries, kept
from mailaudit.knowledge.receivers import provider_domains
from mailaudit.knowledge.types.address import AddressesFile

# The keys around each one, on keyboards that begin with QWERTY.
_NEIGHBOURS = {
    "a": "qwsz", "b": "vghn", "c": "xdfv", "d": "serfcx", "e": "wsdr34", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb",
    "i": "ujko89", "j": "huikmn", "k": "jiolm", "l": "kop", "m": "njk", "n": "bhjm", "o": "iklp90", "p": "ol0", "q": "wa12",
    "r": "edft45", "s": "awedxz", "t": "rfgy56", "u": "yhji78", "v": "cfgb", "w": "qase23", "x": "zsdc", "y": "tghu67",
    "z": "asx",
}  # fmt: skip
# From so many letters on, a name has few honest neighbours that a slip leads to: in its first letter, and in others.
_LEAST = {"swapped": (3, 3), "doubled": (2, 2), "added": (5, 3), "left out": (5, 4), "beside": (5, 4)}
_LEAST_BESIDE_IN_NET = 3
# What a slip makes of an ending, and is somebody's own: behind names of so many letters it is a slip.
_ALIVE = {"com": {"co": 5, "cm": 5, "om": 5}, "net": {"ne": 4, "et": 3, "bet": 4}}


class Misspelling(Struct, frozen=True):
    """What a misspelt domain means; `is_sure` when nobody can have it: a known slip, or no top-level domain."""

    meant: str
    is_sure: bool


@kept
def misspellings() -> dict[str, Misspelling]:
    """Return what each misspelt domain means."""
    known, popular = entries(AddressesFile), popular_domains()
    found: dict[str, Misspelling] = {}
    for right in popular:
        name, _dot, ending = right.partition(".")
        for slip in _in_name(name, ending):
            found.setdefault(f"{slip}.{ending}", Misspelling(right, is_sure=False))
        for slip, is_sure in _in_ending(ending):
            found.setdefault(f"{name}.{slip}", Misspelling(right, is_sure=is_sure))
        for slip, least in _ALIVE.get(ending, {}).items():
            if len(name) >= least:
                found.setdefault(f"{name}.{slip}", Misspelling(right, is_sure=False))
        if "." in ending:  # the dot before it is missing
            found.setdefault(f"{name}{ending}", Misspelling(right, is_sure=False))
    # Short names have too many honest neighbours: only these misspellings of theirs are known.
    for one in known.misspelt:
        found.update((slip, Misspelling(one.id, is_sure=True)) for slip in one.words)
    right_ones = {*popular, *(one.id for one in known.misspelt), *known.own_names, *provider_domains()}
    return {slip: meant for slip, meant in found.items() if slip not in right_ones}


def popular_domains() -> tuple[str, ...]:
    """Return the large domains of mailboxes whose misspellings are looked for."""
    return tuple(domain for one in entries(AddressesFile).popular for domain in one.words)


def dead_endings() -> Iterator[tuple[str, str]]:
    """Yield the endings that are none, each with what it means whatever stands before it."""
    return ((slip, one.id) for one in entries(AddressesFile).dead_endings for slip in one.words)


def _in_name(name: str, ending: str) -> Iterator[str]:
    """Yield a name with one ordinary slip; the shorter it is, the fewer kinds of slips are looked for."""
    for kind, first, slip in _one_off(name):
        least = _LEAST[kind][not first]
        if kind == "beside" and ending == "net" and not first:
            least = _LEAST_BESIDE_IN_NET
        if len(name) >= least:
            yield slip


def _in_ending(ending: str) -> Iterator[tuple[str, bool]]:
    """Yield an ending with one slip that makes it none, and whether that is sure: there is no such top-level domain."""
    for slip in {slip for _, _, slip in _one_off(ending)}:
        last = slip.rpartition(".")[2]
        if not slip or slip.strip(".") != slip or ".." in slip:
            continue
        if not has_top_level(last):
            yield slip, True
        elif "." in slip and public_suffixes().publicsuffix(f"x.{slip}") != slip:
            yield slip, False


def _one_off(text: str) -> Iterator[tuple[str, bool, str]]:
    """Yield the kind of each slip, whether it is in the first letter, and the text with it."""
    for at, letter in enumerate(text):
        head, tail, first = text[:at], text[at + 1 :], at == 0
        near = _NEIGHBOURS.get(letter, "")
        yield "left out", first, head + tail
        yield "doubled", first, head + letter * 2 + tail
        if tail and tail[0] != letter:
            yield "swapped", first, head + tail[0] + letter + tail[1:]
        for other in {*near, head[-1:], tail[:1]} - {"", letter}:
            yield "beside", first, head + other + tail
        for other in near:
            yield "added", first, head + other + letter + tail
            yield "added", False, head + letter + other + tail
