"""A DKIM signature expires too soon.

## Why it matters
`x=` ends the validity of a signature. Mail to a server that is busy or down waits for up to five days; when it
arrives after `x=`, the signature no longer counts, and DMARC fails where it rests on DKIM.

## How to fix
Leave `x=` out, or set it to at least a week after signing.

## References
- [RFC 6376, section 3.5](https://www.rfc-editor.org/rfc/rfc6376#section-3.5)
- [RFC 5321, section 4.5.4.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import signatures, signer
from mailaudit.facts.sender.dkim.verify import CheckedSignature

_DAY = 86_400
_LONGEST_WAIT = 5 * _DAY


@check(
    Severity.WARNING,
    passed="The signatures of the sample message last long enough.",
    needs=("message",),
    each=signatures,
)
def dkim_signature_expires(facts: Facts, checked: CheckedSignature) -> Problems:
    """Yield a problem when a signature lasts less than the five days for which servers retry."""
    signature = checked.signature
    if signature.expires_at is None:
        return
    begun = signature.signed_at if signature.signed_at is not None else int(facts.now.timestamp())
    seconds = signature.expires_at - begun
    if seconds >= _LONGEST_WAIT:
        return
    yield Problem.about(
        str(checked),
        f"The signature for {signature.domain} is valid for {_words(seconds)} only; mail that waits longer at a busy"
        " server arrives unsigned.",
        "Leave the expiry (x=) of the signature out, or set it to a week or more.",
        owner=signer(facts),
        location="message",
        evidence=(Evidence("x=", str(signature.expires_at)),),
    )


def _words(seconds: int) -> str:
    if seconds <= 0:
        return "no time at all"
    return f"{seconds // _DAY} days" if seconds >= 2 * _DAY else f"{seconds // 3600} hours"
