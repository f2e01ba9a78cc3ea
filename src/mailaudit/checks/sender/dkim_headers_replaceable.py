"""The DKIM signature leaves important header fields open to change.

## Why it matters
A field that is not signed can be changed on the way. And even a signed From or Subject can be hidden: somebody
adds a second one in front, the signature stays valid, and the reader sees the forged one. Naming the field once
more than it occurs in the signature ("oversigning") closes that door.

## How to fix
Sign From, To, Subject, Date and Reply-To, and name From and Subject twice.

## References
- [RFC 6376, section 5.4](https://www.rfc-editor.org/rfc/rfc6376#section-5.4)
- [RFC 6376, section 8.15](https://www.rfc-editor.org/rfc/rfc6376#section-8.15)
"""

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import sample, signatures, signer
from mailaudit.facts.sender.dkim.verify import CheckedSignature

_IMPORTANT = ("from", "to", "cc", "subject", "date", "reply-to", "message-id", "mime-version", "content-type")
_SHOWN_FIRST = ("from", "subject")


@check(Severity.NOTE, passed="The signatures cover what readers see.", needs=("message",), each=signatures)
def dkim_headers_replaceable(facts: Facts, checked: CheckedSignature) -> Problems:
    """Yield a problem for important fields that are unsigned, or signed only as often as they occur."""
    counts, signed = sample(facts).counts, checked.signature.headers
    unsigned = [name for name in _IMPORTANT if counts.get(name) and name not in signed]
    open_names = [name for name in _SHOWN_FIRST if name in signed and signed.count(name) <= counts.get(name, 0)]
    if not unsigned and not open_names:
        return
    yield Problem.about(
        str(checked),
        f"Header fields can be changed or added without breaking the signature for {checked.signature.domain}.",
        "Sign From, To, Subject, Date and Reply-To, and name From and Subject twice in h=.",
        owner=signer(facts),
        location="message",
        evidence=(
            *((Evidence("not signed", ", ".join(unsigned)),) if unsigned else ()),
            *((Evidence("a second one can be added", ", ".join(open_names)),) if open_names else ()),
        ),
    )
