"""The subject pretends to be a reply.

## Why it matters
"Re:" in front of a subject that answers nothing is a known trick: Gmail names it among misleading subjects, people report
it as spam, and the law on advertising forbids it in most countries.

## How to fix
Leave "Re:", "Fwd:" and their like away. A true reply names the message that it answers in In-Reply-To.

## References
- [Gmail: Email sender guidelines](https://support.google.com/a/answer/81126): message formatting
- [CAN-SPAM Act, 15 USC 7704(a)(2)](https://www.law.cornell.edu/uscode/text/15/7704): deceptive subject headings
- [RFC 5322, section 3.6.5](https://www.rfc-editor.org/rfc/rfc5322#section-3.6.5)
"""

import re

from mailaudit.checks.message._message import place_of, shown
from mailaudit.checks.rule import Evidence, Facts, NotGiven, Problem, Problems, Severity, check

REPLY = re.compile(
    r"\s*(?:re|tr|aw|antw|wg|sv|vs|vb|rv|res|enc|rif|fwd?|fw|odp|pd|ynt|vá|továbbítás|doorst)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?:(?!(?-i:[a-z]))",
    re.IGNORECASE,
)


@check(Severity.WARNING, passed="The subject pretends no reply.")
def subject_fake_reply(facts: Facts) -> Problems:
    """Yield a problem for the mark of a reply or a forward in a message that answers none."""
    message = facts.message
    if message.subject is None:
        message.content.get()
        raise NotGiven("the subject is not known (message.subject)")
    if REPLY.match(message.subject) and not (message.header("In-Reply-To") or message.header("References")):
        yield Problem.about(
            "Subject",
            f"The subject “{shown(message.subject)}” pretends to answer a message, and answers none.",
            "Write a subject without Re:, Fwd: or the like.",
            location=place_of(facts, next(iter(message.header("Subject")), None)),
            evidence=(Evidence("Subject", shown(message.subject)),),
        )
