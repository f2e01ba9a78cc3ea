"""What the law wants to stand in the message is missing.

## Why it matters
Commercial mail must say who sends it and where they can be reached: a postal address (CAN-SPAM), the company and its
registration (LCEN and its like in Europe). A message without is unlawful, and looks like spam to people and filters.

## How to fix
Put the missing words into the footer, as text and not as a picture.

## References
- [CAN-SPAM Act, 15 USC 7704(a)(5)](https://www.law.cornell.edu/uscode/text/15/7704): a valid physical postal address
- [LCEN, article 20](https://www.legifrance.gouv.fr/loda/article_lc/LEGIARTI000049568635): whoever advertises is named
- [Directive 2000/31/EC, article 6](https://eur-lex.europa.eu/eli/dir/2000/31/oj)
"""

from mailaudit.checks.message._message import content_of, place_of
from mailaudit.checks.rule import Evidence, Facts, NotGiven, Problem, Problems, Severity, check


@check(Severity.ERROR, passed="The message names who sends it.")
def legal_identity_missing(facts: Facts) -> Problems:
    """Yield a problem for each configured text that the message does not hold, case, blanks and points aside."""
    content = content_of(facts)
    plan = facts.campaign.message
    wanted = plan.legal_identity if plan else ()
    if not wanted:
        raise NotGiven("the campaign does not say what must stand in the message (message.legal_identity)")
    text = _folded(" ".join(content.lines))
    for place, words in enumerate(wanted):
        if _folded(words) not in text:
            yield Problem.about(
                words,
                f"The message does not say “{words}”.",
                f"Put “{words}” into the footer of the message, as text.",
                location=f"message.legal_identity.{place}",
                evidence=(Evidence("looked for in", place_of(facts).path),),
            )


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
