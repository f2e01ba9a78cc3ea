"""Patterns that cannot be made to run away: checked regular expressions, and names with variable labels."""

import importlib
import re
from functools import lru_cache
from typing import Any

MAX_PATTERN = 400
MAX_SUBJECT = 1000

_PLACEHOLDERS = {"<N>": "[0-9]{1,12}", "<id>": "[a-z0-9_-]{1,63}", "<hex>": "[0-9a-f]{1,200}", "*": ".{0,200}"}
_SPLIT = re.compile(r"(<N>|<id>|<hex>|\*)")
_MANY = 20


class UnsafePatternError(ValueError):
    """A regular expression is malformed, too long, or could take very long on a hostile text."""


def safe_regex(text: str) -> re.Pattern[str]:
    """Compile a regular expression that ignores case; raises `UnsafePatternError`.

    A repetition inside a repetition and a reference to a group are refused, because they can take exponential time.
    Whoever matches must cut the subject to `MAX_SUBJECT` characters: see `Pattern.search`.
    """
    if len(text) > MAX_PATTERN:
        raise UnsafePatternError(f"a pattern may have at most {MAX_PATTERN} characters")
    try:
        pattern = _compiled(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise UnsafePatternError(f"this is not a regular expression: {error}") from None
    _refuse_nesting(_tree(text), inside=False)
    return pattern


class Pattern:
    """A regular expression that ignores case, checked and compiled when it is first used."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"

    def compiled(self) -> re.Pattern[str]:
        """Return the expression; raises `UnsafePatternError`."""
        return safe_regex(self.text)

    def search(self, subject: str) -> re.Match[str] | None:
        """Search in the first `MAX_SUBJECT` characters of a text; whoever read the pattern has examined it."""
        return _compiled(self.text).search(subject[:MAX_SUBJECT])


@lru_cache(maxsize=2048)
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@lru_cache(maxsize=4096)
def glob_regex(template: str) -> re.Pattern[str]:
    """Compile a text with `<N>`, `<id>`, `<hex>` and `*` (anything, at most 200 characters); case is ignored."""
    parts = (_PLACEHOLDERS.get(part) or re.escape(part) for part in _SPLIT.split(template))
    return re.compile("".join(parts), re.IGNORECASE)


def is_template(name: str) -> bool:
    """Say whether a name holds variable parts."""
    return "<" in name or "*" in name


def literal_suffix(name: str) -> str | None:
    """Return the labels below which nothing varies; nothing when fewer than two labels are literal."""
    labels = name.lower().split(".")
    literal: list[str] = []
    for label in reversed(labels):
        if is_template(label):
            break
        literal.insert(0, label)
    if len(literal) == len(labels):
        return name.lower()
    return ".".join(literal) if len(literal) > 1 else None


def _tree(text: str) -> Any:
    # The parser has no public name; it has been `re._parser` since Python 3.11.
    return importlib.import_module("re._parser").parse(text)


def _refuse_nesting(tree: Any, *, inside: bool) -> None:
    for operation, argument in tree:
        name = str(operation)
        if name.startswith("GROUPREF"):
            raise UnsafePatternError("a pattern must not refer back to a group")
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _, most, body = argument
            repeats = int(most) > _MANY
            if repeats and inside:
                raise UnsafePatternError("a pattern must not repeat inside a repetition")
            _refuse_nesting(body, inside=inside or repeats)
        else:
            for body in _bodies(name, argument):
                _refuse_nesting(body, inside=inside)


def _bodies(name: str, argument: Any) -> tuple[Any, ...]:
    if name == "SUBPATTERN":
        return (argument[-1],)
    if name == "BRANCH":
        return tuple(argument[1])
    if name in {"ASSERT", "ASSERT_NOT"}:
        return (argument[1],)
    if name == "ATOMIC_GROUP":
        return (argument,)
    return ()
