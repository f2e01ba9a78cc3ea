"""Names of the reader's own, which stay as they are while the text around them is read."""

import re
from collections.abc import Callable

# Signs of nobody's alphabet, one for each name.
_FIRST_SIGN = 0xE000
# What holds more than a word.
_PARTED = re.compile(r"[^\W\d_].*[\s,;:()/]|[\s,;:()/].*[^\W\d_]", re.DOTALL)
_AT_MOST = 500


class Names:
    """The names of more than a word; `is_ours` says of one that it is a message too, and stands in our sentences as well."""

    def __init__(self, given: frozenset[str], is_ours: Callable[[str], bool]) -> None:
        parted = (name for name in given if _PARTED.search(name) and not is_ours(name))
        longest = sorted(parted, key=len, reverse=True)[:_AT_MOST]
        self._signs = {name: chr(_FIRST_SIGN + place) for place, name in enumerate(longest)}
        self._found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if longest else None

    def hidden(self, text: str) -> str:
        """Return a text with a sign in place of each name."""
        return self._found.sub(lambda found: self._signs[found[0]], text) if self._found else text

    def shown(self, text: str) -> str:
        """Return a text with the names in place of their signs."""
        for name, sign in self._signs.items():
            text = text.replace(sign, name)
        return text
