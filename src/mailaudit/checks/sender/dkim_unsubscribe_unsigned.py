"""The DKIM signature does not cover the unsubscription fields.

## Why it matters
Gmail and Yahoo offer one-click unsubscription only when the fields `List-Unsubscribe` and `List-Unsubscribe-Post`
are covered by a valid signature. Otherwise anybody could add them, so they are ignored, and people press the spam
button instead.

## How to fix
Add both fields to the list of signed header fields.

## References
- [RFC 8058, section 4](https://www.rfc-editor.org/rfc/rfc8058#section-4)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import sample, signatures, signer

_FIELDS = {"list-unsubscribe": "List-Unsubscribe", "list-unsubscribe-post": "List-Unsubscribe-Post"}


@check(Severity.WARNING, passed="A signature covers the unsubscription fields.", needs=("message",))
def dkim_unsubscribe_unsigned(facts: Facts) -> Problems:
    """Yield a problem when unsubscription fields are present and no signature covers them."""
    found = signatures(facts)
    present = [name for name in _FIELDS if sample(facts).counts.get(name)]
    if not present:
        raise NotApplicable("the sample message has no unsubscription fields")
    if any(set(present) <= set(checked.signature.headers) for checked in found):
        return
    yield Problem.about(
        facts.sender.from_domain,
        f"No signature of the sample message covers {' and '.join(_FIELDS[name] for name in present)}: one-click"
        " unsubscription will not be offered.",
        f"Add {', '.join(_FIELDS[name] for name in present)} to the signed header fields.",
        owner=signer(facts),
        location="message",
    )
