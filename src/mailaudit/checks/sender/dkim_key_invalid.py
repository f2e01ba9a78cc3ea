"""A DKIM key record cannot be used.

## Why it matters
Receivers cannot check a signature when the record of its key is damaged, when there are several records, or when
the record forbids its use for mail. The signature then counts as if it were not there.

Usual causes: the key was cut at 255 characters, quotation marks or spaces got into it, `v=DKIM1` stands in the
middle, or an old record was left beside the new one.

## How to fix
Delete everything at the name and publish the record again, exactly as your sending service or your server shows
it.

## References
- [RFC 6376, section 3.6.1](https://www.rfc-editor.org/rfc/rfc6376#section-3.6.1)
- [RFC 8301, section 3.1](https://www.rfc-editor.org/rfc/rfc8301#section-3.1)
"""

from collections.abc import Iterator

from mailaudit.checks.rule import Evidence, Facts, Fix, Problem, Problems, RepairKey, Severity, check
from mailaudit.checks.sender._dkim import owner_of_key, published
from mailaudit.checks.sender._placing import of_typed_alias
from mailaudit.facts.sender.dkim.observe import DkimFacts
from mailaudit.facts.sender.lookalikes import alias_target

_SHOWN = 120


@check(Severity.ERROR, passed="Every DKIM key record can be used.", each=published)
def dkim_key_invalid(facts: Facts, dkim: DkimFacts) -> Problems:
    """Yield a problem for a key record that receivers must not or cannot use."""
    reasons = list(_reasons(dkim))
    if not reasons:
        return
    name = dkim.selector.name
    yield Problem(
        subject=name,
        message=f"The DKIM key at {name} cannot be used: {reasons[0]}. Signatures made with it do not count.",
        location=dkim.selector.location,
        evidence=(
            *(Evidence(name, _short(key.text)) for key in dkim.keys[:3]),
            *(Evidence("also", reason) for reason in reasons[1:]),
        ),
        fix=of_typed_alias(facts, dkim.answer)
        or Fix.by(
            owner_of_key(facts, dkim),
            f"Copy the record for selector {dkim.selector.selector} again from "
            + (facts.sender.platform or "the program that signs")
            + ".",
            f"Delete every TXT record at {name} and publish that one alone.",
            change=RepairKey(name),
        ),
    )


def _reasons(dkim: DkimFacts) -> Iterator[str]:
    keys = dkim.keys
    if len(keys) > 1:
        yield f"there are {len(keys)} TXT records at the name, and receivers take any of them"
    for key in keys:
        if alias_target(key.text.encode()):
            yield "it holds the name of a host, where an alias (CNAME) of that host was meant"
            continue
        yield from key.errors
        if not key.allows_mail:
            yield "its s= forbids the use for mail"
        if not key.allows_sha256 and key.mistaken_hashes:
            yield f"its h= names {key.mistaken_hashes[0][:40]}, where a hash such as sha256 must stand"
        elif not key.allows_sha256:
            yield "its h= allows only SHA-1, which receivers no longer accept"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
