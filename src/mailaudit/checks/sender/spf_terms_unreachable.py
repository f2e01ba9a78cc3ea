"""The SPF record holds terms that receivers never reach.

## Why it matters
Receivers stop reading at `all`. What stands behind it, and a `redirect=` beside it, has no effect: a server named
there is not allowed to send, although it seems so.

## How to fix
Move `all` to the end, and remove `redirect=`.

## References
- [RFC 7208, section 5.1](https://www.rfc-editor.org/rfc/rfc7208#section-5.1)
"""

from mailaudit.checks.rule import ChangeSpf, Evidence, Facts, Problem, Problems, Severity, SpfAim, check
from mailaudit.checks.sender._spf import record_owner, spf_domains


@check(Severity.WARNING, passed="Receivers reach every term of the SPF record.", each=spf_domains)
def spf_terms_unreachable(facts: Facts, domain: str) -> Problems:
    """Yield a problem when terms stand behind all, or a redirect beside it."""
    record = facts.sender.spf(domain).record
    if record is None or record.all_qualifier is None:
        return
    late = [m.text for m in record.mechanisms[len(record.effective_mechanisms) :]]
    lost = (*late, *((f"redirect={record.redirect}",) if record.redirect else ()))
    if not lost:
        return
    yield Problem.about(
        domain,
        f"Receivers never reach {', '.join(lost)} in the SPF record of {domain}, because all stands before it.",
        "Move all to the end of the record, as below, after making sure that every term in it is meant.",
        owner=record_owner(facts, domain),
        evidence=(Evidence(f"{domain} TXT", record.text),),
        change=ChangeSpf(domain, SpfAim.REACH),
        otherwise=("Move all to the end of the record, after making sure that every term in it is meant.",),
    )
