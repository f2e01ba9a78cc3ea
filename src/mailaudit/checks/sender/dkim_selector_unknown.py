"""Nothing shows that the campaign is signed with DKIM.

## Why it matters
Gmail, Yahoo, Microsoft and Orange require a DKIM signature on bulk mail. The campaign file names no selector, and
none of the common selector names has a key in DNS. That proves nothing, for selectors cannot be listed; but if the
mail is not signed, it will be refused or filed as spam.

## How to fix
Look into the settings of your sending service or your mail server for the DKIM selector and write it under
`sending.dkim`, or give a delivered message as `message:`. If there is none, switch DKIM on.

## References
- [RFC 6376, section 3.1](https://www.rfc-editor.org/rfc/rfc6376#section-3.1)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import has_key, require_known_names, signer
from mailaudit.facts.observed import NotApplicable, Unavailable


@check(
    Severity.WARNING,
    passed="A DKIM selector of the campaign or the domain is known.",
    follows=("dkim-signature-missing", "platform-not-authorized"),
)
def dkim_selector_unknown(facts: Facts) -> Problems:
    """Yield a problem when no selector is given and none of the common ones has a key."""
    guesses = facts.sender.guesses
    if guesses is None:
        raise NotApplicable("the campaign shows which selectors sign it")
    if guesses.found or has_key(facts):
        return
    lost = guesses.failure or facts.sender.origin.lost_preparation
    if lost:
        raise Unavailable(lost)
    require_known_names(facts)
    tried = (
        "every name answers, so nothing can be learnt"
        if guesses.is_wildcard
        else f"{guesses.tried}, none has a key"
    )
    yield Problem.about(
        guesses.domain,
        f"Nothing shows that mail from {guesses.domain} is signed with DKIM, which large providers require of bulk"
        " mail.",
        "Switch DKIM on where the mail is sent, with a key of 2,048 bits.",
        "Publish the record that it shows.",
        "Write the selector into the campaign file under sending.dkim and run the audit again.",
        owner=signer(facts),
        location="sending.dkim",
        confidence=Confidence.LOW,
        evidence=(Evidence("common selector names tried", tried),),
    )
