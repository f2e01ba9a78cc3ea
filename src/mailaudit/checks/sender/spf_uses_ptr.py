"""The SPF record uses `ptr`.

## Why it matters
`ptr` is slow and unreliable, so the standard advises against it, and some large receivers ignore it: what it
allows then does not pass.

## How to fix
Replace `ptr` by `ip4:` and `ip6:` with the addresses of your servers.

## References
- [RFC 7208, section 5.5](https://www.rfc-editor.org/rfc/rfc7208#section-5.5)
"""

from mailaudit.checks.rule import Evidence, Facts, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import is_own, mend_record, spf_domains


@check(Severity.WARNING, passed="SPF does not use ptr.", each=spf_domains)
def spf_uses_ptr(facts: Facts, domain: str) -> Problems:
    """Yield a problem when the record, or one below it, has a ptr mechanism."""
    survey = facts.sender.spf(domain).survey
    for node in survey.walk():
        used = [m.text for m in node.record.effective_mechanisms if m.name == "ptr"] if node.record else []
        if not used or node.record is None:
            continue
        yield Problem(
            subject=domain,
            message=f"The SPF record of {node.domain} uses {used[0]}, which some large receivers ignore.",
            evidence=(Evidence(f"{node.domain} TXT", node.record.text),),
            discriminator=node.domain,
            severity=None if is_own(facts, node.domain) else Severity.NOTE,
            fix=mend_record(
                facts, node.domain, "Replace ptr by ip4: and ip6: with the addresses of your servers."
            ),
        )
    survey.require_complete()
