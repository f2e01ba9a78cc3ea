"""The SPF record holds a modifier that SPF does not have.

## Why it matters
A word with an equals sign is a modifier, and receivers pass over those that they do not know without a word. What was
meant as `include:` or `ip4:` and is written with `=` has no effect at all: that service or server is not allowed to send,
and no tool that only looks for errors will tell.

## How to fix
Write a colon behind `include`, `ip4`, `ip6`, `a`, `mx` and `exists`; an equals sign belongs to `redirect` and `exp` alone.

## References
- [RFC 7208, section 6](https://www.rfc-editor.org/rfc/rfc7208#section-6)
- [RFC 6652, section 3](https://www.rfc-editor.org/rfc/rfc6652#section-3), on `ra`, `rp` and `rr`
"""

import difflib

from mailaudit.checks.rule import ChangeSpf, Evidence, Facts, Problem, Problems, Severity, SpfAim, check
from mailaudit.checks.sender._spf import record_owner, spf_domains
from mailaudit.facts.sender.spf.record import KNOWN_MODIFIERS, MECHANISMS, REGISTERED_MODIFIERS, Modifier

_MEANT = {"ip": "ip4", "ipv4": "ip4", "ipv6": "ip6", "includes": "include"}
_ALIKE = 0.75


@check(Severity.WARNING, passed="The SPF record holds no modifier that SPF does not have.", each=spf_domains)
def spf_modifier_unknown(facts: Facts, domain: str) -> Problems:
    """Yield a problem for each unknown modifier; a note when its name is like none that SPF has."""
    spf = facts.sender.spf(domain)
    spf.txt.known_records()
    for modifier in spf.record.modifiers if spf.record else ():
        if modifier.name in REGISTERED_MODIFIERS:
            continue
        meant = _meant(modifier)
        yield Problem.about(
            domain,
            f"{modifier.text} in the SPF record of {domain} has no effect: receivers pass over words with an equals"
            f" sign that SPF does not have{f'; {meant} was probably meant' if meant else ''}.",
            f"Write {meant} in place of {modifier.text}."
            if meant
            else f"Remove {modifier.text}, unless you know who reads it.",
            owner=record_owner(facts, domain),
            severity=None if meant else Severity.NOTE,
            evidence=(Evidence(f"{domain} TXT", spf.record.text if spf.record else ""),),
            discriminator=modifier.text.lower(),
            change=ChangeSpf(domain, SpfAim.REPAIR) if meant else None,
        )


def _meant(modifier: Modifier) -> str | None:
    """Return the term that the writer of an unknown modifier probably meant."""
    name = _MEANT.get(modifier.name, modifier.name)
    known = sorted(MECHANISMS | KNOWN_MODIFIERS)
    alike = name if name in known else next(iter(difflib.get_close_matches(name, known, n=1, cutoff=_ALIKE)), None)
    if alike is None:
        return None
    if alike == "all":
        return f"{modifier.value[:1] if modifier.value[:1] in tuple('-~?') else '~'}all"
    return f"{alike}{'=' if alike in KNOWN_MODIFIERS else ':'}{modifier.value}"
