"""The certificate of the logo (BIMI) is not valid.

## Why it matters
Gmail and Apple show a logo only with a certificate of the mark (`a=` in the record). When the certificate has run out, is for
another domain, or comes without those of its issuers, they show no logo.

The certificate is fetched only with `--allow-http`. Its issuer is held against the recognised Mark Verifying Authorities.

## How to fix
Ask the issuer for a new file, the mark certificate first and the issuers' after it, and publish it at the same address.

## References
- [Fetch and validation of verified mark certificates](https://datatracker.ietf.org/doc/draft-fetch-validation-vmc-wchuang/)
- [Google: set up BIMI](https://support.google.com/a/answer/10911320)
"""

from collections.abc import Iterator
from datetime import timedelta

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._transport import files

_SOON = timedelta(days=21)


@check(
    Severity.NOTE, passed="The certificate of the logo (BIMI) is valid for the domain.", needs=("dns", "network")
)
def bimi_certificate_invalid(facts: Facts) -> Problems:
    """Yield a problem for a certificate that receivers refuse, or will soon."""
    reasons = list(_reasons(facts))
    domain = facts.sender.from_domain
    last = files(facts).certificate.get()
    is_ending = not reasons and last and last.not_after and facts.now > last.not_after - _SOON
    if is_ending and last and last.not_after:
        message = f"Gmail and Apple will soon stop showing the logo of {domain}: "
        reasons = [f"its certificate runs out on {last.not_after:%Y-%m-%d}"]
    elif reasons:
        message = f"Gmail and Apple do not show the logo of {domain}: "
    else:
        return
    yield Problem.about(
        domain,
        f"{message}{reasons[0]}.",
        "Get a mark certificate for this domain from its issuer, with the certificates of the issuers after it.",
        "Put the file at the address that a= in the logo record names.",
        evidence=(
            Evidence("certificate", files(facts).certificate_url or ""),
            *(Evidence("problem", reason) for reason in reasons),
        ),
    )


def _reasons(facts: Facts) -> Iterator[str]:
    found = files(facts)
    certificate = found.certificate.get()
    if certificate is None:
        raise NotApplicable("the logo record names no certificate (a=)")
    yield from (f"its certificate cannot be used, because {error}" for error in certificate.errors)
    if certificate.not_before is None or certificate.not_after is None:
        return
    if facts.now < certificate.not_before:
        yield f"its certificate is valid only from {certificate.not_before:%Y-%m-%d} on"
    if facts.now > certificate.not_after:
        yield f"its certificate ran out on {certificate.not_after:%Y-%m-%d}"
    if not certificate.covers(facts.sender.from_domain, facts.sender.organizational_domain):
        yield f"its certificate is for {', '.join(certificate.names[:3]) or 'no domain'}"
    logo = found.logo.value
    if logo and logo.data and certificate.logo and logo.data.strip() != certificate.logo.strip():
        yield "the logo in its certificate is not the logo at l="
