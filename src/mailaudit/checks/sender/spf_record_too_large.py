"""The TXT answer that holds the SPF record is too large.

## Why it matters
A receiver asks for all TXT records of the domain at once: the SPF record, and every verification code that
services have asked you to publish. Above 1,232 octets the answer no longer fits into one packet; it is cut off and
must be asked again over TCP, which some networks block. SPF then fails at random. Above 512 octets very old
resolvers have the same trouble.

## How to fix
Delete the verification records that are no longer needed, and shorten the SPF record.

## References
- [RFC 7208, section 3.4](https://www.rfc-editor.org/rfc/rfc7208#section-3.4)
- [DNS flag day 2020](https://www.dnsflagday.net/2020/)
"""

from mailaudit.checks.rule import Evidence, Facts, Magnitude, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import spf_domains
from mailaudit.facts.sender.spf.record import select

_ONE_PACKET = 1232
_OLD_RESOLVERS = 512


@check(Severity.WARNING, passed="The TXT answer with the SPF record fits into one packet.", each=spf_domains)
def spf_record_too_large(facts: Facts, domain: str) -> Problems:
    """Yield a problem when the whole TXT answer is longer than what one packet carries."""
    spf = facts.sender.spf(domain)
    texts, size = spf.txt.texts(), spf.txt.size or 0
    if size <= _OLD_RESOLVERS and not spf.txt.tcp:
        return
    is_large = size > _ONE_PACKET or spf.txt.tcp
    own = sum(len(text) for text in select(texts))
    yield Problem.about(
        domain,
        f"The TXT answer of {domain} has {size:,} octets"
        + (
            " and no longer fits into one packet: some receivers will not get your SPF record."
            if is_large
            else "; very old resolvers cut it off at 512."
        ),
        f"Delete the TXT records of {domain} that only proved ownership to a service once.",
        "Shorten the SPF record, or move the campaign to a sub-domain.",
        owner=Owner.DNS_ADMIN,
        magnitude=Magnitude(size, "octets"),
        severity=None if is_large else Severity.NOTE,
        evidence=(Evidence("TXT records", str(len(texts))), Evidence("the SPF record alone", f"{own} octets")),
    )
