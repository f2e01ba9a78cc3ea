"""Where the From domain belongs to a provider of mailboxes: nobody but the provider can change its records."""

from msgspec.structs import replace

from mailaudit.checks.finding import Finding, Fix, Owner
from mailaudit.facts.sender.names import is_at_or_under, organizational_domain
from mailaudit.facts.sender.origin.daily_mail import is_shared
from mailaudit.runner import Audit

_OF_RECORDS = ("bimi-", "dkim-", "dmarc-", "mta-sts-", "name-servers-", "record-", "spf-", "tls-rpt-")
_OF_MAILBOX = "sends-from-mailbox"


def with_own_domain(audit: Audit) -> Audit:
    """Return the audit with a domain of one's own as the cure of what is wrong with the records of a provider's domain."""
    domain = organizational_domain(audit.facts.campaign.from_.address.domain)
    if not is_shared(domain):
        return audit
    fix = Fix.by(
        Owner.SENDER,
        f"Write from a domain of your own: only the provider of {domain} can change its records.",
        "Register your domain at a sending platform, and publish the SPF, DKIM and DMARC records that it shows.",
        "Name the mailbox as Reply-To.",
    )
    results = [
        replace(
            result,
            findings=tuple(replace(one, fix=fix) if _is_of(domain, one) else one for one in result.findings),
        )
        for result in audit.results
    ]
    return replace(audit, results=tuple(results))


def _is_of(domain: str, finding: Finding) -> bool:
    if finding.check == _OF_MAILBOX or finding.check.startswith("dmarc-"):
        return True
    return finding.check.startswith(_OF_RECORDS) and is_at_or_under(finding.subject, domain)
