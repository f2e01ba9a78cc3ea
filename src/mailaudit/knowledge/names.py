"""Domain names of the knowledge base and the index that finds them by suffix, label by label."""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from typing import Generic, TypeVar

from mailaudit.knowledge.patterns import glob_regex, is_template, literal_suffix

_LABEL = re.compile(r"(?:[a-z0-9_]|[a-z0-9_][a-z0-9_-]{0,61}[a-z0-9_]|[a-z0-9_<>*-]*[<*][a-zN0-9_<>*-]*)")
_QUALIFIED = re.compile(
    r"([^()]{1,100})\((?:(?:ex|formerly|former|aka|früher|vormals|anciennement)\b)?([^()]{0,100})\)", re.IGNORECASE
)
_OF_A_PLAN = frozenset(
    {"free", "paid", "trial", "starter", "business", "premium", "enterprise", "plan", "account"}
)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.|app\.)?([a-z0-9-]{2,63})\.[a-z]{2,6}/?")
_PUNCTUATION = re.compile(r"[\W_]+")
_ASIDES = re.compile(r"\(.*?\)")
MAX_NAME = 253
T = TypeVar("T")


def is_domain_template(text: str) -> bool:
    """Say whether a text is a domain name of two labels or more, with or without variable labels."""
    labels = text.split(".")
    return len(labels) > 1 and len(text) <= MAX_NAME and all(_LABEL.fullmatch(label) for label in labels)


def is_range(text: str) -> bool:
    """Say whether a text is a network of addresses."""
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def plain(text: str) -> str:
    """Return a title or a word without what people write differently: case, spaces and punctuation."""
    return _PUNCTUATION.sub("", text.casefold())


def names_of(thing: object) -> set[str]:
    """Return every name of an entry, its `id`, `name` and `aliases`, each without what people write differently."""
    name = getattr(thing, "name", "")
    written = (getattr(thing, "id", ""), name, _ASIDES.sub("", name), *getattr(thing, "aliases", ()))
    return {plain(text) for text in written} - {""}


def first_named(things: Iterable[T], text: str) -> T | None:
    """Return the first entry that bears a name; upper case, spaces and punctuation do not matter."""
    wanted = plain(text)
    return next((one for one in things if wanted in names_of(one)), None)


def found_by_name(text: str, names: Mapping[str, T]) -> T | None:
    """Return what a word names: itself, alone or as a web address, or beside a plan, a region or another name in brackets.

    Any other aside ("Brevo (own server)") makes of the word another thing, which nobody knows, and so does a question mark.
    """
    if "?" in text:
        return None
    address = _ADDRESS.fullmatch(text.strip().lower())
    found = names.get(plain(text)) or (names.get(plain(address[1])) if address else None)
    qualified = _QUALIFIED.fullmatch(text.strip())
    if found is None and qualified:
        words = [word for word in qualified[2].split() if word.lower() not in _OF_A_PLAN]
        first, aside = names.get(plain(qualified[1])), plain(" ".join(words))
        return first if not aside or names.get(aside) == first else None
    return found


def normal(name: str) -> str:
    """Return a name in lower case without the final dot."""
    return name.strip().rstrip(".").lower()


def suffixes(name: str) -> Iterator[str]:
    """Yield a name and every name above it, the longest first."""
    rest = normal(name)[-MAX_NAME:]
    while rest:
        yield rest
        rest = rest.partition(".")[2]


class SuffixIndex(Generic[T]):
    """Finds what is known of a name: entries whose name equals it or stands above it, the longest match first."""

    __slots__ = ("_exact", "_templates")

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._exact: dict[str, list[T]] = {}
        self._templates: list[tuple[re.Pattern[str], T]] = []
        for name, value in entries:
            suffix = literal_suffix(name) if is_template(name) else normal(name)
            if suffix is None:
                pattern = re.compile(rf"(?:^|\.)(?:{glob_regex(name).pattern})$", re.IGNORECASE)
                self._templates.append((pattern, value))
            else:
                self._exact.setdefault(suffix, []).append(value)

    def find(self, name: str) -> tuple[tuple[T, ...], ...]:
        """Return the entries of every matching suffix, grouped by suffix, the longest first."""
        groups = [tuple(self._exact[suffix]) for suffix in suffixes(name) if suffix in self._exact]
        wanted = normal(name)[-MAX_NAME:]
        varied = tuple(value for pattern, value in self._templates if pattern.search(wanted))
        return (*groups, varied) if varied else tuple(groups)

    def first(self, name: str) -> T | None:
        """Return the first entry of the longest suffix."""
        groups = self.find(name)
        return groups[0][0] if groups else None


def normal_template(name: str) -> str:
    """Return a name in lower case, leaving the placeholders as they are."""
    return name if is_template(name) else normal(name)


def is_below(name: str, template: str) -> bool:
    """Say whether a name equals a domain of the knowledge base (with or without variable labels) or lies below it."""
    wanted = normal(name)[-MAX_NAME:]
    return (
        re.search(rf"(?:^|\.)(?:{glob_regex(normal_template(template)).pattern})$", wanted, re.IGNORECASE)
        is not None
    )
