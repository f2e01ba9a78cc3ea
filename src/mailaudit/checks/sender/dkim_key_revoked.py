"""A DKIM key of the campaign has been revoked.

## Why it matters
An empty `p=` says that the key is no longer valid. Receivers then treat every signature made with it as failed.

## How to fix
Let your sending service or your server sign with its current selector, and publish the key of that selector.

## References
- [RFC 6376, section 3.6.1](https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1)
"""

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import published, signer
from mailaudit.facts.sender.dkim.observe import DkimFacts


@check(Severity.ERROR, passed="No DKIM key of the campaign is revoked.", each=published)
def dkim_key_revoked(facts: Facts, dkim: DkimFacts) -> Problems:
    """Yield a problem for a key record whose p= is empty."""
    revoked = [key for key in dkim.keys if key.revoked]
    if not revoked:
        return
    name = dkim.selector.name
    yield Problem.about(
        name,
        f"The key at {name} is revoked: every signature of this campaign made with it fails.",
        "Find out which selector signs now, and write it into the campaign file.",
        f"If it is still {dkim.selector.selector}, create a new key and publish it.",
        owner=signer(facts),
        location=dkim.selector.location,
        evidence=(Evidence(name, revoked[0].text),),
    )
