"""Neither SPF nor DKIM speaks for the From domain.

## Why it matters
DMARC asks that SPF or DKIM passes for the domain that people see in From. When the MAIL FROM domain and every
signature belong to somebody else, DMARC fails for every message, however well the sending service is set up: with
`p=reject` or `p=quarantine` your own mail is refused or filed as spam, and Gmail, Yahoo, Microsoft and Orange
refuse bulk mail that fails.

With `aspf=s` or `adkim=s` a domain of the same organization does not count either: it must be the From domain itself.

## How to fix
Authenticate your domain in the settings of the sending service, so that it signs with your domain (DKIM); let it
use a sub-domain of yours as return path as well (SPF).

## References
- [RFC 9989](https://www.rfc-editor.org/info/rfc9989)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.change import ChangeDmarc, DmarcAim
from mailaudit.checks.rule import Evidence, Facts, NotGiven, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import signer
from mailaudit.checks.sender._dmarc import applied
from mailaudit.checks.sender._origin import platform_title
from mailaudit.facts.sender.dmarc.alignment import Aligned, Mechanism

_TAGS = {Mechanism.SPF: "aspf=s", Mechanism.DKIM: "adkim=s"}


@check(
    Severity.ERROR,
    passed="SPF or DKIM, where it passes, vouches for the From domain.",
    follows=("dkim-not-aligned", "spf-not-aligned"),
)
def dmarc_not_aligned(facts: Facts) -> Problems:
    """Yield a problem when no MAIL FROM and no d= is aligned with the From domain."""
    sender = facts.sender
    spf, dkim = sender.dmarc.alignment(Mechanism.SPF), sender.dmarc.alignment(Mechanism.DKIM)
    if spf or dkim:
        return
    if dkim is None:
        raise NotGiven(
            "SPF does not speak for the From domain, and no DKIM selector is known that could; name it under sending.dkim"
        )
    strict = [one for one in sender.dmarc.aligned if one.fails_by_strictness]
    if strict:
        yield _strict(facts, strict)
        return
    yield Problem.about(
        sender.from_domain,
        f"Nothing in this mail speaks for {sender.from_domain}: MAIL FROM and the signatures belong to others, so"
        " DMARC fails for every message.",
        f"Authenticate {sender.from_domain} in the settings of {platform_title(facts) or 'the program that sends'}.",
        "Publish the DKIM records that it shows, and write the selector into the campaign file.",
        f"Set the return path to a sub-domain of {sender.organizational_domain} if it can be set.",
        owner=signer(facts),
        location="from",
        evidence=tuple(
            Evidence(
                "MAIL FROM" if one.identifier.mechanism is Mechanism.SPF else "DKIM d=", one.identifier.domain
            )
            for one in sender.dmarc.aligned
        ),
    )


def _strict(facts: Facts, strict: list[Aligned]) -> Problem:
    sender = facts.sender
    tags = " and ".join(sorted({_TAGS[one.identifier.mechanism] for one in strict}))
    _, record, published_at = applied(facts)
    return Problem.about(
        sender.from_domain,
        f"Only strict alignment makes this campaign fail DMARC: with {tags} in the DMARC record nothing counts but"
        f" {sender.from_domain} itself, and not {_named(strict)}, although of the same organization.",
        f"Take {tags} out of the DMARC record: relaxed alignment is what nearly everybody uses.",
        f"Or sign with d={sender.from_domain}, or send bounces to {sender.from_domain} itself.",
        owner=Owner.DNS_ADMIN,
        location="from",
        evidence=(Evidence(f"_dmarc.{published_at}", record.text),),
        discriminator="strict",
        change=ChangeDmarc(published_at, DmarcAim.RELAX),
    )


def _named(strict: list[Aligned]) -> str:
    parts = [
        f"MAIL FROM ({one.identifier.domain})"
        if one.identifier.mechanism is Mechanism.SPF
        else f"the signature (d={one.identifier.domain})"
        for one in strict
    ]
    return " or ".join(parts)
