"""A greeting has no name in it.

## Why it matters
"Dear ," or "Hello None," shows every reader a mass mailing gone wrong. The field was empty for this person, and nothing
stood in its place.

## How to fix
Give the field a fallback ("Dear reader"), or write the greeting so that it is whole without a name, and fill the column.

## References
- [Mailchimp: merge tags](https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/), default values, as an example
"""

from mailaudit.checks.message._message import said, where
from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.facts.message.merge.greetings import empty_greeting


@check(Severity.ERROR, passed="No greeting lacks its name.")
def greeting_empty(facts: Facts) -> Problems:
    """Yield one problem for the greetings with a gap, or a programmer's word for nothing, where a name belongs."""
    found = dict.fromkeys(
        (place, gap) for place, line in said(facts) if (gap := empty_greeting(line, is_subject=place == "subject"))
    )
    if found:
        place, text = next(iter(found))
        yield Problem.about(
            facts.message.path,
            f"People will read “{text}” {where(place)}: the name was not filled in.",
            "Give the name a fallback in the template, such as “Dear reader”.",
            "Fill the column for the people who lack it, or greet them without a name.",
            evidence=tuple(Evidence(where(place), text) for place, text in list(found)[:5]),
        )
