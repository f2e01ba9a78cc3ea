"""A placeholder was not filled in.

## Why it matters
"Dear {{ first_name }}" tells every reader that the mail is a mass mailing gone wrong. It cannot be recalled.

## How to fix
Correct the field's name, give it a fallback for people without that value, and send a test to a real row of the list.

## References
- [Mailchimp: merge tags](https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/), as an example of the syntax looked for
"""

from mailaudit.checks.message._message import content_of, where
from mailaudit.checks.rule import Confidence, Evidence, Magnitude, Problem, Problems, Severity, check
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.model import CODE
from mailaudit.facts.observed import NotApplicable

_READ = "People will read {text}{more} as it stands: the merge field was not filled in."
_MESSAGES = {
    "link": "A link holds {text}{more} as it stands, so that it may lead nowhere: the merge field was not filled in.",
    CODE: "The HTML holds {text}{more}, which no reader sees: what the program should have put there is missing.",
    "List-Unsubscribe": "List-Unsubscribe holds {text}{more} as it stands, so that nobody can leave the list by it.",
}


@check(Severity.ERROR, passed="No placeholder is left unfilled.")
def placeholder_unfilled(facts: Facts) -> Problems:
    """Yield one problem that lists every piece of merge syntax that a recipient would read."""
    message = facts.message
    if message.kind == "template":
        raise NotApplicable("the message is a template: its placeholders are still to be filled")
    found = content_of(facts).placeholders
    if found:
        first = next((item for item in found if item.is_certain), found[0])
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield Problem.about(
            message.path,
            _MESSAGES.get(first.place, _READ).format(text=first.text, more=more),
            "Correct the name of the field in the template, or remove it.",
            "Give each field a fallback for people without that value.",
            "Send a test to a real row of the list and look at it before the campaign leaves.",
            confidence=Confidence.HIGH if any(item.is_certain for item in found) else Confidence.LOW,
            evidence=tuple(Evidence(where(item.place), item.text) for item in found[:10]),
            magnitude=Magnitude(len(found), "placeholders"),
        )
