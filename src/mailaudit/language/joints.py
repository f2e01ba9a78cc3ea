"""Where a text that is no message as a whole is taken apart."""

import re

# The strongest joint first.
STRENGTH = ("; ", " · ", ": ", " (", ", ", " and ", " or ")
JOINT = re.compile("|".join(map(re.escape, STRENGTH)))
_AND = {" and ", " or "}
ADDED = re.compile(r"[,;] ")
SENTENCES = re.compile(r"(?<=[.!?…]) +(?=[A-Z“`\d])|(?<=[.!?]) +(?=\()")
_QUOTED = re.compile(r"`[^`]*`|“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_ARTICLE = 3
# Words of data: of hosts, addresses and records.
NAME = re.compile(
    r"[\d@/_=~\ue000-\uf8ff]|:\S|\w\.\w|^[A-Z]{1,7}$|^(?:pass|(?:soft)?fail|neutral|none|(?:perm|temp)error)$"
)


def is_list(joint: re.Match[str], before: str, rest: str) -> bool:
    """Say whether names stand on both sides of an “and”."""
    return joint.group() in _AND and all(NAME.search(side) or side[:1].isupper() for side in (before, rest))


def begun_as(text: str, told: str) -> str:
    """Return a message with a capital or a small letter at its beginning, as the text; nouns keep theirs."""
    article = told.partition(" ")[0]
    if text[:1].isupper():
        return told[:1].upper() + told[1:]
    return told[:1].lower() + told[1:] if article.istitle() and len(article) <= _ARTICLE else told


def is_outside(joint: re.Match[str], text: str) -> bool:
    """Say whether a joint stands outside of quotes and parentheses, or opens those at the end."""
    if any(found.start() < joint.start() < found.end() for found in _QUOTED.finditer(text)):
        return False
    before = text[: joint.start()]
    if before.count("(") != before.count(")"):
        return False
    inside = text[joint.end() : -1]
    return joint.group() != " (" or (text.endswith(")") and not _closes_early(inside))


def _closes_early(inside: str) -> bool:
    """Say whether a parenthesis is closed that was opened before the text."""
    return any(inside[:place].count("(") < inside[:place].count(")") for place in range(len(inside) + 1))
