"""The SPF record allows a huge range of addresses.

## Why it matters
A range like `/8` holds millions of machines of other people. Whoever rents one of them can send mail in your name
that passes SPF, and filters distrust such records.

## How to fix
Name only the addresses that send for you.

## References
- [RFC 7208, section 5.6](https://www.rfc-editor.org/rfc/rfc7208#section-5.6)
- [RFC 7208, section 11](https://www.rfc-editor.org/rfc/rfc7208#section-11)
"""

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import mend_record, spf_domains
from mailaudit.facts.sender.spf.open_doors import open_doors
from mailaudit.facts.sender.spf.record import Mechanism, Qualifier

_WIDEST = {
    4: 9,
    6: 21,
}  # a /8 holds 16 million IPv4 addresses; nobody gets an IPv6 block above /20 for one service


@check(Severity.WARNING, passed="SPF names no huge ranges.", each=spf_domains)
def spf_range_too_wide(facts: Facts, domain: str) -> Problems:
    """Yield a problem for each range of /1 to /8 (IPv6: /1 to /20) in the record or below it."""
    survey = facts.sender.spf(domain).survey
    if open_doors(survey):
        raise NotApplicable("the record lets everybody send, which spf-allows-everyone tells")
    for node in survey.walk():
        for mechanism in node.record.effective_mechanisms if node.record else ():
            if not _is_wide(mechanism):
                continue
            yield Problem(
                subject=domain,
                message=f"{mechanism.text} in the SPF record of {node.domain} lets millions of other people's machines"
                f" send as {domain}.",
                evidence=(Evidence(f"{node.domain} TXT", node.record.text),) if node.record else (),
                discriminator=f"{node.domain} {mechanism.text}",
                fix=mend_record(
                    facts,
                    node.domain,
                    "Replace the range in the SPF record by the addresses that really send for you.",
                ),
            )
    survey.require_complete()


def _is_wide(mechanism: Mechanism) -> bool:
    if mechanism.qualifier is not Qualifier.PASS:
        return False
    if mechanism.network is not None:
        return 0 < mechanism.network.prefixlen < _WIDEST[mechanism.network.version]
    return mechanism.name in {"a", "mx"} and (
        0 < mechanism.prefix4 < _WIDEST[4] or 0 < mechanism.prefix6 < _WIDEST[6]
    )
