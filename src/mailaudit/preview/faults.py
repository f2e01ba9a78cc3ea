"""Tell what the values of one person break in a message."""

from collections.abc import Iterator, Mapping

from mailaudit.facts.message.html.read_page import TooDeepError, read_page
from mailaudit.facts.message.model import SHOWN_BY_GMAIL
from mailaudit.facts.recipients.judging.columns.merge_fields import NOTHING

_LONGEST_LINE = 998
_LONGEST_SUBJECT = 120


def faults(subject: str, body: str, values: Mapping[str, str], *, is_html: bool) -> Iterator[str]:
    """Yield each fault as a clause about the message."""
    octets = len(body.encode("utf-8", "replace"))
    if is_html and octets > SHOWN_BY_GMAIL:
        yield f"its HTML has {octets:,} octets, of which Gmail shows {SHOWN_BY_GMAIL:,}"
    longest = max((len(line.encode("utf-8", "replace")) for line in body.splitlines()), default=0)
    if longest > _LONGEST_LINE:
        yield f"a line has {longest:,} octets, and needs an encoding to be sent (998 are allowed)"
    if len(subject) > _LONGEST_SUBJECT:
        yield f"its subject has {len(subject)} characters"
    if is_html and _changes_markup(body, values):
        yield "a value is read as markup: the template does not escape it"
    for name, value in values.items():
        if value.strip().lower() in NOTHING:
            yield f"“{value.strip()}” stands in place of {name}"
    empty = [name for name, value in values.items() if not value.strip()]
    if empty:
        yield f"nothing stands in place of {', '.join(empty)}, but for fallbacks"


def _changes_markup(body: str, values: Mapping[str, str]) -> bool:
    """Say whether a value with `<` in it is missing from the text that people see."""
    marked = [value for value in values.values() if "<" in value and value in body]
    if not marked:
        return False
    try:
        shown = " ".join(read_page(body).lines)
    except TooDeepError:
        return True
    return any(" ".join(value.split()) not in shown for value in marked)
