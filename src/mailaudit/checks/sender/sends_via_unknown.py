"""Nothing tells where the campaign leaves from.

## Why it matters
Whether a campaign arrives depends first on the place that it leaves from: a sending platform, a server of your
own, the web site, a mailbox. Without that, the reputation, the reverse names and the permissions cannot be
checked.

## How to fix
Add to the campaign file what you know: the platform, the server to which your software hands the mail, the
addresses, the DKIM selector, or a test message saved with all its headers.

## References
- [RFC 7489, section 3](https://www.rfc-editor.org/rfc/rfc7489#section-3)
"""

from mailaudit.checks.rule import Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._origin import trail
from mailaudit.facts.sender.origin.own_names import SendsVia

_MOST = 4


@check(Severity.NOTE, passed="It is known where the campaign leaves from.")
def sends_via_unknown(facts: Facts) -> Problems:
    """Yield a problem when no clue decides, with what to add to the campaign file."""
    sender = facts.sender
    if sender.sends_via.get() is not SendsVia.UNKNOWN:
        return
    verdict = sender.origin.verdict
    candidates = sorted({clue.name for clue in verdict.clues if clue.platform})
    seen = (
        f" DNS is prepared for {' and for '.join(candidates)}, which does not say who sends." if candidates else ""
    )
    known = ", ".join(str(address.ip) for address in sender.origin.addresses[:_MOST])
    yield Problem.about(
        sender.from_domain,
        f"Nothing tells who sends from {known}: a server of your own, a platform or a mailbox.{seen}"
        if known
        else f"Nothing tells where the mail leaves from.{seen} Its reputation and its permission to send could"
        " not be checked.",
        *(f"Add {text}, if you know it." for text in verdict.missing),
        location="from",
        evidence=trail(verdict.clues),
    )
