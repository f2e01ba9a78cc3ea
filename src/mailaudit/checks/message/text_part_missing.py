"""The message has no plain-text part.

## Why it matters
Watches, screen readers, text programs and some filters read the plain text. An empty one is worse than none: these readers
see nothing at all.

## How to fix
Let the sending program make the plain text from the HTML, and read what it makes.

## References
- [RFC 2046, section 5.1.4](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.4): multipart/alternative
- [SpamAssassin, MIME_HTML_ONLY](https://cwiki.apache.org/confluence/display/SPAMASSASSIN/Rules/MIME_HTML_ONLY)
"""

from mailaudit.checks.message._message import content_of
from mailaudit.checks.rule import Facts, NotGiven, Problem, Problems, Severity, check


@check(Severity.WARNING, passed="The message has a plain-text part.")
def text_part_missing(facts: Facts) -> Problems:
    """Yield a warning for an empty plain-text part beside the HTML, and a note for none."""
    content = content_of(facts)
    if content.html is None or (content.text or "").strip():
        return
    if content.text is None and facts.message.headers is None:
        raise NotGiven("the campaign gives the HTML alone: the sending program may add the plain text")
    is_empty = content.text is not None
    yield Problem.about(
        facts.message.path,
        "The plain-text part is empty." if is_empty else "The message has no plain-text part.",
        "Let the sending program make a plain-text part from the HTML.",
        severity=Severity.WARNING if is_empty else Severity.NOTE,
    )
