"""A DKIM key of the campaign is too short.

## Why it matters
A short RSA key can be computed by others, who can then sign in your name. Receivers must refuse keys below 1,024
bits, and signers should use 2,048.

## How to fix
Let your sending service or your server create a key of 2,048 bits, publish it under a new selector, and switch
over when it is visible in DNS.

## References
- [RFC 8301, section 3.2](https://www.rfc-editor.org/rfc/rfc8301#section-3.2)
"""

from mailaudit.checks.change import RetireKey
from mailaudit.checks.rule import Evidence, Facts, Fix, Problem, Problems, Severity, check
from mailaudit.checks.sender._dkim import published, signer
from mailaudit.checks.sender._origin import platform_title
from mailaudit.facts.sender.dkim.key import GOOD_RSA_BITS, MIN_RSA_BITS, DkimKey
from mailaudit.facts.sender.dkim.observe import DkimFacts

_GOOD_EXPONENT = 65537


@check(Severity.ERROR, passed="The DKIM keys of the campaign are long enough.", each=published)
def dkim_key_weak(facts: Facts, dkim: DkimFacts) -> Problems:
    """Yield a problem for an RSA key below 2,048 bits, or with a public exponent below 65,537."""
    name = dkim.selector.name
    for key in dkim.keys:
        message = _weakness(name, key)
        if not message or key.bits is None:
            continue
        yield Problem(
            subject=name,
            message=message,
            location=dkim.selector.location,
            severity=None if key.bits < MIN_RSA_BITS else Severity.WARNING,
            evidence=(Evidence("key", f"RSA, {key.bits:,} bits, exponent {key.exponent}"),),
            fix=_fix(facts, dkim),
        )
        return


def _fix(facts: Facts, dkim: DkimFacts) -> Fix:
    owner = signer(facts)
    better = next((one.selector.selector for one in facts.sender.dkim if _may_replace(one, dkim)), None)
    if better:
        steps = (f"Let all mail be signed with the selector {better} alone, whose key is long enough.",)
        return Fix(owner, steps, None if dkim.cname_target else RetireKey(dkim.selector.name))
    where = f" in the settings of {platform_title(facts)}." if facts.sender.platform else "."
    return Fix.by(
        owner,
        f"Create a DKIM key of {GOOD_RSA_BITS:,} bits under a new selector{where}",
        "Publish it, switch the signing over, and delete the old key a week later.",
    )


def _may_replace(other: DkimFacts, dkim: DkimFacts) -> bool:
    """Say whether another selector of the same domain has a key without this fault."""
    if other.selector.domain != dkim.selector.domain or not other.answer.is_known or not other.is_usable:
        return False
    return not any(_weakness("", key) for key in other.keys)


def _weakness(name: str, key: DkimKey) -> str | None:
    if key.bits is None or key.exponent is None:
        return None
    if key.bits < MIN_RSA_BITS:
        return f"The DKIM key at {name} has only {key.bits:,} bits; receivers refuse keys below {MIN_RSA_BITS:,} bits."
    if key.bits < GOOD_RSA_BITS:
        return f"The DKIM key at {name} has {key.bits:,} bits; {GOOD_RSA_BITS:,} are the state of the art."
    if key.exponent < _GOOD_EXPONENT:
        return f"The DKIM key at {name} has the public exponent {key.exponent}, which makes forging easier."
    return None
