"""The sample message was delivered without a DKIM signature.

## Why it matters
Gmail, Yahoo, Microsoft and Orange require a DKIM signature on bulk mail. The sample has gone through mail servers
and carries none, so the campaign will not have one either.

## How to fix
Switch DKIM signing on where the mail is sent, publish the key, and send a new sample to yourself.

## References
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
- [RFC 6376](https://www.rfc-editor.org/rfc/rfc6376)
"""

from mailaudit.checks.rule import Confidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import sample, signer


@check(Severity.ERROR, passed="The sample message is signed with DKIM.", needs=("message",))
def dkim_signature_missing(facts: Facts) -> Problems:
    """Yield a problem when a sample with Received fields has no DKIM-Signature field."""
    found = sample(facts)
    if found.signatures:
        return
    if not found.is_delivered:
        raise NotApplicable("the sample message was not delivered by a mail server, so it need not be signed yet")
    yield Problem.about(
        facts.sender.from_domain,
        "The sample message has no DKIM signature, which large providers require of bulk mail.",
        "Switch DKIM signing on where the mail is sent.",
        "Publish the key that it shows, and send a new sample to yourself.",
        owner=signer(facts),
        location="message",
        confidence=Confidence.MEDIUM,
    )
