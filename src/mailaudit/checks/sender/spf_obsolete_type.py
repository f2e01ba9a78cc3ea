"""SPF is also published under the record type SPF.

## Why it matters
The record type SPF (99) was given up in 2014. Nobody reads it; it only misleads whoever edits the wrong one of the
two.

## How to fix
Delete the record of type SPF and keep the TXT record.

## References
- [RFC 7208, section 3.1](https://www.rfc-editor.org/rfc/rfc7208#section-3.1)
"""

from mailaudit.checks.rule import Facts, Owner, Problem, Problems, Severity, check


@check(
    Severity.NOTE,
    passed="There is no record of the obsolete type SPF.",
    each=lambda facts: facts.sender.mail_from_domains,
)
def spf_obsolete_type(facts: Facts, domain: str) -> Problems:
    """Yield a problem when the domain has records of type SPF."""
    if facts.sender.spf(domain).obsolete.known_records():
        yield Problem.about(
            domain,
            f"{domain} also has a record of the obsolete type SPF, which nobody reads.",
            "Delete the record of type SPF; keep the TXT record.",
            owner=Owner.DNS_ADMIN,
        )
