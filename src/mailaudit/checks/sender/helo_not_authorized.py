"""SPF does not allow the sending server's own name.

## Why it matters
Servers introduce themselves with a name (HELO). Some receivers check SPF for that name too; a fail there is a
reason to refuse the connection, and for bounces, which have an empty sender, it is the only SPF check there is.

## How to fix
Publish an SPF record at the server's name that allows its addresses, for example `v=spf1 a -all`.

## References
- [RFC 7208, section 2.3](https://www.rfc-editor.org/rfc/rfc7208#section-2.3)
"""

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.checks.rule import Evidence, Facts, Owner, Problem, Problems, Severity, check
from mailaudit.facts.observed import NotGiven, Unavailable
from mailaudit.facts.sender.spf.model import SpfResult, SpfVerdict

_HARMLESS = {SpfResult.PASS, SpfResult.NONE, SpfResult.NEUTRAL}


def _verdicts(facts: Facts) -> tuple[SpfVerdict, ...]:
    if not facts.sender.helo:
        raise NotGiven("the campaign names no HELO name with a sending address (sending.helo, sending.ips)")
    return facts.sender.helo


@check(Severity.WARNING, passed="SPF does not speak against the sending server's name.", each=_verdicts)
def helo_not_authorized(facts: Facts, verdict: SpfVerdict) -> Problems:  # noqa: ARG001 - the shape of a check
    """Yield a problem when SPF of the HELO name fails or cannot be evaluated."""
    if verdict.result is SpfResult.TEMPERROR or verdict.doubt:
        raise Unavailable(verdict.doubt or verdict.reason)
    if verdict.result in _HARMLESS:
        return
    yield Problem.about(
        verdict.domain,
        f"SPF of {verdict.domain}, the name with which your server introduces itself, gives"
        f" {verdict.result.value} for {verdict.ip}.",
        f"Replace the SPF record of {verdict.domain} by the one below.",
        owner=Owner.SERVER_ADMIN,
        location="sending.helo",
        evidence=(Evidence("SPF", verdict.reason),),
        discriminator=str(verdict.ip),
        change=ChangeSpf(verdict.domain, SpfAim.AUTHORISE),
        otherwise=(f"Let the SPF record of {verdict.domain} allow {verdict.ip}.",),
    )
