"""The MAIL FROM domain has no SPF record.

## Why it matters
SPF tells receivers which servers may send for a domain. Without a record nothing vouches for the servers of this
campaign: Gmail, Yahoo, Microsoft and Orange ask every sender of bulk mail for SPF and refuse mail or file it as
spam when it is missing.

The domain that counts is the one of the envelope sender (MAIL FROM, also called return path or bounce address). It
may be another one than the domain that people see in From.

## How to fix
Publish one TXT record at the domain that starts with `v=spf1`, names the services that send for it, and ends with
`~all`. Name every service that sends with this domain, also the one of the daily mail.

## References
- [RFC 7208, section 3](https://www.rfc-editor.org/rfc/rfc7208#section-3)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import ChangeSpf, Evidence, Facts, Fix, Problem, Problems, Severity, SpfAim, check
from mailaudit.checks.sender._placing import of_alias, of_suffix
from mailaudit.checks.sender._spf import is_own, record_owner, requires_from_domain


@check(
    Severity.ERROR,
    passed="The MAIL FROM domain has an SPF record.",
    each=lambda facts: facts.sender.mail_from_domains,
    follows=("record-at-wrong-name",),
)
def spf_missing(facts: Facts, domain: str) -> Problems:
    """Yield a problem when no TXT record of the domain is an SPF record."""
    if facts.sender.spf(domain).records:
        return
    if facts.campaign.return_path is None:
        requires_from_domain(facts)
    meant = facts.sender.spf(domain).lookalikes
    yield Problem(
        subject=domain,
        message=f"{domain} has no SPF record, so no receiver can tell who may send for it."
        if not meant
        else f"{domain} has a TXT record that was meant for SPF, but receivers ignore it: it must start with v=spf1 and a"
        " blank.",
        location="return_path" if facts.campaign.return_path else "from",
        evidence=tuple(Evidence("ignored", text) for text in meant[:3]),
        fix=of_suffix(domain)
        or of_alias(facts, facts.sender.spf(domain).txt)
        or Fix.by(
            record_owner(facts, domain),
            f"Publish the record below at {domain}, after adding every other service that sends for it.",
            change=ChangeSpf(domain, SpfAim.AUTHORISE),
            otherwise=_otherwise(facts, domain),
        ),
    )


def _otherwise(facts: Facts, domain: str) -> tuple[str, ...]:
    if not is_own(facts, domain):
        return (
            f"Tell the owner of {domain} (your sending service) that it has no SPF record.",
            f"Or set the return path to a sub-domain of yours, for example bounce.{facts.sender.organizational_domain}.",
        )
    return (
        "Ask your sending service which `include:` its SPF needs, or find the addresses of your server.",
        f"Publish one TXT record at {domain}: `v=spf1`, that include or `ip4:` with each address, then `~all`.",
    )
