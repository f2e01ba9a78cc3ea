"""DMARC reports go to a domain that takes no mail.

## Why it matters
The reports show which of your own mail fails and who else sends in your name. Sent to a domain without mail server
they are lost.

## How to fix
Put an address into `rua=` that exists and is read, by people or by a report service.

## References
- [RFC 9990](https://www.rfc-editor.org/info/rfc9990)
"""

from mailaudit.checks.rule import Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.sender.dmarc.reports import ReportTarget


def _targets(facts: Facts) -> tuple[ReportTarget, ...]:
    applied(facts)
    if not facts.sender.dmarc.reports:
        raise NotApplicable("the DMARC record asks for no reports by mail")
    return facts.sender.dmarc.reports


@check(Severity.WARNING, passed="Every domain that gets DMARC reports takes mail.", each=_targets)
def dmarc_report_undeliverable(facts: Facts, target: ReportTarget) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for a report domain to which no mail can be delivered."""
    if target.exchange.receives_mail:
        return
    yield Problem.about(
        target.domain,
        f"DMARC reports are to go to {', '.join(target.mailboxes)}, but {target.domain} takes no mail.",
        "Put an address into the DMARC record that exists and is read.",
        owner=Owner.DNS_ADMIN,
    )
