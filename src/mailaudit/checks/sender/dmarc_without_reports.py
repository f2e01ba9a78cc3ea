"""The DMARC record asks for no reports.

## Why it matters
Receivers send a daily summary of all mail that uses your domain to the address in `rua=`. Without it you do not
see that a service sends unsigned, or that somebody forges your name, and a stricter policy is a leap in the dark.

## How to fix
Add `rua=mailto:` with a mailbox that is read, or with the address of a report service.

## References
- [RFC 9989, section 4.7](https://www.rfc-editor.org/info/rfc9989)
"""

from mailaudit.checks.rule import ChangeDmarc, DmarcAim, Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import applied
from mailaudit.facts.sender.dmarc.record import DmarcRecord


@check(Severity.NOTE, passed="The DMARC record asks for reports.")
def dmarc_without_reports(facts: Facts) -> Problems:
    """Yield a problem when the record that applies has no usable rua."""
    _, record, published_at = applied(facts)
    if any(uri.mailbox for uri in record.rua):
        return
    name = f"_dmarc.{published_at}"
    yield Problem.about(
        published_at,
        f"The DMARC record of {published_at} asks for no reports{_by_mail(record)}: nobody will tell you when mail in"
        " your name fails.",
        "Replace the record by the one below, which sends reports where your other reports go.",
        owner=Owner.DNS_ADMIN,
        evidence=(Evidence(name, record.text),),
        change=ChangeDmarc(published_at, DmarcAim.ASK_FOR_REPORTS),
        otherwise=(
            "Choose a mailbox that is read for the DMARC reports, or a report service.",
            f"Add rua=mailto: with its address to the record at {name}.",
        ),
    )


def _by_mail(record: DmarcRecord) -> str:
    # RFC 9990, section 3: receivers must support mailto, and none is known that sends by another way.
    return f" by mail ({record.rua[0].text[:60]} is used by nobody)" if record.rua else ""
