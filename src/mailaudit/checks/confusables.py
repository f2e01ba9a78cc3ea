"""Names that are taken for others (UTS 39): mixed scripts, and letters of one script that pass for those of another."""

# ruff: noqa: RUF001 - the letters that look alike are what this is about

import unicodedata
from collections.abc import Iterable

from mailaudit.facts.sender.names import is_at_or_under

# Letters whose usual shapes are those of Latin ones, each before its Latin twin (Unicode confusables.txt).
_TWINS = (
    "аa еe оo рp сc хx уy іi јj ѕs ԁd һh ӏl ԛq ԝw вb кk мm нh тt гr ьb ѵv ԍg "
    "αa εe ρp οo νv ιi κk τt υu γy ωw χx ϲc "
    "ɡg ıi ℓl ɑa ɩi օo ոn սu հh ցg"
)
_LATIN_SHAPES = str.maketrans({pair[0]: pair[1] for pair in _TWINS.split()})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"))
_TOGETHER = (
    frozenset({"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK"}),
    frozenset({"HANGUL", "CJK"}),
    frozenset({"BOPOMOFO", "CJK"}),
)


def read_name(host: str) -> str:
    """Return a host name as people read it: coded labels (`xn--…`) decoded where they can be."""
    return ".".join(_decoded(label) for label in host.split("."))


def mixed_label(name: str) -> str | None:
    """Return the first label with letters of scripts that no language writes together."""
    return next((label for label in name.split(".") if _is_mixed(label)), None)


def resembles(name: str, own: Iterable[str]) -> str | None:
    """Return the name of one's own that another name looks like, or nothing."""
    shape = _shape(name)
    return next((one for one in own if name != one and is_at_or_under(shape, _shape(one))), None)


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def _is_mixed(label: str) -> bool:
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    asian = scripts - {"LATIN"}
    return len(scripts) > 1 and not any(asian <= together for together in _TOGETHER)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def _shape(name: str) -> str:
    text = unicodedata.normalize("NFKC", name.casefold()).translate(_LATIN_SHAPES)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return text
