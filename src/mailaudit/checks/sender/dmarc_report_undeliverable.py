"""DMARC reports go to a domain that takes no mail.

## Why it matters
The reports show which of your own mail fails and who else sends in your name. Sent to a domain without mail server
they are lost.

## How to fix
Put an address into `rua=` that exists and is read, by people or by a report service.

## References
- [RFC 9990](https://www.rfc-editor.org/info/rfc9990)
"""

from mailaudit.checks.rule import Facts, Fix, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import applied
from mailaudit.checks.sender._exchange import mx_fix, used_exchanges
from mailaudit.facts.sender.dmarc.reports import ReportTarget


def _targets(facts: Facts) -> tuple[ReportTarget, ...]:
    applied(facts)
    if not facts.sender.dmarc.reports:
        raise NotApplicable("the DMARC record asks for no reports by mail")
    return facts.sender.dmarc.reports


@check(Severity.WARNING, passed="Every domain that gets DMARC reports takes mail.", each=_targets)
def dmarc_report_undeliverable(facts: Facts, target: ReportTarget) -> Problems:
    """Yield a problem for a report domain to which no mail can be delivered."""
    if target.exchange.receives_mail:
        return
    # Where the campaign's own mail cannot be answered either, one record puts both right.
    is_own = any(one.domain == target.domain for one in used_exchanges(facts))
    yield Problem(
        subject=target.domain,
        message=f"DMARC reports are to go to {', '.join(target.mailboxes)}, but {target.domain} takes no mail.",
        fix=mx_fix(facts, target.exchange)
        if is_own
        else Fix.by(Owner.DNS_ADMIN, "Put an address into the DMARC record that exists and is read."),
    )
