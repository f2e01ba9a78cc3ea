"""DMARC reports go to a domain that has not agreed to receive them.

## Why it matters
When the address for reports belongs to another domain, that domain must say in DNS that it wants them. Until it
does, receivers send no reports, and you do not learn who sends in your name and which of your own mail fails.

## How to fix
Ask the owner of the other domain (usually a report service) to publish the record below; it is often forgotten
after a change of service. Or use an address of your own domain.

## References
- [RFC 9990, section 4](https://www.rfc-editor.org/info/rfc9990)
"""

from mailaudit.checks.rule import Evidence, Facts, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.sender.dmarc.reports import ReportTarget


def _external(facts: Facts) -> tuple[ReportTarget, ...]:
    applied(facts)
    found = tuple(target for target in facts.sender.dmarc.reports if target.authorization is not None)
    if not found:
        raise NotApplicable("no DMARC report goes to another domain")
    return found


@check(
    Severity.WARNING,
    passed="Every domain that gets DMARC reports has agreed.",
    each=_external,
    follows=("dmarc-report-undeliverable",),
)
def dmarc_report_unauthorized(facts: Facts, target: ReportTarget) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem for an external report domain without the permission record."""
    if target.is_authorized:
        return
    yield Problem.about(
        target.domain,
        f"DMARC reports are to go to {', '.join(target.mailboxes)}, but {target.domain} has not agreed: no reports"
        " will arrive.",
        f'Ask the owner of {target.domain} to publish the TXT record "v=DMARC1" at {target.permission_name}.',
        "Or replace the address in the DMARC record by one of your own domain.",
        owner=Owner.DNS_ADMIN,
        evidence=(Evidence("missing record", f"{target.permission_name} TXT"),),
    )
