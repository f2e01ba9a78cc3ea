"""How a value that cannot be used is said in plain words."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 60


class Unusable(ValueError):  # noqa: N818 - reads as what it says of the value
    """A value of the campaign file is wrong: what is wrong, what to do, and on which key below the value."""

    def __init__(self, what: str, todo: str | None = None, *, key: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo
        self.key = key


def shown(text: str) -> str:
    """Return a text of any content so that it can stand in a one-line message: escaped, short, in quotes."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f"'{escaped(short)}'"


def escaped(text: str) -> str:
    """Return a text in one line, with escapes for whatever cannot be printed."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def spelled(loc: tuple[int | str, ...]) -> str:
    """Return a key path as messages write it: `sending.ips[1]`."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if part.isprintable() and part and len(part) <= _SHOWN else shown(part)
            text += f".{word}" if text else word
    return text


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean …?` when one of the known words is close to `word`, whatever its case."""
    by_folded = {name.casefold().replace("-", "_"): name for name in known}
    close = get_close_matches(word[:_SHOWN].casefold().replace("-", "_"), by_folded, n=1)
    return f"did you mean {by_folded[close[0]]}?" if close else None
