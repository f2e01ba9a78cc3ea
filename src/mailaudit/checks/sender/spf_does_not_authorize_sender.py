"""SPF does not allow an address that the campaign leaves from.

## Why it matters
Receivers look up the SPF record of the MAIL FROM domain and compare it with the address that connects to them.
When the record does not allow it, `-all` asks them to refuse the mail and `~all` to distrust it; with `?all` or no
ending SPF gives no pass. Gmail, Yahoo, Microsoft and Orange want an SPF pass from every bulk sender.

The result is computed as receivers do, term by term, for each address under `sending.ips`; without any, for an
address of the mailbox service through which the campaign leaves. Where a sending platform takes the bounces at a
domain of its own, that domain's record counts, and not yours.

## How to fix
Add the address, or the service that owns it, to the SPF record.

## References
- [RFC 7208, section 4](https://www.rfc-editor.org/rfc/rfc7208#section-4)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.change import ChangeSpf, SpfAim
from mailaudit.checks.rule import Confidence, Evidence, Facts, Magnitude, Problem, Problems, Severity, check
from mailaudit.checks.sender._spf import record_owner, requires_from_domain
from mailaudit.facts.observed import NotApplicable, NotGiven, Unavailable
from mailaudit.facts.sender.origin.evidence import Place
from mailaudit.facts.sender.spf.model import SpfFacts, SpfResult, SpfVerdict

_SHOWN = 5
_CONSEQUENCES = {
    SpfResult.FAIL: "asks receivers to refuse mail from it",
    SpfResult.SOFTFAIL: "tells receivers to distrust mail from it",
    SpfResult.NEUTRAL: "says nothing about it, which is no pass",
}


def _judged(facts: Facts) -> tuple[str, ...]:
    sender = facts.sender
    domains = tuple(domain for domain in sender.mail_from_domains if _is_answerable(sender.spf(domain)))
    if not domains:
        raise NotGiven("the campaign names no sending address (sending.ips)")
    return domains


def _is_answerable(spf: SpfFacts) -> bool:
    # A platform without addresses of the campaign's own is platform-not-authorized's affair.
    return bool(spf.verdicts or spf.pool_failure) or (
        spf.pooled is not None and spf.pool is not None and spf.pool.is_mailbox
    )


@check(Severity.ERROR, passed="SPF allows every address that the campaign leaves from.", each=_judged)
def spf_does_not_authorize_sender(facts: Facts, domain: str) -> Problems:
    """Yield a problem for each result other than pass, with all the addresses that get it."""
    spf = facts.sender.spf(domain)
    if spf.pool_failure and spf.pool:
        raise Unavailable(f"no address of {spf.pool.name} is known, through which it leaves: {spf.pool_failure}")
    judged = [one for one in spf.judged if one.result not in {SpfResult.NONE, SpfResult.PERMERROR}]
    if not judged:
        raise NotApplicable(f"there is no SPF record that could be evaluated: {spf.judged[0].reason}")
    for result in _CONSEQUENCES:
        refused = tuple(one for one in judged if one.result is result and not one.doubt)
        if refused and _are_a_platforms(facts, refused):
            requires_from_domain(facts)
        if refused:
            yield _problem(facts, spf, refused)
    for verdict in judged:
        if verdict.result is SpfResult.TEMPERROR:
            raise Unavailable(verdict.reason)
        if verdict.doubt and verdict.result is not SpfResult.PASS:
            raise Unavailable(verdict.doubt)


def _are_a_platforms(facts: Facts, refused: tuple[SpfVerdict, ...]) -> bool:
    """Say whether addresses are a platform's beyond doubt, which may put another domain than From's into MAIL FROM.

    One with a name of the sender's own may be a server that the platform's record merely happens to list.
    """
    verdict = facts.sender.origin.verdict
    if facts.campaign.return_path is not None or verdict.ordinary.value is not False or verdict.is_doubted:
        return False
    named = {clue.address for clue in verdict.clues if clue.place is Place.OWN_SERVER and clue.shows}
    return not any(str(one.ip) in named for one in refused)


def _problem(facts: Facts, spf: SpfFacts, refused: tuple[SpfVerdict, ...]) -> Problem:
    first = refused[0]
    record = spf.record
    return Problem.about(
        spf.domain,
        f"The SPF record of {spf.domain} does not allow {_whom(spf, refused)}: it {_CONSEQUENCES[first.result]}.",
        f"Replace the SPF record of {spf.domain} by the one below, which adds what this campaign needs.",
        owner=record_owner(facts, spf.domain),
        location=_location(facts, first),
        evidence=(
            *((Evidence(f"{spf.domain} TXT", record.text),) if record else ()),
            *(Evidence(f"SPF for {one.ip}", f"{one.result.value}: {one.reason}") for one in refused[:_SHOWN]),
            *((Evidence("and", f"{len(refused) - _SHOWN} more addresses"),) if len(refused) > _SHOWN else ()),
        ),
        confidence=Confidence.HIGH if spf.pool is None or spf.pool.is_sure else Confidence.MEDIUM,
        discriminator=str(first.ip) if len(refused) == 1 else first.result.value,
        magnitude=Magnitude(len(refused), "addresses"),
        change=ChangeSpf(spf.domain, SpfAim.AUTHORISE),
        otherwise=(f"Add what this campaign needs to the SPF record of {spf.domain}.",),
    )


def _whom(spf: SpfFacts, refused: tuple[SpfVerdict, ...]) -> str:
    first = str(refused[0].ip)
    if spf.pool and not spf.verdicts:
        return f"{spf.pool.name}, through which the campaign leaves (for example {first})"
    return first if len(refused) == 1 else f"{len(refused)} addresses of the campaign, {first} among them"


def _location(facts: Facts, verdict: SpfVerdict) -> str:
    ips = facts.campaign.sending.ips
    if ips:
        return f"sending.ips.{ips.index(verdict.ip)}" if verdict.ip in ips else "sending.ips"
    return "sending.smtp" if facts.campaign.sending.smtp else "sending.platform"
