"""A DKIM signature of the sample message is not valid.

## Why it matters
The sample shows how the campaign will be signed. A signature that does not verify counts for nothing, and DMARC
then rests on SPF alone.

Usual causes: the key in DNS is not the one that signs, a server behind the signer changes the message (a footer, a
new encoding), `i=` does not fit the key, or the sample was changed while it was saved.

## How to fix
Compare the selector in the signature with the key in DNS. If the body was changed, let the last server sign, and
save the sample with "Show original" or as .eml, not by copying.

## References
- [RFC 6376, section 6](https://www.rfc-editor.org/rfc/rfc6376#section-6)
"""

from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, Unavailable, check
from mailaudit.checks.sender._dkim import signatures, signer
from mailaudit.facts.sender.dkim.verify import CheckedSignature, SignatureResult


@check(
    Severity.ERROR,
    passed="The signatures of the sample message are valid.",
    needs=("dns", "message"),
    each=signatures,
    follows=("dkim-key-missing", "dkim-key-invalid", "dkim-key-revoked"),
)
def dkim_signature_fails(facts: Facts, checked: CheckedSignature) -> Problems:
    """Yield a problem for each signature that does not verify."""
    if checked.result is SignatureResult.TEMPERROR:
        raise Unavailable(checked.reason)
    if checked.result is SignatureResult.PASS:
        return
    is_body = checked.result is SignatureResult.BODY_CHANGED
    yield Problem.about(
        str(checked),
        f"The signature of the sample message for {checked.signature.domain or 'no domain'} is not valid:"
        f" {checked.reason}.",
        "Save the sample again as .eml, without opening it in an editor, and run the audit again.",
        f"Compare the key at {checked.signature.key_name} with the one that signs.",
        "Make sure that no server changes the message after it has been signed.",
        owner=signer(facts),
        location="message",
        # Saving a message often changes its body.
        severity=Severity.WARNING if is_body else None,
        confidence=Confidence.MEDIUM if is_body else Confidence.HIGH,
        evidence=(
            Evidence("selector", checked.signature.key_name),
            Evidence("algorithm", checked.signature.algorithm),
        ),
    )
