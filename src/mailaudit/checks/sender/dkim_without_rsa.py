"""Every DKIM key of the campaign is an Ed25519 key.

## Why it matters
Ed25519 signatures are short and strong, but many large receivers still cannot check them. A message that is signed only
so counts there as unsigned. The standard therefore suggests to sign twice, with RSA and with Ed25519.

## How to fix
Add an RSA key of 2,048 bits under a second selector, and let both sign.

## References
- [RFC 8463, section 1](https://www.rfc-editor.org/rfc/rfc8463#section-1)
"""

from mailaudit.checks.rule import Confidence, Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import published, signer
from mailaudit.facts.sender.dkim.key import KeyType


@check(Severity.WARNING, passed="The campaign has an RSA key that every receiver can check.")
def dkim_without_rsa(facts: Facts) -> Problems:
    """Yield a problem when there are usable keys and none of them is RSA."""
    usable = [dkim for dkim in published(facts) if dkim.is_usable]
    if not usable:
        raise NotApplicable("no DKIM key of the campaign can be used")
    if any(key.type == KeyType.RSA for dkim in usable for key in dkim.keys):
        return
    yield Problem.about(
        facts.sender.from_domain,
        "The campaign is signed with Ed25519 only, which many large receivers cannot check: to them it is unsigned.",
        "Create an RSA key of 2,048 bits under a second selector.",
        "Let the server sign with both keys.",
        owner=signer(facts),
        location="sending.dkim",
        confidence=Confidence.MEDIUM,
        evidence=tuple(Evidence("Ed25519 key", dkim.selector.name) for dkim in usable),
    )
