"""The message holds no visible way to leave the list.

## Why it matters
The law asks for one in every advertising mail (CAN-SPAM, CASL, the GDPR and ePrivacy rules), and so do Gmail, Yahoo and
Microsoft. Who finds none presses "Spam", and each of these clicks counts against your domain.

## How to fix
Put a link with plain words such as "Unsubscribe" into the message, near its end. If yours says it in words that are not
known here, name them: `message: {eml: …, unsubscribe: "words of the link"}`.

## References
- [CAN-SPAM Act, 15 USC 7704(a)(3)](https://www.law.cornell.edu/uscode/text/15/7704)
- [Code des postes et des communications électroniques,
  L34-5](https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000042155961)
- [Gmail: Email sender guidelines](https://support.google.com/a/answer/81126): a clearly visible unsubscribe link
"""

from mailaudit.checks.message._message import content_of, words_of_the_way_out
from mailaudit.checks.rule import Confidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.model import Content
from mailaudit.facts.message.unsubscribe import names_a_way_out, way_out, way_out_in_words, way_out_of_text


@check(Severity.ERROR, passed="The message shows a way to leave the list.")
def unsubscribe_link_missing(facts: Facts) -> Problems:
    """Yield a problem when neither a link nor the words around it lead out; a warning for templates."""
    words = words_of_the_way_out(facts)
    content = content_of(facts)
    is_template = facts.message.kind == "template"
    if _has_way_out(content, words) or (is_template and _has_tag(content)):
        return
    yield Problem.about(
        facts.message.path,
        "The message shows no way to leave the list: no link says so in any of the known words.",
        "Add a link with plain words, such as “Unsubscribe”, that works without a login.",
        "If it is there in other words, name them in the campaign file: message.unsubscribe.",
        "If people asked for this very mail (an invoice, a password), write message.transactional: true.",
        severity=Severity.WARNING if is_template else None,
        # A platform may add the link to a template when it sends.
        confidence=Confidence.LOW if is_template else Confidence.MEDIUM,
    )


def _has_way_out(content: Content, words: str | None) -> bool:
    if content.pages:
        return any(way_out(page, words) or way_out_in_words(page, words) for page in content.pages)
    return way_out_of_text(content.text or "", words)


def _has_tag(content: Content) -> bool:
    return any(names_a_way_out(tag.text) for tag in content.placeholders)
