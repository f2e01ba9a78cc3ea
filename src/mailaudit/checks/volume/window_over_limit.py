"""More mail leaves in a stretch of time than a limit allows.

## Why it matters
Internet providers count how much mail one address, one server or one domain sends in any few minutes. An
ordinary address that suddenly sends more than about 400 mails in 10 minutes looks like an address that spammers
have taken over: the mail is delayed, refused or filed as spam, and the daily business mail of the same address
suffers with it. A limit in your own contract (a relay, a web host) simply stops the rest.

Every message of the campaign is placed on the clock, together with the other mail that counts with it. The window
slides with each message: no stretch of that length, wherever it begins, may hold more than the limit. The rule of
400 in 10 minutes has no public source; it is this project's default for ordinary addresses and does not apply to
the pool of a sending platform. Limits of your own come from `limits` in the campaign file.

## How to fix
Send more slowly, at a steady rate rather than in bursts: `mailaudit plan` works out the fastest schedule that
keeps every limit. Or send through a platform that is made for campaigns.

## References
- [RFC 5321, section 4.5.4.1: sending strategy](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1)
- [A published policy of the same kind, 800 and 1,000 recipients in 10 minutes](https://portail.ac-reunion.fr/ladoclela/books/la-messagerie-nationale/page/limite-denvoi-de-messages)
- [Gmail: sending too fast and what happens](https://support.google.com/a/answer/81126)
"""

from mailaudit.checks.rule import Evidence, Facts, Magnitude, Problems, Severity, check
from mailaudit.checks.volume._words import days_advised, limit_problem, limits_of_a_sender, warm_up_steps
from mailaudit.facts.volume.model import Peak, Remedy
from mailaudit.wording import clock_time, length, moment, numbered, rate_words


@check(Severity.ERROR, passed="No window holds more mail than its limit.", each=limits_of_a_sender)
def window_over_limit(facts: Facts, peak: Peak) -> Problems:
    """Judge one limit."""
    if not peak.breached:
        return
    yield limit_problem(
        facts,
        peak,
        peak.key,
        _message(peak),
        *_steps(facts, peak),
        evidence=_evidence(peak),
        magnitude=Magnitude(peak.peak, "messages"),
    )


def _message(peak: Peak) -> str:
    window = length(peak.rule.window_s)
    since = f" from {moment(peak.at)} on" if peak.at else ""
    name = "" if peak.rule.name == "ordinary address" else f" ({peak.rule.name})"
    return (
        f"{numbered(peak.peak, 'mail leaves', 'mails leave')} {peak.key} in {window}{since}; "
        f"the limit is {peak.limit:,}{name}. {_breach(peak)}"
    )


def _breach(peak: Peak) -> str:
    what = peak.rule.consequence or "refuse or delay the rest"
    who = "providers may" if peak.rule.name == "ordinary address" else "the service that sets it may"
    if peak.first_breach_message is None:
        when = f" (from {moment(peak.first_breach_at)} on)" if peak.first_breach_at else ""
        return f"The campaign stays within it, but your other mail then goes over{when}: {who} {what}."
    when = f" ({clock_time(peak.first_breach_at, peak.at)})" if peak.first_breach_at else ""
    return f"From message {peak.first_breach_message:,}{when} on {who} {what}."


def _evidence(peak: Peak) -> tuple[Evidence, ...]:
    rows = [
        Evidence("limit", f"{peak.limit:,} in {length(peak.rule.window_s)} ({peak.rule.source})"),
        Evidence("fullest window", f"{peak.peak:,}, {peak.share:.2f} times the limit"),
        Evidence("messages over the limit", f"{peak.over:,}"),
    ]
    if peak.remedy:
        rows.append(Evidence("a steady rate that keeps it", rate_words(peak.remedy.rate)))
    if peak.other_in_peak:
        rows.append(Evidence("other mail in the fullest window", f"{peak.other_in_peak:,}"))
    if peak.over_other:
        rows.append(Evidence("other mail over the limit", f"{peak.over_other:,}"))
    return tuple(rows)


def _steps(facts: Facts, peak: Peak) -> tuple[str, ...]:
    last = "Run `mailaudit plan` for the fastest schedule that keeps every limit, and `mailaudit check` again."
    if peak.remedy is None:
        return (
            "Send the campaign from another address or through a sending platform: the other mail leaves no room.",
            last,
        )
    days = days_advised(facts)
    is_sure = peak.rule.confidence != "low"
    if is_sure and days:
        return (*warm_up_steps(days), _faster(facts, peak))
    remedy = _remedy(facts, peak, peak.remedy)
    rate = remedy.rate
    ends = f", and the last mail then leaves on {moment(remedy.ends_at)}" if remedy.ends_at else ""
    slower = f"Send at most {rate_words(rate)}, evenly: `schedule: {{rate: {rate.count}/{rate.per.unit}}}`."
    if days:
        return slower, _faster(facts, peak)
    return (f"{slower} The campaign then takes {length(remedy.seconds)}{ends}.", _faster(facts, peak), last)


def _remedy(facts: Facts, peak: Peak, own: Remedy) -> Remedy:
    """Return the one rate that is advised for every limit of which we are sure: the slowest."""
    projection = facts.volume.projection
    wanted = projection.recommended.rate if projection.recommended else None
    if peak.rule.confidence == "low" or wanted is None:
        return own
    return next((one.remedy for one in projection.peaks if one.remedy and one.remedy.rate == wanted), own)


def _faster(facts: Facts, peak: Peak) -> str:
    sending = facts.campaign.sending
    is_open = peak.rule.name == "ordinary address" and not (sending.platform or sending.ips or sending.smtp)
    verdict = facts.sender.origin.verdict if is_open else None
    if verdict is None or verdict.platform is None:
        return "If that is too slow, send through a platform that is made for campaigns."
    # Records that are prepared lift no limit: whoever really uses the platform has to say so.
    return (
        f"If {verdict.platform.name} sends this campaign ({verdict.reasons[0]}), write"
        f" `sending: {{platform: {verdict.platform.id}}}`: this limit then does not count."
    )
