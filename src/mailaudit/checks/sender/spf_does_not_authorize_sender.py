"""SPF does not allow an address that the campaign leaves from.

## Why it matters
Receivers look up the SPF record of the MAIL FROM domain and compare it with the address that connects to them.
When the record does not allow it, `-all` asks them to refuse the mail and `~all` to distrust it; with `?all` or no
ending SPF gives no pass. Gmail, Yahoo, Microsoft and Orange want an SPF pass from every bulk sender.

The result is computed as receivers do, term by term, for each address under `sending.ips`.

## How to fix
Add the address, or the service that owns it, to the SPF record.

## References
- [RFC 7208, section 4](https://www.rfc-editor.org/rfc/rfc7208#section-4)
- [Gmail: email sender guidelines](https://support.google.com/a/answer/81126)
"""

from __future__ import annotations

from collections.abc import Iterator

from mailaudit.checks.finding import Evidence, Fix, Problem, Severity
from mailaudit.checks.registry import check
from mailaudit.checks.sender._spf import own_line, record_owner, rewrite, senders
from mailaudit.facts.facts import Facts
from mailaudit.facts.observed import NotApplicable, NotGiven, Unavailable
from mailaudit.facts.sender.spf.model import SpfResult, SpfVerdict

_CONSEQUENCES = {
    SpfResult.FAIL: "asks receivers to refuse mail from it",
    SpfResult.SOFTFAIL: "tells receivers to distrust mail from it",
    SpfResult.NEUTRAL: "says nothing about it, which is no pass",
}


def _verdicts(facts: Facts) -> tuple[SpfVerdict, ...]:
    sender = facts.sender
    verdicts = tuple(v for domain in sender.mail_from_domains for v in sender.spf(domain).verdicts)
    if not verdicts:
        raise NotGiven("the campaign names no sending address (sending.ips)")
    return verdicts


@check(
    Severity.ERROR,
    passed="SPF allows every address that the campaign leaves from.",
    needs=("dns",),
    each=_verdicts,
)
def spf_does_not_authorize_sender(facts: Facts, verdict: SpfVerdict) -> Iterator[Problem]:
    """Yield a problem when SPF gives an address another result than pass."""
    if verdict.result is SpfResult.TEMPERROR:
        raise Unavailable(verdict.reason)
    if verdict.result in {SpfResult.NONE, SpfResult.PERMERROR}:
        raise NotApplicable(f"there is no SPF record that could be evaluated: {verdict.reason}")
    if verdict.result is SpfResult.PASS:
        return
    if verdict.doubt:
        raise Unavailable(verdict.doubt)
    record = facts.sender.spf(verdict.domain).record
    added = senders(facts)
    yield Problem(
        subject=verdict.domain,
        message=f"The SPF record of {verdict.domain} does not allow {verdict.ip}: it {_CONSEQUENCES[verdict.result]}.",
        location=_location(facts, verdict),
        evidence=(
            *((Evidence(f"{verdict.domain} TXT", record.text),) if record else ()),
            Evidence(f"SPF for {verdict.ip}", f"{verdict.result.value}: {verdict.reason}"),
        ),
        discriminator=str(verdict.ip),
        fix=Fix(
            record_owner(facts, verdict.domain),
            (
                f"Replace the SPF record of {verdict.domain} by the one below, which adds what this campaign needs.",
            ),
            own_line(facts, verdict.domain, rewrite(record, add=added) if record and added else None),
        ),
    )


def _location(facts: Facts, verdict: SpfVerdict) -> str:
    ips = facts.campaign.sending.ips
    return f"sending.ips.{ips.index(verdict.ip)}" if verdict.ip in ips else "sending.ips"
