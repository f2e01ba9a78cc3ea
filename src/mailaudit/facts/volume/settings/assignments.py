"""Settings that stand alone on their line, found by a pattern: PHP, Postfix, TOML and the like, without running anything."""

import re

from mailaudit.facts.volume.settings.model import Setting


def found_by(pattern: re.Pattern[str], text: str) -> dict[str, Setting]:
    """Return every match of a pattern with the groups `name` and `value`; of one name the last counts."""
    found: dict[str, Setting] = {}
    line, seen = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", seen, match.start("name"))
        seen = match.start("name")
        found[match["name"]] = Setting(match["value"].strip(), line)
    return found


def without_php_comments(text: str) -> str:
    """Return PHP with its comments blanked out, line for line; what stands in quotes stays."""
    return _PHP.sub(lambda match: match[0] if match["quoted"] else re.sub(r"[^\n]", " ", match[0]), text)


_PHP = re.compile(
    r"(?P<quoted>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|/\*.*?(?:\*/|\Z)|(?://|\#)[^\n]*", re.DOTALL
)
