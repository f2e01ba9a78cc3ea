"""Settings that stand alone on their line, found by a pattern: PHP, Postfix, TOML and the like, without running anything."""

import re
from collections.abc import Iterator

from mailaudit.facts.volume.settings.model import Setting


def matches_of(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, Setting]]:
    """Yield every match of a pattern with the groups `name` and `value`, in order."""
    line, seen = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", seen, match.start("name"))
        seen = match.start("name")
        value = match["value"].strip()
        begin = text.index(value, match.start("value")) if value else match.start("value")
        yield match["name"], Setting(value, line, (begin, begin + len(value)))


def without_php_comments(text: str) -> str:
    """Return PHP with its comments blanked out, letter for letter; what stands in quotes stays."""
    return _PHP.sub(lambda match: match[0] if match["quoted"] else re.sub(r"[^\n]", " ", match[0]), text)


_PHP = re.compile(
    r"(?P<quoted>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|/\*.*?(?:\*/|\Z)|(?://|\#)[^\n]*", re.DOTALL
)
