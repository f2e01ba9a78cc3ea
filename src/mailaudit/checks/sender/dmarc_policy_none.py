"""The DMARC policy asks receivers to do nothing.

## Why it matters
With `p=none` anybody can send mail with your domain in From and it is delivered: fraud in your name costs you the
trust of your customers and the reputation of the domain. Receivers also give less credit to a domain that does not
commit itself, and a logo next to the message (BIMI) needs a stricter policy.

What counts is the policy that applies to this From domain: `sp=` of the parent domain for a sub-domain, and `t=y`
lowers each policy by one step.

## How to fix
Read the reports until all your own mail passes, then publish `p=quarantine`, and later `p=reject`.

## References
- [RFC 9989, section 4.7](https://www.rfc-editor.org/info/rfc9989)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Owner, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._dmarc import applied
from mailaudit.checks.sender._records import txt_line
from mailaudit.facts.facts import Facts
from mailaudit.facts.sender.dmarc.record import DmarcRecord, Policy


@check(Severity.WARNING, passed="The DMARC policy asks receivers to act on forged mail.", needs=("dns",))
def dmarc_policy_none(facts: Facts) -> Iterator[Problem]:
    """Yield a problem when the policy that applies to the From domain is none."""
    _, record, published_at = applied(facts)
    if facts.sender.dmarc.policy is not Policy.NONE:
        return
    name = f"_dmarc.{published_at}"
    yield Problem(
        subject=facts.sender.from_domain,
        message=f"The DMARC policy for {facts.sender.from_domain} is none: mail that others forge in its name is delivered.",
        location="from",
        evidence=(Evidence(name, record.text),),
        fix=Fix(
            Owner.DNS_ADMIN,
            (
                "Make sure from the DMARC reports of two to four weeks that all your own mail passes.",
                f"Replace the record at {name} by the one below.",
            ),
            txt_line(name, _stricter(record)),
        ),
    )


def _stricter(record: DmarcRecord) -> str:
    """Return the record with every policy that is none, absent or in test mode made quarantine."""
    text = re.sub(r"\s*;\s*t\s*=\s*[yY]\s*(?=;|$)", "", record.text)
    text = re.sub(r"\b(p|sp|np)\s*=\s*none\b", r"\1=quarantine", text, flags=re.IGNORECASE)
    if record.p is None:
        text = re.sub(r"\s*;\s*p\s*=[^;]*", "", text)
        text = re.sub(r"^(v\s*=\s*DMARC1)\s*;?", r"\1; p=quarantine;", text)
    return text.rstrip("; \t")
