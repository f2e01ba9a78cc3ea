"""The SPF record needs more than ten DNS look-ups.

## Why it matters
Receivers stop at ten. What counts is each `include`, `a`, `mx`, `ptr`, `exists` and `redirect`, in the record and
in every record that it includes, as far as receivers must read to find the server that sends. Who stands in front
passes; whoever comes after the tenth look-up gets a permanent error, and SPF fails. It is an error when an address of
this campaign comes so late, and a warning for the others.

## How to fix
Remove the includes of services that you no longer use; the finding says what each costs and which are not seen
anywhere else in your DNS. Replace `mx` and `a` by `ip4:` and `ip6:`. If all are needed, send the campaign from a
sub-domain with a record of its own.

## References
- [RFC 7208, section 4.6.4](https://www.rfc-editor.org/rfc/rfc7208#section-4.6.4)
"""

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import (
    beyond_limit,
    hits_campaign,
    record_owner,
    spf_domains,
    term_costs,
    unused_includes,
)
from mailaudit.facts.sender.spf.lookups import MAX_LOOKUPS
from mailaudit.facts.sender.spf.model import Limit
from mailaudit.wording import numbered


@check(Severity.ERROR, passed="SPF stays within ten DNS look-ups.", each=spf_domains)
def spf_too_many_lookups(facts: Facts, domain: str) -> Problems:
    """Yield a problem when the worst case of the record needs more than ten look-ups."""
    spf = facts.sender.spf(domain)
    survey = spf.survey
    if survey.lookups <= MAX_LOOKUPS:
        # A part that did not answer may hold more.
        survey.require_complete()
        return
    costs = term_costs(survey)
    unused = unused_includes(facts, spf)
    yield Problem.about(
        domain,
        f"The SPF record of {domain} needs {survey.lookups} DNS look-ups, and receivers stop at {MAX_LOOKUPS}:"
        f" {beyond_limit(spf, Limit.LOOKUPS)}.",
        f"Replace the SPF record by the one below, which needs at most {MAX_LOOKUPS} look-ups.",
        owner=record_owner(facts, domain),
        severity=None if hits_campaign(spf, Limit.LOOKUPS) else Severity.WARNING,
        evidence=tuple(Evidence(term, _cost(cost, is_unused=term in unused)) for term, cost in costs.items()),
        magnitude=Magnitude(survey.lookups, "look-ups"),
        change=ChangeSpf(domain, SpfAim.SHORTEN),
        otherwise=(
            f"Remove the services that you no longer use from the SPF record, until at most {MAX_LOOKUPS} look-ups are left.",
            *((f"Find out whether anybody still sends through {', '.join(unused)}.",) if unused else ()),
            "Replace a and mx by ip4: and ip6: with the addresses behind them.",
            f"If all are needed, send the campaign from a sub-domain such as news.{domain} with its own record.",
        ),
    )


def _cost(cost: int, *, is_unused: bool) -> str:
    amount = numbered(cost, "look-up")
    return f"{amount}; nothing else in your DNS shows that you use it" if is_unused else amount
