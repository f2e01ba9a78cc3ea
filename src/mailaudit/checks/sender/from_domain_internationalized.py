"""The From domain is written with characters beyond ASCII.

## Why it matters
Domains such as `bücher.example` travel as `xn--bcher-kva.example`. Some mail programs show that form, which looks
like fraud to readers, and filters look closer, because look-alike characters are used to imitate well-known names.
A name that mixes alphabets, such as Latin and Cyrillic letters, is taken for an imitation.

## How to fix
Send from a domain with plain letters and lead it to the same site.

## References
- [RFC 5890](https://www.rfc-editor.org/rfc/rfc5890)
- [Unicode technical standard 39: security mechanisms](https://www.unicode.org/reports/tr39/)
"""

from mailaudit.checks.confusables import mixed_label, read_name
from mailaudit.checks.rule import Confidence, Evidence, Facts, Problem, Problems, Severity, check


@check(Severity.WARNING, passed="The From domain is written with plain letters.", needs=())
def from_domain_internationalized(facts: Facts) -> Problems:
    """Yield a note for an internationalized From domain, a warning when a label mixes alphabets."""
    domain = facts.sender.from_domain
    readable = read_name(domain)
    pairs = zip(domain.split("."), readable.split("."), strict=True)
    coded = tuple(Evidence(label, text) for label, text in pairs if label != text)
    if not coded:
        return
    mixed = mixed_label(readable)
    yield Problem.about(
        domain,
        f"{readable} mixes alphabets and looks like an imitation; filters will treat it so."
        if mixed
        else f"Some mail programs will show {readable} as {domain}, which looks suspicious to readers.",
        "Send from a domain that is written with plain letters.",
        location="from",
        severity=None if mixed else Severity.NOTE,
        confidence=Confidence.MEDIUM,
        evidence=coded,
    )
