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

from mailaudit.checks.change import ChangeDmarc, DmarcAim
from mailaudit.checks.rule import Evidence, Facts, Fix, Owner, Problem, Problems, Severity, check
from mailaudit.checks.sender._dmarc import applied, correction
from mailaudit.facts.sender.dmarc.record import Policy


@check(Severity.WARNING, passed="The DMARC policy asks receivers to act on forged mail.")
def dmarc_policy_none(facts: Facts) -> Problems:
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
        # What it was meant to be is told by the correction, and is no step to be taken later.
        fix=correction(name, published_at)
        if record.policy_is_broken
        else Fix.by(
            Owner.DNS_ADMIN,
            "Read the DMARC reports, and mend what of your own mail does not pass.",
            change=ChangeDmarc(published_at, DmarcAim.ENFORCE),
            otherwise=(
                "Make sure from the DMARC reports of two to four weeks that all your own mail passes.",
                f"Then change p=none at {name} to p=quarantine.",
            ),
        ),
    )
