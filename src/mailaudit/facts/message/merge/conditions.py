"""What a condition of a template asks of its fields: alternatives, each of demands that hold together."""

import re
from collections.abc import Callable, Iterable
from functools import reduce

from msgspec import Struct

from mailaudit.facts.message.merge.grammar import MARKS

_EMPTY = frozenset(("", "blank", "blank?", "nil", "null", "none", "empty", "undefined"))
_OR, _AND = re.compile(r"\bor\b|\|\|"), re.compile(r"\band\b|&&")
_PREFIXED = re.compile(r"(and|or|eq|ne|neq)\s+(.*)", re.IGNORECASE | re.DOTALL)
_OPERAND = re.compile(r"\([^()]*\)|\"[^\"]*\"|'[^']*'|[^\s()]+")
_NEGATED = re.compile(r"(?:not\b|!(?!=))\s*(.*)", re.IGNORECASE | re.DOTALL)
_COMPARED = re.compile(r"([^=!<>]+?)\s*(===?|!==?|<>|=|\b(?:eq|ne|neq)\b)\s*(.*)", re.IGNORECASE | re.DOTALL)
_STATED = re.compile(r"(.+?)\s+is\s+(not\s+)?(\S.*)", re.IGNORECASE | re.DOTALL)
_PATH = re.compile(r"(?<![\w.\"'])[.$]*(?!in\b)([^\W\d][\w\-]*(?:\.[\w\-]+)*)")
_MEASURED = re.compile(r"(?:\.|\|\s*|\?)(?:size|length|count)\s*$", re.IGNORECASE)
_LONGEST = 300


class Demand(Struct, frozen=True):
    """One field, and the value that it must have (nothing: any that is not empty), or must not have."""

    name: str
    value: str | None = None
    is_negated: bool = False

    @property
    def fills_when_met(self) -> bool:
        """Whether the field cannot be empty where the demand is met."""
        return self.is_negated == (self.value == "")

    @property
    def fills_when_not_met(self) -> bool:
        """Whether the field cannot be empty where the demand is not met."""
        return self.is_negated != (self.value == "")


def alternatives(condition: str) -> tuple[tuple[Demand, ...], ...]:
    """Return the alternatives of a condition, written between its fields or before them (Go, Handlebars)."""
    text = _unwrapped(condition[:_LONGEST])
    prefixed = _PREFIXED.fullmatch(text)
    if prefixed and prefixed[1].lower() in {"and", "or"}:
        demands = [_demand(part) for part in _OPERAND.findall(prefixed[2])]
        return tuple((one,) for one in demands) if prefixed[1].lower() == "or" else (tuple(demands),)
    return tuple(tuple(_demand(part) for part in _AND.split(one)) for one in _OR.split(text))


def filled_fields(condition: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the fields that cannot be empty where a condition holds, and where it does not."""
    options = alternatives(condition)
    held = [frozenset(one.name for one in option if one.fills_when_met) for option in options]
    missed = [
        _common(frozenset({one.name} if one.fills_when_not_met else ()) for one in option) for option in options
    ]
    return _common(held), frozenset().union(*missed)


def is_met(condition: str, value_of: Callable[[str], str]) -> bool:
    """Say whether a condition holds for one person's values."""

    def holds(one: Demand) -> bool:
        value = value_of(one.name).strip()
        return (bool(value) if one.value is None else value == one.value) != one.is_negated

    return any(all(holds(one) for one in option) for option in alternatives(condition))


def _common(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return reduce(frozenset.intersection, sets)


def _unwrapped(text: str) -> str:
    text = text.strip()
    while text.startswith("(") and text.endswith(")") and not _closes_early(text[1:-1]):
        text = text[1:-1].strip()
    return text


def _closes_early(inner: str) -> bool:
    depth = 0
    for char in inner:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return True
    return False


def _demand(part: str) -> Demand:
    text = _unwrapped(part)
    negated = _NEGATED.fullmatch(text)
    if negated:
        inner = _demand(negated[1])
        return Demand(inner.name, inner.value, not inner.is_negated)
    prefixed = _PREFIXED.fullmatch(text)
    if prefixed:
        first, *others = _OPERAND.findall(prefixed[2]) or ("",)
        return _compared(first, prefixed[1].lower() != "eq", " ".join(others))
    stated = _STATED.fullmatch(text)
    if stated:
        is_defined = stated[3].strip().lower() not in _EMPTY
        return Demand(_name(stated[1]), None if is_defined else "", bool(stated[2]))
    compared = _COMPARED.fullmatch(text)
    if compared:
        return _compared(compared[1], compared[2].lower() in {"!=", "!==", "<>", "ne", "neq"}, compared[3])
    return Demand(_name(text))


def _compared(left: str, is_negated: bool, right: str) -> Demand:  # noqa: FBT001 - of one comparison
    value = right.strip().strip(MARKS)
    if value.lower() in _EMPTY or (value == "0" and _MEASURED.search(left)):
        return Demand(_name(left), "", is_negated)
    if value.lower() == "true":
        return Demand(_name(left), None, is_negated)
    return Demand(_name(left), value, is_negated)


def _name(text: str) -> str:
    found = _PATH.search(re.sub(r"^\s*(?:defined|len|isset)\b|\|.*", "", _MEASURED.sub("", text.strip())))
    return found[1] if found else ""
