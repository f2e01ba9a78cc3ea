"""A DKIM signature is made in a way that receivers no longer accept, or that others can misuse.

## Why it matters
Signatures with SHA-1 (`rsa-sha1`) must be treated as if they were not there. A signature with a length (`l=`)
covers only the beginning of the body: anybody can add text or a form below and send it on with your valid
signature.

## How to fix
Set the algorithm to `rsa-sha256`, and switch the body length off.

## References
- [RFC 8301, section 3.1](https://www.rfc-editor.org/rfc/rfc8301#section-3.1)
- [RFC 6376, section 8.2](https://www.rfc-editor.org/rfc/rfc6376#section-8.2)
"""

from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import signatures, signer
from mailaudit.facts.sender.dkim.verify import CheckedSignature


@check(
    Severity.ERROR,
    passed="The signatures of the sample message are made as they should.",
    needs=("message",),
    each=signatures,
)
def dkim_signature_outdated(facts: Facts, checked: CheckedSignature) -> Problems:
    """Yield a problem for rsa-sha1 and for l=."""
    signature = checked.signature
    if signature.algorithm == "rsa-sha1":
        yield Problem.about(
            str(checked),
            f"The signature for {signature.domain} uses SHA-1; receivers treat the mail as unsigned.",
            "Set the signing algorithm to rsa-sha256.",
            owner=signer(facts),
            location="message",
            discriminator="sha1",
        )
    if signature.body_length is not None:
        yield Problem.about(
            str(checked),
            f"The signature for {signature.domain} covers only the first {signature.body_length:,} octets of the body"
            " (l=): others can add to your mail and keep the signature valid.",
            "Switch the body length (l=) of the signature off.",
            owner=signer(facts),
            location="message",
            severity=Severity.WARNING,
            discriminator="length",
        )
