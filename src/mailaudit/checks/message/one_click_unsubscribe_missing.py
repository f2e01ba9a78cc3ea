"""The message offers no one-click unsubscribe.

## Why it matters
Gmail and Yahoo ask every bulk sender for it, and Orange and others follow: two header fields with which the mailbox shows an
"Unsubscribe" button that works in one click. Without it people press "Spam" instead, and each of these clicks counts against
your domain.

## How to fix
Let the sending platform add both fields (all serious ones can), or add them yourself: an HTTPS address that unsubscribes on
POST without asking anything, and the fixed second field. Both must be covered by the DKIM signature.

## References
- [RFC 8058, section 3.1](https://www.rfc-editor.org/rfc/rfc8058#section-3.1)
- [RFC 2369, section 3.2](https://www.rfc-editor.org/rfc/rfc2369#section-3.2)
- [Gmail: Email sender guidelines](https://support.google.com/a/answer/81126)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Owner, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.facts.facts import Facts
from mailaudit.facts.message.model import MessageFacts
from mailaudit.facts.observed import NotGiven
from mailaudit.location import Location

_STEPS = (
    "Turn on list-unsubscribe (one-click) in the sending platform or program.",
    (
        "Or add both fields: List-Unsubscribe: <https://your-site/unsubscribe/TOKEN> and "
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click."
    ),
    "Make that address unsubscribe on POST, at once, without a login, a cookie or a redirect.",
    "Have both fields signed by DKIM, then send yourself a test message.",
)


@check(Severity.ERROR, passed="The message carries one-click unsubscribe.", needs=("message",))
def one_click_unsubscribe_missing(facts: Facts) -> Iterator[Problem]:
    """Yield a problem when the two fields of RFC 8058 are missing or do not fit."""
    message = facts.message
    if message.headers is None or message.kind == "template":
        raise NotGiven(
            "the header fields as sent are not known (give a delivered message as message: message.eml)"
        )
    fault = _fault(message)
    if fault is not None:
        present = (*message.header("List-Unsubscribe"), *message.header("List-Unsubscribe-Post"))
        yield Problem(
            subject="List-Unsubscribe" if not message.header("List-Unsubscribe") else "List-Unsubscribe-Post",
            message=f"{fault} Mailboxes will show no unsubscribe button, and people press Spam instead.",
            location=Location(message.path, present[0].line if present else 1),
            evidence=tuple(Evidence(item.name, _hidden(item.value)) for item in present[:4]),
            fix=Fix(Owner.PLATFORM, _STEPS),
        )


def _fault(message: MessageFacts) -> str | None:
    unsubscribe = message.header("List-Unsubscribe")
    if not unsubscribe:
        return "The message has no List-Unsubscribe field."
    if not re.search(r"<\s*https://[^>\s]+\s*>", unsubscribe[0].value, re.IGNORECASE):
        return "The List-Unsubscribe field holds no HTTPS address."
    post = message.header("List-Unsubscribe-Post")
    if not post:
        return "The List-Unsubscribe-Post field is missing, so the unsubscribe address is not one-click."
    if re.sub(r"\s", "", post[0].value).lower() != "list-unsubscribe=one-click":
        return "The List-Unsubscribe-Post field does not say List-Unsubscribe=One-Click."
    return None


def _hidden(value: str) -> str:
    """Show only where the addresses lead, for they carry a token of one recipient."""
    return re.sub(r"<([a-z]+:(?://)?[^/?@>]*)[^>]*>", r"<\1…>", value[:2000], flags=re.IGNORECASE)[:200]
