"""The From domain has no DMARC record.

## Why it matters
Gmail, Yahoo, Microsoft and Orange ask every sender of bulk mail for a DMARC record on the domain in From. Mail
without one is refused or filed as spam once the sender counts as a bulk sender (at Gmail and Microsoft from 5,000
messages a day). It also means that nobody tells you who else sends with your name.

The record may stand at the From domain itself or at the registered domain above it. Several records at one name
count as none.

## How to fix
Publish a TXT record at `_dmarc` under your domain. Start with `p=none`, which changes nothing for your mail and
only asks for reports; go to `p=quarantine` when the reports show that all your mail passes.

## References
- [RFC 9989](https://www.rfc-editor.org/info/rfc9989)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
- [Microsoft: requirements for high-volume senders](https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/strengthening-email-ecosystem-outlook%E2%80%99s-new-requirements-for-high%E2%80%90volume-senders/4399730)
"""

from mailaudit.checks.change import ChangeDmarc, DmarcAim
from mailaudit.checks.rule import Evidence, Facts, Fix, NotApplicable, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import repeated
from mailaudit.checks.sender._placing import of_alias, of_suffix


@check(Severity.ERROR, passed="The From domain has a DMARC record.", follows=("record-at-wrong-name",))
def dmarc_missing(facts: Facts) -> Problems:
    """Yield a problem when neither the From domain nor its organizational domain has one DMARC record."""
    dmarc = facts.sender.dmarc
    if dmarc.tree_walk.get().record or dmarc.suffix_list.get().record:
        return
    domain, organization = facts.sender.from_domain, facts.sender.organizational_domain
    several = repeated(facts)
    if several:
        raise NotApplicable(f"_dmarc.{several[0].domain} has several records, which dmarc-invalid tells")
    meant = [
        (found.domain, text)
        for found in dmarc.published.values()
        if found.answer.is_known and found.domain in {domain, organization}
        for text in found.lookalikes
    ]
    yield Problem(
        subject=domain,
        message=_message(domain, [text for _, text in meant]),
        location="from",
        evidence=tuple(Evidence(f"ignored at _dmarc.{name}", text) for name, text in meant[:3]),
        fix=of_suffix(domain)
        or next((fix for one in dmarc.published.values() if (fix := of_alias(facts, one.answer))), None)
        or Fix.by(
            Owner.DNS_ADMIN,
            "Publish the record below.",
            "Read the reports for two to four weeks, then change p=none to p=quarantine.",
            change=ChangeDmarc(_where(facts, meant), DmarcAim.PUBLISH),
            otherwise=(f"Publish one DMARC record at _dmarc.{organization}; begin with `v=DMARC1; p=none`.",),
        ),
    )


def _where(facts: Facts, meant: list[tuple[str, str]]) -> str:
    """Return the domain whose record is to be mended or moved, or where a new one belongs."""
    if meant:
        return meant[0][0]
    sender = facts.sender
    domains = (sender.organizational_domain, sender.from_domain)
    found = (domain for domain in domains if sender.wrong_names.misplaced(f"_dmarc.{domain}"))
    return next(found, sender.organizational_domain)


def _message(domain: str, meant: list[str]) -> str:
    if meant:
        return (
            f"The DMARC record for {domain} is ignored by receivers: it must start with v=DMARC1; in exactly these"
            " letters."
        )
    return f"{domain} has no DMARC record; large mailbox providers refuse bulk mail from such domains or file it as spam."
