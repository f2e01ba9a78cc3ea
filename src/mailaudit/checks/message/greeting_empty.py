"""A greeting has no name in it.

## Why it matters
"Dear ," or "Hello None," shows every reader a mass mailing gone wrong. The field was empty for this person, and nothing
stood in its place.

## How to fix
Give the field a fallback ("Dear reader"), or write the greeting so that it is whole without a name, and fill the column.

## References
- [Mailchimp: merge tags](https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/), default values, as an example
"""

import re

from mailaudit.checks.message._message import place_of, said
from mailaudit.checks.rule import Evidence, Facts, Fix, Owner, Problem, Problems, Severity, check
from mailaudit.facts.message.merge.greetings import MAY_STAND_ALONE, NEED_A_NAME, TITLES

_NOTHING = r"(?:none|None|NONE|null|NULL|\(null\)|nil|undefined|NaN|nan|N/A|n/a|#N/A|\[object Object\])"
# Compiled when it is first used, for a run without a message needs none.
# Empty values of programs and stops of editors, which end a greeting only before a comma.
_STOPS = r"(?:\{\s?\}|\[\s?\]|\"\"|''|[-.–—?_]{1,3})"  # noqa: RUF001 - dashes of all kinds
_EMPTY = (
    rf"^[\s>*_]*+(?:(?i:{NEED_A_NAME}|{MAY_STAND_ALONE}){TITLES}\s+{_STOPS}\s*,|"
    rf"(?i:{MAY_STAND_ALONE})(?:(?i:\s+(?:mrs?|ms|dr|prof|m|mme|mlle|herrn?|frau|sra?|sig))\.?\s+,|,\s+{_NOTHING}\s*(?:[,!.:;]|$))|"
    rf"(?i:(?:{NEED_A_NAME}){TITLES})\s+[,!:;]|(?i:{MAY_STAND_ALONE})\s+,|"
    rf"(?i:{NEED_A_NAME}|{MAY_STAND_ALONE}|madame|monsieur)(?i:{TITLES})\s+{_NOTHING}\s*(?:[,!.:;]|$)|"
    rf"(?i:{NEED_A_NAME}|{MAY_STAND_ALONE})\s+[^\W\d_]{{2,14}}\s+{_NOTHING}\s*[,!])"
)
_LONGEST = 1_000
_EMPTY_SUBJECT = re.compile(rf"^\s*(?:,|{_NOTHING}\s*[,!:])|,\s*{_NOTHING}\s*[,!.?]*\s*$|\w+,\s+[!?]\s*$")


@check(Severity.ERROR, passed="No greeting lacks its name.", needs=("message",))
def greeting_empty(facts: Facts) -> Problems:
    """Yield one problem for the greetings with a gap, or a programmer's word for nothing, where a name belongs."""
    found = dict.fromkeys((place, gap) for place, line in said(facts) if (gap := _gap(place, line)))
    if found:
        place, text = next(iter(found))
        yield Problem(
            subject=facts.message.path,
            message=f"People will read “{text}” in the {place}: the name was not filled in.",
            location=place_of(facts),
            evidence=tuple(Evidence(place, text) for place, text in list(found)[:5]),
            fix=Fix(
                Owner.SENDER,
                (
                    "Give the name a fallback in the template, such as “Dear reader”.",
                    "Fill the column for the people who lack it, or greet them without a name.",
                ),
            ),
        )


def _gap(place: str, line: str) -> str | None:
    line = line[:_LONGEST]
    match = re.match(_EMPTY, line) or (_EMPTY_SUBJECT.search(line) if place == "subject" else None)
    return match[0].strip(" >*_") if match else None
