"""The campaign names a platform that the knowledge base does not know as one.

## Why it matters
For a known platform the audit knows which records it needs, whether SPF can align there, and which traces its mail
leaves. For an unknown one nothing of that can be checked. A program (Mautic, WordPress, phpList) or a web host is no
sending platform: it has no pool of addresses whose reputation carries the campaign, so the limits of an ordinary address
apply.

## How to fix
Correct the name; write a program under `sending.software`; write `platform: none` when your own server sends; or
describe the platform in a file of your own (`--knowledge DIR`).

## References
- [RFC 7208, section 5.2](https://www.rfc-editor.org/rfc/rfc7208#section-5.2)
"""

from mailaudit.checks.rule import Facts, NotGiven, Problem, Problems, Severity, check
from mailaudit.facts.sender.origin.claimed import Claim, Meaning
from mailaudit.knowledge.lookup import other_service_named, platform_meant
from mailaudit.knowledge.named import named
from mailaudit.knowledge.names import plain
from mailaudit.knowledge.types.mailbox import Hoster
from mailaudit.knowledge.types.platform import Platform

_DESCRIBE = "If it is not catalogued, describe it in a file platforms.yml and name its folder with --knowledge."
_WHEREABOUTS = {
    "hosting": "which hosts servers and web sites",
    "cloud": "which hosts servers and web sites",
    "isp": "which gives access to the internet",
    "gateway": "which filters or relays the mail of others",
}
_NO_LIMIT_LIFTED = "so the limits of an ordinary address apply"


@check(Severity.WARNING, passed="What the campaign names as its platform is known.", needs=())
def platform_unknown(facts: Facts) -> Problems:
    """Yield a problem for a word that names no sending platform, mailbox service or own server."""
    claim = facts.sender.origin.verdict.claim
    if claim is None:
        raise NotGiven("the campaign names no platform (sending.platform)")
    if claim.meaning is Meaning.SOFTWARE:
        yield _problem(
            claim,
            f"{claim.name} is a program and no sending platform, {_NO_LIMIT_LIFTED}.",
            f"Write `software: {claim.said}` under sending in place of `platform`.",
            "Write under `platform` the service through which the program sends, or `none` if its own server does.",
        )
    elif claim.meaning is Meaning.HOSTER:
        yield _problem(
            claim,
            f"{claim.name}, {_whereabouts(claim)}, is no sending platform, {_NO_LIMIT_LIFTED}.",
            "Write under `platform` the service through which the campaign is sent, or `none`.",
        )
    elif claim.meaning is Meaning.UNKNOWN:
        yield _unknown(claim)
    elif claim.platform and facts.sender.origin.verdict.is_ambiguous:
        yield _ambiguous(claim, claim.platform)


def _whereabouts(claim: Claim) -> str:
    thing = named(claim.said)
    return _WHEREABOUTS[thing.kind] if isinstance(thing, Hoster) else _WHEREABOUTS["gateway"]


def _ambiguous(claim: Claim, platform: Platform) -> Problem:
    also = f" is also the name of {claim.others[0]}" if claim.others else " is no service for campaigns alone"
    return _problem(
        claim,
        f"{claim.said}{also}, and nothing shows that it sends this campaign, {_NO_LIMIT_LIFTED}.",
        f"Write `platform: {platform.id}`, if you mean {platform.name}."
        if claim.others and plain(claim.said) != plain(platform.id)
        else f"Show that {platform.name} sends: its DKIM key under `sending.dkim`, or a test message as `message`.",
    )


def _unknown(claim: Claim) -> Problem:
    service = other_service_named(claim.said)
    if service is not None:
        return _problem(
            claim,
            f"{service.name} is known here by its name alone, so its records and its permission to send cannot be checked,"
            " and the limits of an ordinary address apply.",
            _DESCRIBE,
        )
    meant = platform_meant(claim.said)
    hint = f" Did you mean {meant.id}?" if meant else ""
    return _problem(
        claim,
        f"No platform called {claim.said} is known here, so its records and its permission to send cannot be checked,"
        f" and the limits of an ordinary address apply.{hint}",
        f"Write `platform: {meant.id}`." if meant else "Write the platform's name as it is catalogued.",
        _DESCRIBE,
    )


def _problem(claim: Claim, message: str, *steps: str) -> Problem:
    return Problem.about(claim.said, message, *steps, location="sending.platform")
