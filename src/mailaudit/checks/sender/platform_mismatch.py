"""What the campaign says about its platform does not fit what is seen.

## Why it matters
People often believe that their mail leaves through the platform that they pay for, while a plug-in, an old setting
or a second team sends it from somewhere else. Then the permissions, the limits and the reputation that count are
others.

## How to fix
Look into the settings of the software that sends: which server does it hand the mail to? Correct the setting or
the campaign file.

## References
- [RFC 6376, section 3.5](https://www.rfc-editor.org/rfc/rfc6376#section-3.5)
- [RFC 7208, section 2.4](https://www.rfc-editor.org/rfc/rfc7208#section-2.4)
"""

from mailaudit.checks.rule import Facts, NotApplicable, NotGiven, Problem, Problems, Severity, Unavailable, check
from mailaudit.checks.sender._origin import require_answers, trail
from mailaudit.facts.sender.dkim.observe import SelectorSource
from mailaudit.facts.sender.origin.claimed import Claim, Meaning
from mailaudit.facts.sender.origin.clues.delegations import key_clues
from mailaudit.facts.sender.origin.conclusion import Verdict
from mailaudit.facts.sender.origin.evidence import Clue, Place, Rank
from mailaudit.facts.sender.origin.own_names import SendsVia

_ELSEWHERE = frozenset({SendsVia.OWN_SERVER, SendsVia.MAILBOX})


@check(Severity.WARNING, passed="What the campaign says about its platform fits what is seen.")
def platform_mismatch(facts: Facts) -> Problems:
    """Yield a problem when evidence points elsewhere than the campaign says, or to two places at once."""
    verdict = facts.sender.origin.verdict
    claim, against = verdict.claim, verdict.contradiction
    if verdict.open_because:
        raise Unavailable(verdict.open_because)
    if verdict.outweighed is not None:
        yield _two_places(verdict, verdict.outweighed)
        return
    if against is None and (key := _idle_key(facts)):
        yield _named_key(verdict, key)
        return
    if claim is None:
        raise NotGiven("the campaign names no platform (sending.platform)")
    if claim.clue is None:
        raise NotApplicable(f"{claim.said} names no place from which mail could leave")
    if against is not None:
        yield _problem(facts, claim, against)
    elif not any(clue.shows and claim.fits(clue) for clue in verdict.clues):
        require_answers(facts)


def _problem(facts: Facts, claim: Claim, against: Clue) -> Problem:
    return Problem.about(
        claim.said,
        f"The campaign says {_said(claim)}, but {against.seen}"
        + (f", which points to {against.name}." if against.place is not Place.UNKNOWN else ".")
        + (" The limits of an ordinary address apply." if claim.meaning is Meaning.PLATFORM else ""),
        "Look into your software's settings for the server to which it hands the mail.",
        f"If {against.name} sends, correct `platform` in the campaign file; if not, correct the setting.",
        "Send yourself a test message and read its Received and DKIM-Signature headers.",
        location="sending.platform",
        evidence=trail(clue for clue in facts.sender.origin.verdict.clues if claim.is_contradicted_by(clue)),
        confidence=against.confidence,
    )


def _two_places(verdict: Verdict, own: Clue) -> Problem:
    is_own = own.place is Place.OWN_SERVER
    delivering = "your server" if is_own else own.name
    named = f" ({own.name})" if is_own else ""
    leading = next(clue for clue in verdict.clues if clue.seen in verdict.reasons and clue.place is Place.PLATFORM)
    return Problem.about(
        leading.platform.id if leading.platform else leading.name,
        f"Two places are seen: {own.seen}{named}, and {leading.seen}. The second weighs more:"
        f" {leading.name} is taken to send, and the limits of an ordinary address are not counted. They apply if"
        f" {delivering} delivers the mail itself.",
        f"If {leading.name} delivers, take what is not its own out of `sending`.",
        f"If {delivering} delivers, write `platform: none`, and its own DKIM key and bounce domain.",
        "Send yourself a test message and give it as `message`: its headers decide.",
        location="sending.platform" if verdict.claim else "sending",
        evidence=trail((leading, own)),
        confidence=own.confidence,
        discriminator="two places",
    )


def _idle_key(facts: Facts) -> Clue | None:
    """Return the DKIM key of the campaign file that is delegated to a platform, when the campaign leaves from elsewhere."""
    verdict = facts.sender.origin.verdict
    if verdict.via.value not in _ELSEWHERE or not verdict.reasons:
        return None
    clues = (
        clue
        for key in facts.sender.dkim
        # One's own key may bear the name that a platform gives to its keys.
        if key.selector.source is SelectorSource.CAMPAIGN and key.answer.cname_chain
        for clue in key_clues(Rank.PREPARED, key.selector.selector, key.selector.domain, key.answer)
    )
    return next((clue for clue in clues if clue.platform and clue.place is Place.PLATFORM), None)


def _named_key(verdict: Verdict, key: Clue) -> Problem:
    name = key.platform.id if key.platform else key.name
    return Problem.about(
        name,
        f"Two places are seen: {verdict.reasons[0]}, and {key.seen}. The first weighs more: the limits of an"
        f" ordinary address apply. They do not if {key.name} delivers the mail.",
        f"If {key.name} delivers, write `platform: {name}`, and take what is not its own out of `sending`.",
        f"If not, write the key that signs this mail under `sending.dkim`, and not that of {key.name}.",
        "Send yourself a test message and give it as `message`: its headers decide.",
        location="sending.dkim",
        evidence=trail((key,)),
        confidence=key.confidence,
        discriminator="named key",
    )


def _said(claim: Claim) -> str:
    return "that no platform sends it" if claim.meaning is Meaning.NONE else f"that {claim.name} sends it"
