"""The message is a picture with hardly any text.

## Why it matters
Most programs hide pictures until they are allowed: readers then see nothing. Filters know the pattern from spam, blind
people hear nothing, and nobody can search for the message.

## How to fix
Write the essence as text, and let pictures illustrate it.

## References
- [SpamAssassin, HTML_IMAGE_ONLY](https://cwiki.apache.org/confluence/display/SPAMASSASSIN/Rules/HTML_IMAGE_ONLY)
- [WCAG 2.2, 1.4.5](https://www.w3.org/TR/WCAG22/#images-of-text): images of text
"""

import re

from mailaudit.checks.message._message import content_of
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check

ENOUGH_WORDS = 20
_ENOUGH_TEXT = 5_000
_WORD = re.compile(r"\w[\w'\u2019.\-]*")
# Chinese, Japanese and Thai write without blanks: there a letter counts as half a word.
# Compiled when it is first used, for a run without a message needs none.
_UNSPACED = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]"


@check(Severity.WARNING, passed="The message has text, not only pictures.")
def image_only(facts: Facts) -> Problems:
    """Yield a problem for HTML with pictures and fewer than 20 words."""
    content = content_of(facts)
    pictures = sum(len(page.pictures) for page in content.pages)
    text = " ".join(line for page in content.pages for line in page.lines)[:_ENOUGH_TEXT]
    words = len(_WORD.findall(text)) + len(re.findall(_UNSPACED, text)) // 2
    if pictures and words < ENOUGH_WORDS:
        yield Problem.about(
            facts.message.path,
            f"The message is {pictures} {'picture' if pictures == 1 else 'pictures'} and {words} words of text.",
            "Write the essence of the message as text.",
            "Give each picture an alt text.",
            evidence=(Evidence("words of visible text", str(words)),),
        )
